"""`zhibu dues compute`: what payers given as data owe, month by month, and by which rule. Needs no database."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from zhibu import rulebook
from zhibu.core.calendar import Month
from zhibu.core.levy import (
    Fixed,
    Levy,
    PracticeRow,
    Rates,
    in_force,
)
from zhibu.core.levy.accounts import Account, MonthOfPayer, account
from zhibu.core.levy.stated import Reading, Stated, Wrong, read_payer, read_practice
from zhibu.core.norms import Rulebook
from zhibu.project.management.commands.rulebook import overlays_of
from zhibu.project.places import day_of, today
from zhibu.project.spoken import BAD_DATA, NOT_FOUND, Fault, Spoken, add_json, table
from zhibu.ui.language import pick

FORMAT = "zhibu-dues-1"
MOST_PAYERS = 200_000
MOST_MONTHS = 1200
SHOWN = 20


class Command(Spoken):
    """计算党费。"""

    help = "compute：按规则库计算所给党员逐月应交的党费、欠交和连续未交的月数。不需要数据库。"

    def arguments(self, parser: ArgumentParser) -> None:
        """compute, from which file, as of which day."""
        words = parser.add_subparsers(dest="what", required=True, metavar="compute")
        compute = words.add_parser("compute", help="按文件中的基数逐月计算")
        compute.add_argument(
            "--from",
            dest="file",
            required=True,
            metavar="FILE.json",
            help="党员数据，格式见 docs/reference/dues.md",
        )
        compute.add_argument("--as-of", metavar="DATE", help="算到哪一天所在的月份；默认今天")
        compute.add_argument(
            "--overlay", action="append", default=[], metavar="DIR", help="补充目录，可写多次"
        )
        add_json(compute)

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, judge all of it, and answer, or name every fault."""
        as_of = day_of(options["as_of"]) if options["as_of"] else today()
        book = rulebook.load(overlays_of(options["overlay"]))
        given = _read(Path(options["file"]))
        practice = book.levy.practice_on(as_of)
        if practice is None:
            raise Fault(
                "not_in_force", f"{as_of} 没有施行中的党费规定", "改写较晚的日期", exit_code=NOT_FOUND
            )
        reading = Reading()
        asked = _asked(reading, given, practice)
        if reading.wrong:
            raise _fault(reading.wrong)
        answer = computed(book, asked, as_of)
        if options["json"]:
            self.print_json(answer)
        else:
            self.stdout.write(_shown(answer))


class Asked:
    """What the file asks: practice, months, payers."""

    def __init__(
        self, practice: PracticeRow, first: Month | None, last: Month | None, payers: list[Stated]
    ) -> None:
        self.practice, self.first, self.last, self.payers = practice, first, last, payers


def _read(path: Path) -> object:
    if not path.is_file():
        raise Fault("file_missing", f"没有这个文件：{path}", "核对路径", exit_code=NOT_FOUND)
    try:
        return json.loads(
            path.read_text(encoding="utf-8-sig"), parse_constant=_no_constant, object_pairs_hook=_once
        )
    except (ValueError, RecursionError) as error:
        raise Fault(
            "not_json", f"文件不是 JSON：{error}", "改正后再试；编码用 UTF-8", exit_code=BAD_DATA
        ) from None


def _no_constant(text: str) -> object:
    raise ValueError(f"{text} is no number")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        raise ValueError(f"同一处写了两次“{next(each for each in names if names.count(each) > 1)}”")
    return found


def _asked(reading: Reading, given: object, practice: PracticeRow) -> Asked:
    fields = reading.fields(given, "$", ("format", "practice", "from", "to", "payers"))
    if fields.get("format", FORMAT) != FORMAT:
        reading.note("$.format", "format", f"格式不是“{FORMAT}”", f'写 "format": "{FORMAT}"')
    if "practice" in fields:
        practice = read_practice(reading, fields["practice"], "practice", practice)
    first, last = (reading.month(fields[key], key) if key in fields else None for key in ("from", "to"))
    if first and last and (last < first or last.key - first.key > MOST_MONTHS):
        reading.note("to", "dates_reversed", "早于 from，或相距太远", "核对两个月份")
    if "payers" not in fields:
        reading.missing("$", "payers")
    items = reading.items(fields.get("payers"), "payers")
    if len(items) > MOST_PAYERS:
        reading.note("payers", "too_many", f"多于 {MOST_PAYERS} 名", "分几个文件")
        items = []
    payers = [read_payer(reading, each, at) for at, each in items]
    seen: set[str] = set()
    for (at, _value), each in zip(items, payers, strict=True):
        if each.id in seen and each.id:
            reading.note(f"{at}.id", "id_twice", f"“{each.id}”写了两次", "每名党员只写一项")
        seen.add(each.id)
    return Asked(practice, first, last, payers)


def _fault(wrong: list[Wrong]) -> Fault:
    told = [f"{each.at} [{each.code}] {each.message}，{each.remedy}" for each in wrong[:SHOWN]]
    more = f"\n  另有 {len(wrong) - SHOWN} 处" if len(wrong) > SHOWN else ""
    return Fault(
        "dues_data", f"数据有 {len(wrong)} 处错误：\n  " + "\n  ".join(told) + more,
        "按提示改正；格式见 docs/reference/dues.md", exit_code=BAD_DATA,
    )  # fmt: skip


def computed(book: Rulebook, asked: Asked, as_of: date) -> dict[str, Any]:
    """The whole answer as data."""
    levy, practice = book.levy, asked.practice
    found = [account(levy, each, practice, as_of, asked.first, asked.last) for each in asked.payers]
    return {
        "as_of": as_of.isoformat(),
        "rulebook": book.digest,
        "practice": {
            name: str(getattr(practice, name)) for name in ("fixing", "pension", "rounding", "start", "retired_relief")
        },
        "payers": [_payer(levy, each, as_of) for each in found],
        "due_fen": sum(each.due_fen for each in found),
        "paid_fen": sum(each.paid_fen for each in found),
        "owed_fen": sum(each.owed_fen for each in found),
        "rules": _rules(book, found),
    }  # fmt: skip


def _payer(levy: Levy, found: Account, as_of: date) -> dict[str, Any]:
    arrears = in_force(levy.arrears.rows, as_of) if levy.arrears else None
    return {
        "id": found.id,
        "months": [_month(each) for each in found.months],
        "due_fen": found.due_fen,
        "paid_fen": found.paid_fen,
        "owed_fen": found.owed_fen,
        "unknown": [each.code for each in found.unknown],
        "arrears": {
            "in_a_row": found.in_a_row,
            "stage": found.stage.value,
            "thresholds": {"talk": arrears.talk, "warn": arrears.warn, "limit": arrears.limit}
            if arrears
            else {},
            "beyond_back_payment": [each.code for each in found.beyond_back_payment],
        },
        "extra": [
            {"fen": each.fen, "on": each.on.isoformat(), "destination": each.destination.value}
            for each in found.extra
        ],
    }


def _month(each: MonthOfPayer) -> dict[str, Any]:
    charge = each.charge
    told: dict[str, Any] = {
        "month": charge.month.code,
        "fen": charge.fen,
        "yuan": None if charge.fen is None else f"{charge.fen // 100}.{charge.fen % 100:02d}",
        "because": charge.because.value,
        "payer": charge.payer.value if charge.payer else None,
        "rule": charge.rule or None,
        "base_fen": charge.base.fen if charge.base else None,
        "base_parts": charge.base.parts if charge.base else None,
        "rate": charge.rate,
        "paid_fen": each.paid_fen,
        "in_time_fen": each.in_time_fen,
        "owed_fen": each.owed_fen,
    }
    return told


def _rules(book: Rulebook, found: list[Account]) -> dict[str, Any]:
    """The rules that were applied, with their sources."""
    used = {each.charge.rule for one in found for each in one.months} - {""}
    abouts: tuple[Rates | Fixed, ...] = (*book.levy.rates.values(), *book.levy.fixed.values())
    return {
        each.about.id: {
            "title": pick(each.about.title),
            "level": each.about.level.value,
            "verified": each.about.verified,
            "sources": [
                {"document": pick(book.documents[source.document].title), "article": source.article}
                for source in each.about.sources
            ],
        }
        for each in abouts
        if each.about.id in used
    }


def _shown(answer: Mapping[str, Any]) -> str:
    rows = []
    for payer in answer["payers"]:
        for each in payer["months"]:
            rate = "" if each["rate"] is None else f"{each['rate'] / 100:g}%"
            rows.append(
                (payer["id"], each["month"], "未知" if each["yuan"] is None else each["yuan"], rate,
                 BECAUSE[each["because"]], f"{each['owed_fen'] / 100:.2f}")
            )  # fmt: skip
    told = [table(("党员", "月份", "应交（元）", "比例", "依据", "欠交（元）"), rows, right=(2, 3, 5))]
    told += [
        f"{payer['id']}：连续 {payer['arrears']['in_a_row']} 个月未交"
        for payer in answer["payers"]
        if payer["arrears"]["in_a_row"]
    ]
    told.append(
        f"应交 {answer['due_fen'] / 100:.2f} 元，已交 {answer['paid_fen'] / 100:.2f} 元，欠交 {answer['owed_fen'] / 100:.2f} 元"
    )
    return "\n".join(told)


BECAUSE = {
    "rate": "按比例", "fixed": "定额", "exempt": "免交", "reduced": "减交",
    "base_unknown": "没有申报基数", "no_rule": "没有适用的规则",
}  # fmt: skip
