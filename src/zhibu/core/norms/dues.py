"""What the rulebook says about dues, as frozen values: bands, fixed amounts, local practice, arrears, shares.

Money is whole fen; a rate is hundredths of one percent; a share is parts of ten thousand. Every table has dated rows:
a month is judged by the row in force on its first day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

from zhibu.core.wording import Text

from .documents import Level, Source


class Payer(StrEnum):
    """How a member's income comes, which decides the rule."""

    MONTHLY_PAID = "monthly_paid"
    ANNUAL_PAID = "annual_paid"
    SELF_EMPLOYED = "self_employed"
    RETIRED = "retired"
    FARMER = "farmer"
    STUDENT = "student"
    UNEMPLOYED = "unemployed"
    RELIEF = "relief"


class Sort(StrEnum):
    """What a file of rulebook/dues is about."""

    RATES = "rates"
    FIXED = "fixed"
    PRACTICE = "practice"
    ARREARS = "arrears"
    EXTRA = "extra"
    SHARES = "shares"


class Fixing(StrEnum):
    """When a change of pay changes the amount: in its month (art. 10), or with the next yearly fixing (practice)."""

    MONTHLY = "monthly"
    YEARLY = "yearly"


class Pension(StrEnum):
    """What a retired member's base is: the whole pension (art. 5), or the basic pension without subsidies (practice)."""

    TOTAL = "total"
    BASIC = "basic"


class Rounding(StrEnum):
    """To what an amount is rounded; no regulation says."""

    FEN_HALF_UP = "fen_half_up"
    JIAO_HALF_UP = "jiao_half_up"
    JIAO_DOWN = "jiao_down"
    YUAN_HALF_UP = "yuan_half_up"


class Start(StrEnum):
    """The first month a probationary member pays for."""

    ADMISSION_MONTH = "admission_month"
    FOLLOWING_MONTH = "following_month"


class Approval(StrEnum):
    """Who approved that a member pays less or nothing."""

    SUPERIOR = "superior"
    BRANCH = "branch"


class Dated(Protocol):
    """A row in force from a day on."""

    @property
    def since(self) -> date: ...


Row = TypeVar("Row", bound=Dated)


def in_force(rows: Sequence[Row], day: date) -> Row | None:
    """The last of the rows, which are in order, that is in force on the day."""
    found = None
    for row in rows:
        if row.since <= day:
            found = row
    return found


@dataclass(frozen=True, slots=True)
class Band:
    """Bases up to this many fen, the edge included, pay this rate on the whole base; no edge: all that are higher."""

    up_to_fen: int | None
    rate: int


@dataclass(frozen=True, slots=True)
class BandsRow:
    """The bands in force from a day on, in order."""

    since: date
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class FixedRow:
    """The amounts a month may be in force from a day on; without a choice, the least is due."""

    since: date
    least_fen: int
    most_fen: int


@dataclass(frozen=True, slots=True)
class PracticeRow:
    """What the regulations leave open, as decided from a day on."""

    since: date
    fixing: Fixing
    pension: Pension
    rounding: Rounding
    start: Start
    retired_relief: Approval


@dataclass(frozen=True, slots=True)
class ArrearsRow:
    """Months in a row without dues at which a talk is proposed, the branch is warned, and the limit is reached."""

    since: date
    talk: int
    warn: int
    limit: int
    back_months: int


@dataclass(frozen=True, slots=True)
class ExtraRow:
    """From how much a single voluntary payment is handed up whole to the Centre."""

    since: date
    centre_from_fen: int


@dataclass(frozen=True, slots=True)
class SharesRow:
    """What each kind of organisation keeps of the dues that reach it; the rest is handed up."""

    since: date
    kept: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class About:
    """Where a rule comes from. `verified`: its wording was checked against the published text."""

    id: str
    title: Text
    level: Level
    layer: str
    verified: bool
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Rates:
    """A rule that takes a share of the whole base."""

    about: About
    payers: tuple[Payer, ...]
    rows: tuple[BandsRow, ...]


@dataclass(frozen=True, slots=True)
class Fixed:
    """A rule that asks for an amount whatever the income."""

    about: About
    payers: tuple[Payer, ...]
    rows: tuple[FixedRow, ...]


@dataclass(frozen=True, slots=True)
class Practice:
    """The choices made where the regulations leave one."""

    about: About
    rows: tuple[PracticeRow, ...]


@dataclass(frozen=True, slots=True)
class Arrears:
    """The rule on dues not paid."""

    about: About
    rows: tuple[ArrearsRow, ...]


@dataclass(frozen=True, slots=True)
class Extra:
    """The rule on voluntary payments."""

    about: About
    rows: tuple[ExtraRow, ...]


@dataclass(frozen=True, slots=True)
class Shares:
    """The rule on what is kept and what is handed up."""

    about: About
    rows: tuple[SharesRow, ...]


@dataclass(frozen=True, slots=True)
class Levy:
    """All of it. A payer has one rule; the four others there is one of each, or none."""

    rates: Mapping[str, Rates] = field(default_factory=dict)
    fixed: Mapping[str, Fixed] = field(default_factory=dict)
    practice: Practice | None = None
    arrears: Arrears | None = None
    extra: Extra | None = None
    shares: Shares | None = None
    examples: int = 0

    def rule(self, payer: Payer) -> Rates | Fixed | None:
        """The rule of a payer; None when no file names that payer."""
        rules: tuple[Rates | Fixed, ...] = (*self.rates.values(), *self.fixed.values())
        for each in rules:
            if payer in each.payers:
                return each
        return None

    def practice_on(self, day: date) -> PracticeRow | None:
        """The choices in force on a day."""
        return in_force(self.practice.rows, day) if self.practice else None
