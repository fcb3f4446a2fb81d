"""The rules on dues typed by hand from the regulations, and a plain oracle that shares no line with core.levy."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from zhibu.core.levy import (
    About,
    Approval,
    Arrears,
    ArrearsRow,
    Band,
    BandsRow,
    Extra,
    ExtraRow,
    Fixed,
    FixedRow,
    Fixing,
    Levy,
    Payer,
    Pension,
    Practice,
    PracticeRow,
    Rates,
    Rounding,
    Shares,
    SharesRow,
    Start,
)
from zhibu.core.norms import Level
from zhibu.core.wording import Text

SINCE = date(2008, 4, 1)
MONTHLY = PracticeRow(
    SINCE, Fixing.MONTHLY, Pension.TOTAL, Rounding.FEN_HALF_UP, Start.ADMISSION_MONTH, Approval.SUPERIOR
)


def about(name: str) -> About:
    return About(name, Text(name, name), Level.NATIONAL, "shipped", True, ())


def levy() -> Levy:
    """The regulations of 2008 in six tables."""
    wages = Rates(
        about("wages"),
        (Payer.MONTHLY_PAID, Payer.ANNUAL_PAID, Payer.SELF_EMPLOYED),
        (BandsRow(SINCE, (Band(300_000, 50), Band(500_000, 100), Band(1_000_000, 150), Band(None, 200))),),
    )
    pensions = Rates(
        about("pensions"), (Payer.RETIRED,), (BandsRow(SINCE, (Band(500_000, 50), Band(None, 100))),)
    )
    without = Fixed(
        about("without_wages"),
        (Payer.STUDENT, Payer.UNEMPLOYED, Payer.RELIEF),
        (FixedRow(SINCE, 20, 20),),
    )
    farmers = Fixed(about("farmers"), (Payer.FARMER,), (FixedRow(SINCE, 20, 100),))
    return Levy(
        rates={"wages": wages, "pensions": pensions},
        fixed={"without_wages": without, "farmers": farmers},
        practice=Practice(about("practice"), (MONTHLY,)),
        arrears=Arrears(about("arrears"), (ArrearsRow(SINCE, 3, 5, 6, 6),)),
        extra=Extra(about("extra"), (ExtraRow(SINCE, 100_000),)),
        shares=Shares(about("shares"), (SharesRow(SINCE, {"general_branch": 1000, "primary_committee": 5000}),)),
    )  # fmt: skip


def oracle_wage(base: Fraction) -> int:
    """Articles 2 to 4 as a person would read them aloud, in yuan."""
    yuan = base / 100
    if yuan <= 3000:
        percent = Fraction(1, 2)
    elif yuan <= 5000:
        percent = Fraction(1)
    elif yuan <= 10000:
        percent = Fraction(3, 2)
    else:
        percent = Fraction(2)
    return half_up(base * percent / 100)


def oracle_pension(base: int) -> int:
    return half_up(Fraction(base) * (Fraction(1, 200) if base <= 500_000 else Fraction(1, 100)))


def half_up(fen: Fraction) -> int:
    whole = int(fen)
    return whole + (1 if fen - whole >= Fraction(1, 2) else 0)
