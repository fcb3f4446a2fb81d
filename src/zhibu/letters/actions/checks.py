"""Why an act is refused, each reason by itself; and what may be personal in what is about to be published."""

from __future__ import annotations

import re
from datetime import datetime

from django.utils.translation import gettext as _

from zhibu.core.refusal import Refusal
from zhibu.letters.models import Missive
from zhibu.record.past import instant
from zhibu.register.identity import NUMBERS_WITHIN
from zhibu.register.models import MEMBER_STAGES, Membership, Organisation

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
LEAST_NAME = 2
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
CALLED = re.compile(
    f"[{SURNAMES}][\u4e00-\u9fff]{{0,2}}?(?:同志|师傅|书记|主任|经理|班长|队长|段长|科长|处长|厂长|矿长|工长|组长|先生|女士|医生|老师)"
)
"""Somebody called by surname and title. Not looked up in the register: a form that anyone may send must not tell who is in it."""


def known_anew(letter: Missive, now: datetime) -> int:
    """From when a letter reads as this act leaves it; never before it was there at all (the end of its day)."""
    return max(instant(now), letter.known_at + 1)


def clean(text: str) -> str:
    """The text without control characters, at its ends trimmed."""
    return CONTROL.sub("", text).strip()


def given(text: str, code: str, message: str, remedy: str = "") -> Refusal | None:
    """Something was written."""
    return None if clean(text) else Refusal(code, message, remedy=remedy)


def no_numbers(*texts: str) -> Refusal | None:
    """Identity and telephone numbers have no place in public."""
    if not any(NUMBERS_WITHIN.search(text) for text in texts):
        return None
    return Refusal(
        "letters.numbers", _("内容里有身份证号或手机号码"), remedy=_("请删去后再公开；公开的内容不写个人信息")
    )


def personal_in(text: str) -> list[str]:
    """Numbers, and people called by name and title, in what somebody is about to send."""
    found = [*NUMBERS_WITHIN.findall(text), *CALLED.findall(text)]
    return list(dict.fromkeys(found))


def names_in(organisation: Organisation, texts: tuple[str, ...], also: str = "") -> list[str]:
    """Names of people of the organisation, and of the sender, that stand in texts about to be published."""
    whole = "\n".join(texts)
    rows = Membership.objects.filter(organisation__path__startswith=organisation.path, until__isnull=True)
    rows = rows.filter(stage__in=MEMBER_STAGES).order_by("person__initials", "person_id")
    names = [*([also] if also else []), *rows.values_list("person__name", flat=True).iterator(2000)]
    return list(dict.fromkeys(name for name in names if len(name) >= LEAST_NAME and name in whole))


def names_confirmed(names: list[str], *, confirmed: bool) -> Refusal | None:
    """Somebody is named: whoever publishes must have noticed."""
    if not names or confirmed:
        return None
    return Refusal(
        "letters.names", _("内容里出现了姓名：{names}"), {"names": "、".join(names[:5])},
        remedy=_("请隐去姓名；确实可以公开的，勾选“姓名可以公开”后再提交"),
    )  # fmt: skip
