"""Payers given as plain data (JSON, or an example of the rulebook), every fault named by its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from zhibu.core.calendar import Month
from zhibu.core.norms.dues import Approval, Fixing, Payer, Pension, PracticeRow, Rounding, Start

from .amounts import Member, Relief, Spell

MOST_FEN: Final = 10**13
"""A hundred thousand million yuan: more is a slip of the keyboard."""

Choice = TypeVar("Choice", bound=StrEnum)
Value = TypeVar("Value")

# the key of the base for each way income comes, and whether it must be given
BASE_KEYS: Final[Mapping[Payer, tuple[str, bool]]] = {
    Payer.MONTHLY_PAID: ("base_fen", True),
    Payer.ANNUAL_PAID: ("base_fen", True),
    Payer.SELF_EMPLOYED: ("net_income_fen", True),
    Payer.RETIRED: ("pension_fen", True),
    Payer.FARMER: ("chosen_fen", False),
    Payer.STUDENT: ("", False),
    Payer.UNEMPLOYED: ("", False),
    Payer.RELIEF: ("", False),
}
BASIC_KEY = "basic_pension_fen"


@dataclass(frozen=True, slots=True)
class Wrong:
    """One fault: where (`payers[2].spells[0].base_fen`), a code, what is wrong, what to write instead."""

    at: str
    code: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Paid:
    """Money that came for a month, or beyond what is due when it names none."""

    fen: int
    on: date
    month: Month | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """A payer as stated: who, what the amount depends on, and what was paid."""

    id: str
    member: Member
    paid: tuple[Paid, ...] = ()
    extra: tuple[Paid, ...] = ()


@dataclass(slots=True)
class Reading:
    """Faults found so far; reading goes on with an empty value so that all are found at once."""

    wrong: list[Wrong] = field(default_factory=list)

    def note(self, at: str, code: str, message: str, remedy: str) -> None:
        """Note a fault."""
        self.wrong.append(Wrong(at, code, message, remedy))

    def fields(self, value: object, at: str, known: tuple[str, ...]) -> Mapping[str, object]:
        """The value as an object with no other keys than these."""
        if not isinstance(value, Mapping):
            self.note(at, "not_an_object", "应是一组键值", "写成 {…}")
            return {}
        for key in value:
            if key not in known:
                self.note(f"{at}.{key}", "unknown_key", f"没有“{key}”这一项", f"可写的有：{'、'.join(known)}")
        return value

    def items(self, value: object, at: str) -> list[tuple[str, object]]:
        """The value as a list, each item with its place; nothing when it is left out."""
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            self.note(at, "not_a_list", "应是列表", "写成 […]")
            return []
        return [(f"{at}[{number}]", each) for number, each in enumerate(value)]

    def fen(self, value: object, at: str) -> int | None:
        """Whole fen, not negative; None with a fault when it is something else."""
        if isinstance(value, bool) or not isinstance(value, int):
            self.note(at, "not_whole_fen", "金额应是整数分", "5000 元写成 500000；不写小数，不加引号")
            return None
        if not 0 <= value <= MOST_FEN:
            self.note(at, "fen_out_of_range", "金额小于零或大得不合情理", "核对单位：这里以分计")
            return None
        return value

    def choice(self, value: object, at: str, kind: type[Choice]) -> Choice | None:
        """One of a closed list."""
        known = [each.value for each in kind]
        if value in known:
            return kind(str(value))
        self.note(at, "unknown_choice", f"不能是“{value}”", f"可选：{'、'.join(known)}")
        return None

    def month(self, value: object, at: str) -> Month | None:
        """A month like 2026-07."""
        return self._parsed(value, at, Month.parse, "not_a_month", "应是月份", '写成 "2026-07"')

    def day(self, value: object, at: str) -> date | None:
        """A day like 2026-07-01."""
        if isinstance(value, date):
            return value
        return self._parsed(value, at, date.fromisoformat, "not_a_day", "应是日期", '写成 "2026-07-01"')

    def _parsed(
        self, value: object, at: str, parse: Callable[[str], Value], code: str, message: str, remedy: str
    ) -> Value | None:
        try:
            if isinstance(value, str):
                return parse(value)
        except ValueError:
            pass
        self.note(at, code, message, remedy)
        return None

    def missing(self, at: str, key: str) -> None:
        """Note that a key is not there."""
        self.note(f"{at}.{key}", "missing", f"缺少“{key}”", f"补上“{key}”")


def read_payer(reading: Reading, value: object, at: str) -> Stated:
    """One payer."""
    given = reading.fields(value, at, ("id", "admitted_on", "left_on", "spells", "reliefs", "paid", "extra"))
    name = given.get("id")
    if not isinstance(name, str) or not name:
        reading.missing(at, "id")
    if "spells" not in given:
        reading.missing(at, "spells")
    return Stated(
        id=str(name or ""),
        member=read_member(reading, given, at),
        paid=tuple(_paid(reading, each, where) for where, each in reading.items(given.get("paid"), f"{at}.paid")),
        extra=tuple(
            _paid(reading, each, where, extra=True)
            for where, each in reading.items(given.get("extra"), f"{at}.extra")
        ),
    )  # fmt: skip


def read_member(reading: Reading, given: Mapping[str, object], at: str) -> Member:
    """Admission, leaving, spells and reliefs of a payer."""
    admitted, left = (
        reading.day(given[key], f"{at}.{key}") if given.get(key) is not None else None
        for key in ("admitted_on", "left_on")
    )
    if admitted and left and left < admitted:
        reading.note(f"{at}.left_on", "dates_reversed", "早于入党的日期", "核对两个日期")
    spells = [
        _spell(reading, each, where) for where, each in reading.items(given.get("spells"), f"{at}.spells")
    ]
    known = [each for each in spells if each is not None]
    if len({each.since for each in known}) != len(known):
        reading.note(f"{at}.spells", "month_twice", "有两项从同一个月开始", "同一个月只留一项")
    reliefs = [
        _relief(reading, each, where) for where, each in reading.items(given.get("reliefs"), f"{at}.reliefs")
    ]
    return Member(tuple(known), admitted, left, tuple(each for each in reliefs if each is not None))


def read_practice(reading: Reading, value: object, at: str, practice: PracticeRow) -> PracticeRow:
    """The practice of the rulebook with the choices given instead."""
    given = reading.fields(value, at, ("fixing", "pension", "rounding", "start", "retired_relief"))

    def chosen(key: str, kind: type[Choice], otherwise: Choice) -> Choice:
        return (reading.choice(given[key], f"{at}.{key}", kind) if key in given else None) or otherwise

    return PracticeRow(
        practice.since,
        chosen("fixing", Fixing, practice.fixing),
        chosen("pension", Pension, practice.pension),
        chosen("rounding", Rounding, practice.rounding),
        chosen("start", Start, practice.start),
        chosen("retired_relief", Approval, practice.retired_relief),
    )


def _spell(reading: Reading, value: object, at: str) -> Spell | None:
    bases = tuple(sorted({key for key, _must in BASE_KEYS.values() if key}))
    given = reading.fields(value, at, ("payer", "since", *bases, BASIC_KEY))
    if not given:
        return None
    payer = reading.choice(given.get("payer"), f"{at}.payer", Payer)
    since = reading.month(given.get("since"), f"{at}.since")
    bases_given = {key: reading.fen(given[key], f"{at}.{key}") for key in (*bases, BASIC_KEY) if key in given}
    if payer is None or since is None:
        return None
    key, must = BASE_KEYS[payer]
    allowed = {key, BASIC_KEY} if payer is Payer.RETIRED else {key}
    for other in bases_given.keys() - allowed:
        reading.note(
            f"{at}.{other}",
            "base_not_asked",
            f"{payer.value} 不用“{other}”",
            f"改为“{key}”或删去" if key else "删去",
        )
    if must and key not in given:
        reading.missing(at, key)
    base, basic = bases_given.get(key), bases_given.get(BASIC_KEY)
    if base is not None and basic is not None and basic > base:
        reading.note(f"{at}.{BASIC_KEY}", "basic_over_whole", "基本养老金多于养老金总额", "核对两个数")
    return Spell(payer, since, base, basic)


def _relief(reading: Reading, value: object, at: str) -> Relief | None:
    given = reading.fields(value, at, ("kind", "since", "until", "to_fen", "approved_on", "approved_by"))
    since = reading.month(given.get("since"), f"{at}.since")
    until = reading.month(given["until"], f"{at}.until") if given.get("until") is not None else None
    approved = reading.day(given["approved_on"], f"{at}.approved_on") if given.get("approved_on") else None
    by = reading.choice(given.get("approved_by", Approval.SUPERIOR.value), f"{at}.approved_by", Approval)
    kind = given.get("kind")
    if kind not in ("exempt", "reduce"):
        reading.note(f"{at}.kind", "unknown_choice", f"不能是“{kind}”", "可选：exempt、reduce")
    to_fen = reading.fen(given.get("to_fen"), f"{at}.to_fen") if kind == "reduce" else 0
    if since is not None and until is not None and until < since:
        reading.note(f"{at}.until", "dates_reversed", "早于开始的月份", "核对两个月份")
    if since is None or to_fen is None or by is None:
        return None
    return Relief(since, until, to_fen, approved, by)


def _paid(reading: Reading, value: object, at: str, *, extra: bool = False) -> Paid:
    keys = ("fen", "on") if extra else ("month", "fen", "on")
    given = reading.fields(value, at, keys)
    fen = reading.fen(given.get("fen"), f"{at}.fen")
    day = reading.day(given.get("on"), f"{at}.on")
    month = None if extra else reading.month(given.get("month"), f"{at}.month")
    return Paid(fen or 0, day or date.min, month)
