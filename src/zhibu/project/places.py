"""The arguments several commands share: an organisation by its code, a quarter, and who acts on the command line."""

from __future__ import annotations

import getpass
import json
import os
import sys
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from django.utils import timezone

from zhibu.core.authority import Actor, Mandate, Reach
from zhibu.core.calendar import Quarter
from zhibu.register.models import Organisation
from zhibu.ui import clock

from .spoken import BAD_DATA, NOT_FOUND, USAGE, Fault

POST = "operator"


def organisation_called(code: str) -> Organisation:
    """The organisation with this code, or the only one with this name."""
    found = Organisation.objects.filter(code=code).first()
    if found is not None:
        return found
    named = list(Organisation.objects.filter(name=code)[:2])
    if len(named) == 1:
        return named[0]
    if named:
        raise Fault("organisation_ambiguous", f"有几个党组织叫“{code}”", "改写代码", exit_code=NOT_FOUND)
    near = get_close_matches(code, Organisation.objects.values_list("code", flat=True), n=3)
    remedy = f"是否想写 {'、'.join(near)}？" if near else "代码见“组织”页面，或 zhibu assess 的输出"
    raise Fault("organisation_unknown", f"没有代码为“{code}”的党组织", remedy, exit_code=NOT_FOUND)


def top_organisation() -> Organisation:
    """The organisation at the top of the tree, when there is exactly one that still exists."""
    found = list(Organisation.objects.filter(parent=None, closed_on=None).order_by("path")[:10])
    if not found:
        raise Fault(
            "no_organisation",
            "还没有党组织",
            '先在网页建立，或加 --found "单位党委全称" 一并建立',
            exit_code=NOT_FOUND,
        )
    if len(found) > 1:
        listed = "、".join(f"{each.code} {each.name}" for each in found)
        raise Fault(
            "organisation_needed",
            f"有几个最上级党组织：{listed}",
            "用 --organisation 代码 指明",
            exit_code=USAGE,
        )
    return found[0]


def quarter_of(code: str) -> Quarter:
    """A quarter written 2026Q3."""
    try:
        return Quarter.parse(code.strip().upper())
    except ValueError:
        raise Fault("quarter", f"“{code}”不是季度", "写成 2026Q3", exit_code=USAGE) from None


def day_of(text: str) -> date:
    """A day written 2026-07-01."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Fault("day", f"“{text}”不是日期", "写成 2026-07-01", exit_code=USAGE) from None


def today() -> date:
    """The local day, or the one demonstrations set."""
    return timezone.localtime(clock.instant()).date()


def operator(*verbs: str, at: Organisation | None = None) -> Actor:
    """Whoever runs the command, with the verbs it needs: everywhere, or only at an organisation and below.

    Someone with a shell on the machine holds the database itself; the record names the account of the machine.
    """
    path, reach = (at.path, Reach.BELOW) if at else ("", Reach.EVERYWHERE)
    mandate = Mandate(POST, at.pk if at else 0, path, frozenset(verbs), reach)
    return Actor(0, None, f"系统管理员（命令行 {_account()}）", (mandate,))


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # a container may run under a number that has no name
        return f"uid {os.getuid()}"


def data_of(source: str | None) -> object:
    """The JSON of a file, or of standard input for "-". Raises Fault."""
    if source is None:
        raise Fault("usage", "没有给出数据文件", "加上 --from FILE.json", exit_code=USAGE)
    try:
        raw = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
        return json.loads(raw.decode("utf-8-sig"))
    except OSError as error:
        raise Fault("file_missing", f"读不到文件：{source}", "核对路径", exit_code=NOT_FOUND) from error
    except (ValueError, RecursionError) as error:
        raise Fault("not_json", f"不是 UTF-8 的 JSON：{error}", "改正文件", exit_code=BAD_DATA) from error
