"""What a member owes for a month. Flat by band on the whole base: 5000 yuan give 50.00, 5001 give 75.02."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhibu.core.calendar import Month, Quarter
from zhibu.core.norms.dues import (
    Approval,
    Band,
    Fixed,
    FixedRow,
    Fixing,
    Levy,
    Payer,
    Pension,
    PracticeRow,
    Rates,
    Rounding,
    Start,
    in_force,
)

WHOLE_RATE = 10_000
"""A rate of one, in hundredths of a percent."""
MONTHS_IN_QUARTER = 3
JIAO, YUAN = 10, 100


class Because(StrEnum):
    """Why a month's amount is what it is."""

    RATE = "rate"
    FIXED = "fixed"
    EXEMPT = "exempt"
    REDUCED = "reduced"
    BEFORE = "before"
    AFTER = "after"
    BASE_UNKNOWN = "base_unknown"
    NO_RULE = "no_rule"


@dataclass(frozen=True, slots=True)
class Spell:
    """What a member is paid from a month on, in fen.

    `base_fen`: pay of a month (`annual_paid`: of this very month); total net income of the quarter before
    (`self_employed`); the whole pension (`retired`); the amount chosen (`farmer`, where the rule leaves a range).
    `basic_fen`: the basic pension, when it can be told from the whole.
    """

    payer: Payer
    since: Month
    base_fen: int | None = None
    basic_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Relief:
    """Months for which a member in hardship pays less (`to_fen`) or nothing (0), once approved."""

    since: Month
    until: Month | None
    to_fen: int
    approved_on: date | None
    approved_by: Approval = Approval.SUPERIOR


@dataclass(frozen=True, slots=True)
class Member:
    """What the amount of a member depends on. `left_on` is the first day of not belonging any more."""

    spells: tuple[Spell, ...]
    admitted_on: date | None = None
    left_on: date | None = None
    reliefs: tuple[Relief, ...] = ()


@dataclass(frozen=True, slots=True)
class Base:
    """An income of a month as an exact fraction of fen: a third of a quarter need not be whole."""

    fen: int
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Charge:
    """What is due for a month, and why. `fen` is None when it cannot be said."""

    month: Month
    fen: int | None
    because: Because
    payer: Payer | None = None
    rule: str = ""
    base: Base | None = None
    rate: int | None = None


def rounded(fen: int, parts: int, rounding: Rounding) -> int:
    """`fen / parts`, rounded as named."""
    if rounding is Rounding.JIAO_DOWN:
        return fen // (parts * JIAO) * JIAO
    unit = {Rounding.FEN_HALF_UP: 1, Rounding.JIAO_HALF_UP: JIAO, Rounding.YUAN_HALF_UP: YUAN}[rounding]
    return (2 * fen + parts * unit) // (2 * parts * unit) * unit


def band_of(bands: Sequence[Band], base: Base) -> Band | None:
    """The band a base falls in; an edge belongs to the band below it."""
    for band in bands:
        if band.up_to_fen is None or base.fen <= band.up_to_fen * base.parts:
            return band
    return None


def share_of(base: Base, rate: int, rounding: Rounding) -> int:
    """The rate on the whole base."""
    return rounded(base.fen * rate, base.parts * WHOLE_RATE, rounding)


def spell_in(spells: Sequence[Spell], month: Month, fixing: Fixing) -> Spell | None:
    """The spell a month is judged by.

    Fixed by the month, the latest that has begun. Fixed by the year, the one in force in January, or the first after
    it; but a change of how income comes (retirement, say) counts in its own month.
    """
    begun = sorted((each for each in spells if each.since <= month), key=lambda each: each.since)
    if not begun:
        return None
    latest = begun[-1]
    if fixing is Fixing.MONTHLY or latest.payer not in (Payer.MONTHLY_PAID, Payer.RETIRED):
        return latest
    january = Month(month.year, 1)
    found = latest
    for each in reversed(begun):
        if each.payer is not latest.payer or found.since <= january:
            break
        found = each
    return found


def base_of(spell: Spell, month: Month, pension: Pension) -> Base | None:
    """The base of a spell for a month; None when it does not say."""
    if spell.base_fen is None:
        return None
    if spell.payer is Payer.ANNUAL_PAID:
        return Base(spell.base_fen) if spell.since == month else None
    if spell.payer is Payer.SELF_EMPLOYED:
        same = Quarter.of(spell.since.first) == Quarter.of(month.first)
        return Base(spell.base_fen, MONTHS_IN_QUARTER) if same else None
    if spell.payer is Payer.RETIRED and pension is Pension.BASIC and spell.basic_fen is not None:
        return Base(spell.basic_fen)
    return Base(spell.base_fen)


def charge(levy: Levy, member: Member, month: Month, practice: PracticeRow) -> Charge:
    """What the member owes for the month."""
    if because := _outside(member, month, practice.start):
        return Charge(month, 0, because)
    spell = spell_in(member.spells, month, practice.fixing)
    if spell is None:
        return Charge(month, None, Because.BASE_UNKNOWN)
    found = _by_rule(levy, spell, month, practice)
    return _relieved(found, member.reliefs, practice)


def first_month(admitted_on: date, start: Start) -> Month:
    """The first month somebody admitted on a day pays for."""
    month = Month.of(admitted_on)
    return month if start is Start.ADMISSION_MONTH else month.next()


def _outside(member: Member, month: Month, start: Start) -> Because | None:
    if member.admitted_on is not None and month < first_month(member.admitted_on, start):
        return Because.BEFORE
    if member.left_on is not None and member.left_on <= month.first:
        return Because.AFTER
    return None


def _by_rule(levy: Levy, spell: Spell, month: Month, practice: PracticeRow) -> Charge:
    rule = levy.rule(spell.payer)
    if isinstance(rule, Fixed):
        row = in_force(rule.rows, month.first)
        if row is not None:
            return Charge(month, _chosen(row, spell), Because.FIXED, spell.payer, rule.about.id)
    elif rule is not None and in_force(rule.rows, month.first) is not None:
        return _by_rate(rule, spell, month, practice)
    return Charge(month, None, Because.NO_RULE, spell.payer)


def _by_rate(rule: Rates, spell: Spell, month: Month, practice: PracticeRow) -> Charge:
    base = base_of(spell, month, practice.pension)
    row = in_force(rule.rows, month.first)
    band = band_of(row.bands, base) if row and base else None
    if base is None or band is None:
        return Charge(month, None, Because.BASE_UNKNOWN, spell.payer, rule.about.id)
    fen = share_of(base, band.rate, practice.rounding)
    return Charge(month, fen, Because.RATE, spell.payer, rule.about.id, base, band.rate)


def _chosen(row: FixedRow, spell: Spell) -> int:
    """The amount chosen, kept within the range of the rule."""
    if spell.base_fen is None:
        return row.least_fen
    return min(max(spell.base_fen, row.least_fen), row.most_fen)


def _relieved(found: Charge, reliefs: Sequence[Relief], practice: PracticeRow) -> Charge:
    """The same charge under the most favourable relief that is in force for its month."""
    for each in sorted(reliefs, key=lambda each: each.to_fen):
        if not is_effective(each, found.month, found.payer, practice):
            continue
        if each.to_fen == 0:
            return Charge(found.month, 0, Because.EXEMPT, found.payer, found.rule, found.base, found.rate)
        if found.fen is not None and each.to_fen < found.fen:
            return Charge(
                found.month, each.to_fen, Because.REDUCED, found.payer, found.rule, found.base, found.rate
            )
    return found


def is_effective(relief: Relief, month: Month, payer: Payer | None, practice: PracticeRow) -> bool:
    """Whether a relief counts for a month: approved by whom it must be, and the month within it."""
    if relief.approved_on is None or month < relief.since:
        return False
    if relief.until is not None and month > relief.until:
        return False
    if relief.approved_by is Approval.SUPERIOR:
        return True
    return payer is Payer.RETIRED and practice.retired_relief is Approval.BRANCH
