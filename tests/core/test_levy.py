"""Dues: every edge by example, and the whole against an oracle that shares no line with it."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.levies import MONTHLY, SINCE, half_up, levy, oracle_pension, oracle_wage
from zhibu.core.calendar import Month
from zhibu.core.levy import (
    Approval,
    ArrearsRow,
    Band,
    Base,
    Because,
    Charge,
    Destination,
    ExtraRow,
    Fixing,
    Levy,
    Member,
    Payer,
    Pension,
    Relief,
    Rounding,
    SharesRow,
    Spell,
    Split,
    Stage,
    Start,
    band_of,
    base_of,
    charge,
    destination,
    first_month,
    in_force,
    is_effective,
    months_in_a_row,
    rounded,
    share_of,
    spell_in,
    split,
    stage_of,
    within_back_payment,
)
from zhibu.core.levy.accounts import account, first_stated, months_between
from zhibu.core.levy.stated import BASE_KEYS, MOST_FEN, Paid, Reading, Stated, read_payer, read_practice

LEVY = levy()
ARREARS = ArrearsRow(SINCE, 3, 5, 6, 6)


def m(code: str) -> Month:
    return Month.parse(code)


def due(member: Member, code: str, **choices: object) -> int | None:
    return charge(LEVY, member, m(code), replace(MONTHLY, **choices)).fen


def paid_by_month(base: int, since: str = "2026-01") -> Member:
    return Member((Spell(Payer.MONTHLY_PAID, m(since), base),))


# ---------------------------------------------------------------------------------------- amounts
@pytest.mark.parametrize(
    ("yuan", "fen"),
    [
        ("0.00", 0), ("0.99", 0), ("1.00", 1), ("3000.00", 1500), ("3000.01", 3000), ("3001.00", 3001),
        ("5000.00", 5000), ("5000.01", 7500), ("5001.00", 7502), ("10000.00", 15000), ("10000.01", 20000),
        ("10001.00", 20002), ("123456.78", 246914),
    ],
)  # fmt: skip
def test_wages_by_band_on_the_whole_base(yuan, fen):
    assert due(paid_by_month(int(yuan.replace(".", ""))), "2026-01") == fen


@given(st.integers(0, 3_000_000))
def test_wages_agree_with_the_text(base):
    assert due(paid_by_month(base), "2026-01") == oracle_wage(Fraction(base))


@given(st.integers(0, 9_000_000), st.sampled_from(["2026-04", "2026-05", "2026-06"]))
def test_business_pays_on_a_third_of_the_quarter_before(income, code):
    member = Member((Spell(Payer.SELF_EMPLOYED, m("2026-04"), income),))
    assert due(member, code) == oracle_wage(Fraction(income, 3))


@given(st.integers(0, 1_500_000), st.integers(0, 1_500_000), st.sampled_from(list(Pension)))
def test_pensions_agree_with_the_text(whole, basic, pension):
    member = Member((Spell(Payer.RETIRED, m("2026-01"), whole, basic),))
    assert due(member, "2026-02", pension=pension) == oracle_pension(
        whole if pension is Pension.TOTAL else basic
    )


def test_a_charge_tells_its_rule_its_base_and_its_rate():
    assert charge(LEVY, paid_by_month(500_100), m("2026-02"), MONTHLY) == Charge(
        m("2026-02"), 7502, Because.RATE, Payer.MONTHLY_PAID, "wages", Base(500_100, 1), 150
    )
    member = Member((Spell(Payer.SELF_EMPLOYED, m("2026-04"), 1_500_001),))
    assert charge(LEVY, member, m("2026-05"), MONTHLY) == Charge(
        m("2026-05"), 7500, Because.RATE, Payer.SELF_EMPLOYED, "wages", Base(1_500_001, 3), 150
    )
    student = Member((Spell(Payer.STUDENT, m("2026-01")),))
    assert charge(LEVY, student, m("2026-05"), MONTHLY) == Charge(
        m("2026-05"), 20, Because.FIXED, Payer.STUDENT, "without_wages"
    )


def test_what_cannot_be_said_is_unknown_with_its_reason():
    assert charge(LEVY, paid_by_month(1, "2026-03"), m("2026-02"), MONTHLY) == Charge(
        m("2026-02"), None, Because.BASE_UNKNOWN
    )
    assert charge(LEVY, paid_by_month(1, "2008-01"), m("2008-03"), MONTHLY) == Charge(
        m("2008-03"), None, Because.NO_RULE, Payer.MONTHLY_PAID
    )
    annual = Member((Spell(Payer.ANNUAL_PAID, m("2026-03"), 500_000),))
    assert charge(LEVY, annual, m("2026-04"), MONTHLY) == Charge(
        m("2026-04"), None, Because.BASE_UNKNOWN, Payer.ANNUAL_PAID, "wages"
    )
    assert charge(Levy(), paid_by_month(1), m("2026-03"), MONTHLY).because is Because.NO_RULE
    student = Member((Spell(Payer.STUDENT, m("2008-01"), None),))
    assert charge(LEVY, student, m("2008-03"), MONTHLY) == Charge(
        m("2008-03"), None, Because.NO_RULE, Payer.STUDENT
    )
    assert charge(LEVY, Member((Spell(Payer.MONTHLY_PAID, m("2026-01")),)), m("2026-01"), MONTHLY).fen is None


def test_a_base_holds_for_its_month_its_quarter_or_until_the_next():
    annual = Spell(Payer.ANNUAL_PAID, m("2026-03"), 700)
    assert [base_of(annual, m(code), Pension.TOTAL) for code in ("2026-02", "2026-03", "2026-04")] == [
        None, Base(700), None,
    ]  # fmt: skip
    own = Spell(Payer.SELF_EMPLOYED, m("2026-05"), 700)
    assert [base_of(own, m(code), Pension.TOTAL) for code in ("2026-05", "2026-06", "2026-07")] == [
        Base(700, 3), Base(700, 3), None,
    ]  # fmt: skip
    retired = Spell(Payer.RETIRED, m("2026-01"), 900)
    assert base_of(retired, m("2026-09"), Pension.BASIC) == Base(900)
    assert base_of(replace(retired, basic_fen=700), m("2026-09"), Pension.BASIC) == Base(700)
    assert base_of(replace(retired, basic_fen=700), m("2026-09"), Pension.TOTAL) == Base(900)
    assert base_of(replace(retired, base_fen=None, basic_fen=700), m("2026-09"), Pension.BASIC) is None
    assert base_of(Spell(Payer.MONTHLY_PAID, m("2026-01"), 900, 1), m("2026-02"), Pension.BASIC) == Base(900)


def test_the_band_below_owns_its_edge_also_for_thirds():
    bands = (Band(100, 1), Band(200, 2))
    assert band_of(bands, Base(100)) == bands[0]
    assert band_of(bands, Base(101)) == bands[1]
    assert band_of(bands, Base(300, 3)) == bands[0]
    assert band_of(bands, Base(301, 3)) == bands[1]
    assert band_of(bands, Base(201)) is None
    assert charge_without_band().because is Because.BASE_UNKNOWN


def charge_without_band() -> Charge:
    wages = LEVY.rates["wages"]
    narrow = replace(wages, rows=(replace(wages.rows[0], bands=(Band(100, 1),)),))
    return charge(replace(LEVY, rates={"wages": narrow}), paid_by_month(101), m("2026-01"), MONTHLY)


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [
        (Rounding.FEN_HALF_UP, [0, 0, 1, 1, 4, 5, 5, 45, 50, 149]),
        (Rounding.JIAO_HALF_UP, [0, 0, 0, 0, 0, 0, 10, 50, 50, 150]),
        (Rounding.JIAO_DOWN, [0, 0, 0, 0, 0, 0, 0, 40, 40, 140]),
        (Rounding.YUAN_HALF_UP, [0, 0, 0, 0, 0, 0, 0, 0, 100, 100]),
    ],
)
def test_rounding_as_named(rounding, expected):
    halves = [0, 0.4, 0.5, 0.6, 4.4, 4.6, 5, 45, 49.9, 149.4]
    tenths = [round(each * 10) for each in halves]
    wanted = expected
    if rounding is Rounding.YUAN_HALF_UP:
        wanted = [0, 0, 0, 0, 0, 0, 0, 0, 0, 100]
    assert [rounded(each, 10, rounding) for each in tenths] == wanted
    assert rounded(500, 10, Rounding.YUAN_HALF_UP) == 100
    assert rounded(499, 10, Rounding.YUAN_HALF_UP) == 0
    assert rounded(1499, 10, Rounding.YUAN_HALF_UP) == 100
    assert rounded(1500, 10, Rounding.YUAN_HALF_UP) == 200


@given(st.integers(0, 10**9), st.integers(1, 10**5), st.sampled_from(list(Rounding)))
def test_rounding_is_near_and_in_whole_units(fen, parts, rounding):
    came, exact = rounded(fen, parts, rounding), Fraction(fen, parts)
    unit = {"fen_half_up": 1, "jiao_half_up": 10, "jiao_down": 10, "yuan_half_up": 100}[rounding.value]
    if rounding is Rounding.JIAO_DOWN:
        assert (came % unit, 0 <= exact - came < unit) == (0, True)
    else:
        assert came == half_up(exact / unit) * unit
    assert share_of(Base(fen, parts), 150, rounding) == rounded(fen * 150, parts * 10_000, rounding)


def test_fixed_amounts_and_the_range_farmers_choose_from():
    for payer in (Payer.STUDENT, Payer.UNEMPLOYED, Payer.RELIEF):
        assert due(Member((Spell(payer, m("2026-01")),)), "2026-03") == 20
    chosen = [
        due(Member((Spell(Payer.FARMER, m("2026-01"), fen),)), "2026-03")
        for fen in (None, 0, 20, 21, 100, 101)
    ]
    assert chosen == [20, 20, 20, 21, 100, 100]


# ---------------------------------------------------------------------------------------- months
RAISED = (Spell(Payer.MONTHLY_PAID, m("2025-03"), 1), Spell(Payer.MONTHLY_PAID, m("2026-05"), 2))


@pytest.mark.parametrize(
    ("fixing", "bases"),
    [
        (Fixing.MONTHLY, {"2025-02": None, "2025-03": 1, "2026-04": 1, "2026-05": 2, "2027-01": 2}),
        (
            Fixing.YEARLY,
            {"2025-02": None, "2025-03": 1, "2026-01": 1, "2026-05": 1, "2026-12": 1, "2027-01": 2},
        ),
    ],
)
def test_a_change_of_pay_counts_at_once_or_with_the_year(fixing, bases):
    found = {code: spell_in(RAISED, m(code), fixing) for code in bases}
    assert {code: each.base_fen if each else None for code, each in found.items()} == bases
    assert spell_in(tuple(reversed(RAISED)), m("2026-05"), Fixing.MONTHLY) == RAISED[1]


def test_a_year_is_fixed_by_january_or_the_first_month_after_it():
    new_year = (Spell(Payer.MONTHLY_PAID, m("2025-12"), 1), Spell(Payer.MONTHLY_PAID, m("2026-01"), 2))
    assert spell_in(new_year, m("2026-06"), Fixing.YEARLY) == new_year[1]
    hired = tuple(Spell(Payer.MONTHLY_PAID, m(code), 1) for code in ("2026-03", "2026-04", "2026-09"))
    assert spell_in(hired, m("2026-12"), Fixing.YEARLY) == hired[0]
    assert spell_in(hired, m("2027-01"), Fixing.YEARLY) == hired[2]


def test_another_kind_of_income_counts_in_its_own_month():
    spells = (
        Spell(Payer.STUDENT, m("2025-09")),
        Spell(Payer.MONTHLY_PAID, m("2026-03"), 1),
        Spell(Payer.MONTHLY_PAID, m("2026-05"), 2),
        Spell(Payer.RETIRED, m("2026-08"), 3),
        Spell(Payer.RETIRED, m("2026-10"), 4),
    )
    found = {
        code: spell_in(spells, m(code), Fixing.YEARLY)
        for code in ("2026-02", "2026-04", "2026-06", "2026-08", "2026-11", "2027-01")
    }
    assert found == {
        "2026-02": spells[0], "2026-04": spells[1], "2026-06": spells[1], "2026-08": spells[3], "2026-11": spells[3],
        "2027-01": spells[4],
    }  # fmt: skip
    annual = tuple(Spell(Payer.ANNUAL_PAID, m(code), 1) for code in ("2026-01", "2026-02"))
    assert spell_in(annual, m("2026-02"), Fixing.YEARLY) == annual[1]


def test_the_first_and_the_last_month():
    member = replace(
        paid_by_month(500_000, "2025-01"), admitted_on=date(2026, 3, 31), left_on=date(2026, 6, 2)
    )
    months = ("2026-02", "2026-03", "2026-04", "2026-06", "2026-07")
    assert [due(member, code) for code in months] == [0, 5000, 5000, 5000, 0]
    assert [due(member, code, start=Start.FOLLOWING_MONTH) for code in months] == [0, 0, 5000, 5000, 0]
    assert due(replace(member, left_on=date(2026, 6, 1)), "2026-06") == 0
    assert charge(LEVY, member, m("2026-02"), MONTHLY) == Charge(m("2026-02"), 0, Because.BEFORE)
    assert charge(LEVY, member, m("2026-07"), MONTHLY) == Charge(m("2026-07"), 0, Because.AFTER)
    assert first_month(date(2026, 12, 1), Start.FOLLOWING_MONTH) == m("2027-01")


# ---------------------------------------------------------------------------------------- hardship
APPROVED = Relief(m("2026-02"), m("2026-03"), 0, date(2026, 1, 20))


def test_relief_counts_within_its_months_once_approved():
    def given_to(relief: Relief, **choices: object) -> list[int | None]:
        member = replace(paid_by_month(500_000), reliefs=(relief,))
        return [due(member, code, **choices) for code in ("2026-01", "2026-02", "2026-03", "2026-04")]

    assert given_to(APPROVED) == [5000, 0, 0, 5000]
    assert given_to(replace(APPROVED, until=None)) == [5000, 0, 0, 0]
    assert given_to(replace(APPROVED, to_fen=100)) == [5000, 100, 100, 5000]
    assert given_to(replace(APPROVED, to_fen=5000)) == [5000] * 4
    assert given_to(replace(APPROVED, to_fen=9999)) == [5000] * 4
    assert given_to(replace(APPROVED, approved_on=None)) == [5000] * 4
    by_branch = replace(APPROVED, approved_by=Approval.BRANCH)
    assert given_to(by_branch) == [5000] * 4
    assert given_to(by_branch, retired_relief=Approval.BRANCH) == [5000] * 4


def test_the_branch_may_relieve_the_retired_where_that_is_the_practice():
    by_branch = replace(APPROVED, approved_by=Approval.BRANCH)
    theirs = replace(MONTHLY, retired_relief=Approval.BRANCH)
    assert is_effective(by_branch, m("2026-02"), Payer.RETIRED, theirs) is True
    assert is_effective(by_branch, m("2026-02"), Payer.RETIRED, MONTHLY) is False
    assert is_effective(by_branch, m("2026-02"), Payer.STUDENT, theirs) is False
    assert is_effective(APPROVED, m("2026-02"), None, MONTHLY) is True


def test_a_relieved_charge_still_tells_what_it_was_taken_from():
    member = replace(paid_by_month(500_000), reliefs=(APPROVED, replace(APPROVED, to_fen=7)))
    assert charge(LEVY, member, m("2026-02"), MONTHLY) == Charge(
        m("2026-02"), 0, Because.EXEMPT, Payer.MONTHLY_PAID, "wages", Base(500_000, 1), 100
    )
    less = replace(member, reliefs=(replace(APPROVED, to_fen=9), replace(APPROVED, to_fen=7)))
    assert charge(LEVY, less, m("2026-02"), MONTHLY) == Charge(
        m("2026-02"), 7, Because.REDUCED, Payer.MONTHLY_PAID, "wages", Base(500_000, 1), 100
    )
    unknown = Member((Spell(Payer.ANNUAL_PAID, m("2026-01"), 1),), reliefs=(APPROVED,))
    assert charge(LEVY, unknown, m("2026-02"), MONTHLY).fen == 0
    assert (
        charge(LEVY, replace(unknown, reliefs=(replace(APPROVED, to_fen=7),)), m("2026-02"), MONTHLY).fen
        is None
    )


# ---------------------------------------------------------------------------------------- owing, passing up
@pytest.mark.parametrize(
    ("unpaid", "count"),
    [([], 0), (["2026-07"], 0), (["2026-06"], 1), (["2026-05"], 0), (["2026-04", "2026-06"], 1),
     (["2025-12", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"], 7)],
)  # fmt: skip
def test_months_in_a_row_end_with_the_last_whole_month(unpaid, count):
    assert months_in_a_row({m(each) for each in unpaid}, m("2026-07")) == count


def test_stages_and_back_payment():
    stages = [
        Stage.NONE,
        Stage.LATE,
        Stage.LATE,
        Stage.TALK,
        Stage.TALK,
        Stage.WARN,
        Stage.LIMIT,
        Stage.LIMIT,
    ]
    assert [stage_of(count, ARREARS) for count in range(8)] == stages
    months = ("2025-12", "2026-01", "2026-07")
    assert [within_back_payment(m(each), m("2026-07"), ARREARS) for each in months] == [False, True, True]


def test_a_thousand_yuan_go_to_the_centre():
    row = ExtraRow(SINCE, 100_000)
    assert [destination(fen, row) for fen in (99_999, 100_000)] == [Destination.LOCAL, Destination.CENTRE]


@given(st.integers(0, 10**10), st.integers(0, 10_000))
def test_what_is_kept_and_what_is_handed_up_are_the_whole(fen, share):
    found = split(fen, "general_branch", SharesRow(SINCE, {"general_branch": share}))
    assert found == Split(
        half_up(Fraction(fen * share, 10_000)), fen - half_up(Fraction(fen * share, 10_000))
    )
    assert split(fen, "branch", SharesRow(SINCE, {"general_branch": share})) == Split(0, fen)


def test_the_row_of_a_day():
    rows = (ExtraRow(date(2008, 4, 1), 1), ExtraRow(date(2020, 1, 1), 2))
    days = (date(2008, 3, 31), date(2008, 4, 1), date(2019, 12, 31), date(2020, 1, 1))
    assert [row.centre_from_fen if (row := in_force(rows, day)) else None for day in days] == [None, 1, 1, 2]
    assert LEVY.practice_on(date(2008, 3, 31)) is None
    assert LEVY.practice_on(SINCE) == MONTHLY
    assert Levy().practice_on(SINCE) is None
    assert LEVY.rule(Payer.RETIRED) == LEVY.rates["pensions"]
    assert Levy().rule(Payer.RETIRED) is None
    assert Levy().examples == 0


# ---------------------------------------------------------------------------------------- accounts
def test_an_account_adds_up_and_ends_with_the_day_of_looking():
    stated = Stated(
        "A",
        replace(paid_by_month(500_000), admitted_on=date(2026, 2, 10)),
        (
            Paid(5000, date(2026, 2, 28), m("2026-02")),
            Paid(2000, date(2026, 3, 31), m("2026-03")),
            Paid(3000, date(2026, 4, 1), m("2026-03")),
            Paid(9000, date(2026, 4, 20), m("2026-04")),
            Paid(5000, date(2026, 9, 1), m("2026-05")),
        ),
        (Paid(100_000, date(2026, 4, 1)), Paid(1, date(2026, 4, 2)), Paid(1, date(2026, 9, 2)), Paid(1, date(2000, 1, 1))),
    )  # fmt: skip
    found = account(LEVY, stated, MONTHLY, date(2026, 7, 1))
    assert [(each.charge.month.code, each.paid_fen, each.in_time_fen, each.owed_fen) for each in found.months] == [
        ("2026-02", 5000, 5000, 0), ("2026-03", 5000, 2000, 0), ("2026-04", 9000, 9000, 0),
        ("2026-05", 0, 0, 5000), ("2026-06", 0, 0, 5000), ("2026-07", 0, 0, 5000),
    ]  # fmt: skip
    assert (found.due_fen, found.paid_fen, found.owed_fen) == (30_000, 19_000, 15_000)
    assert (found.in_a_row, found.stage, found.unknown, found.beyond_back_payment) == (2, Stage.LATE, (), ())
    assert [(each.fen, each.on, each.destination) for each in found.extra] == [
        (100_000, date(2026, 4, 1), Destination.CENTRE), (1, date(2026, 4, 2), Destination.LOCAL),
    ]  # fmt: skip
    narrow = account(LEVY, stated, MONTHLY, date(2026, 7, 1), m("2026-03"), m("2026-05"))
    assert [each.charge.month.code for each in narrow.months] == ["2026-03", "2026-04", "2026-05"]
    assert account(LEVY, stated, MONTHLY, date(2026, 3, 1), None, m("2026-09")).months[-1].charge.month == m(
        "2026-03"
    )


def test_an_account_with_long_arrears_and_one_with_nothing():
    stated = Stated("A", paid_by_month(500_000, "2025-11"))
    found = account(LEVY, stated, MONTHLY, date(2026, 7, 31))
    assert (found.in_a_row, found.stage) == (8, Stage.LIMIT)
    assert found.beyond_back_payment == (m("2025-11"), m("2025-12"))
    nothing = account(LEVY, Stated("B", Member(())), MONTHLY, date(2026, 7, 31))
    assert (nothing.months, nothing.owed_fen, nothing.stage) == ((), 0, Stage.NONE)
    unknown = account(LEVY, Stated("C", Member((), date(2026, 6, 1))), MONTHLY, date(2026, 7, 31))
    assert (unknown.unknown, unknown.due_fen) == ((m("2026-06"), m("2026-07")), 0)
    bare = account(
        Levy(rates=LEVY.rates), replace(stated, extra=(Paid(1, date(2026, 1, 1)),)), MONTHLY, date(2026, 7, 1)
    )
    assert (bare.stage, bare.extra, bare.beyond_back_payment, bare.in_a_row) == (Stage.NONE, (), (), 8)


def test_the_first_month_anything_is_known_of():
    assert first_stated(Member(())) is None
    assert first_stated(Member((), date(2026, 6, 9))) == m("2026-06")
    assert first_stated(Member(RAISED, date(2026, 6, 9))) == m("2025-03")
    assert list(months_between(m("2025-12"), m("2026-01"))) == [m("2025-12"), m("2026-01")]


# ---------------------------------------------------------------------------------------- stated
def read(**payer: object) -> tuple[Stated, list[tuple[str, str]]]:
    reading = Reading()
    found = read_payer(reading, {"id": "A", "spells": [], **payer}, "p")
    return found, [(each.at, each.code) for each in reading.wrong]


def test_a_payer_is_read_as_stated():
    found, wrong = read(
        admitted_on="2026-03-01", left_on="2026-03-01",
        spells=[
            {"payer": "monthly_paid", "since": "2026-01", "base_fen": 0},
            {"payer": "annual_paid", "since": "2026-02", "base_fen": MOST_FEN},
            {"payer": "self_employed", "since": "2026-03", "net_income_fen": 3},
            {"payer": "retired", "since": "2026-04", "pension_fen": 4, "basic_pension_fen": 4},
            {"payer": "farmer", "since": "2026-05", "chosen_fen": 50},
            {"payer": "farmer", "since": "2026-06"},
            {"payer": "student", "since": "2026-07"},
        ],
        reliefs=[
            {"kind": "exempt", "since": "2026-01"},
            {"kind": "reduce", "to_fen": 5, "since": "2026-02", "until": "2026-02", "approved_on": "2026-01-01",
             "approved_by": "branch"},
        ],
        paid=[{"month": "2026-01", "fen": 5, "on": "2026-01-09"}],
        extra=[{"fen": 6, "on": date(2026, 1, 9)}],
    )  # fmt: skip
    assert wrong == []
    assert found == Stated(
        "A",
        Member(
            (
                Spell(Payer.MONTHLY_PAID, m("2026-01"), 0),
                Spell(Payer.ANNUAL_PAID, m("2026-02"), MOST_FEN),
                Spell(Payer.SELF_EMPLOYED, m("2026-03"), 3),
                Spell(Payer.RETIRED, m("2026-04"), 4, 4),
                Spell(Payer.FARMER, m("2026-05"), 50),
                Spell(Payer.FARMER, m("2026-06")),
                Spell(Payer.STUDENT, m("2026-07")),
            ),
            date(2026, 3, 1),
            date(2026, 3, 1),
            (
                Relief(m("2026-01"), None, 0, None),
                Relief(m("2026-02"), m("2026-02"), 5, date(2026, 1, 1), Approval.BRANCH),
            ),
        ),
        (Paid(5, date(2026, 1, 9), m("2026-01")),),
        (Paid(6, date(2026, 1, 9)),),
    )
    assert set(BASE_KEYS) == set(Payer)


SPELL = {"payer": "monthly_paid", "since": "2026-01", "base_fen": 1}


@pytest.mark.parametrize(
    ("payer", "expected"),
    [
        ({"id": ""}, [("p.id", "missing")]),
        ({"id": 7}, [("p.id", "missing")]),
        ({"bases": 1}, [("p.bases", "unknown_key")]),
        ({"spells": {}}, [("p.spells", "not_a_list")]),
        ({"spells": [1]}, [("p.spells[0]", "not_an_object")]),
        ({"spells": [{**SPELL, "payer": "rich"}]}, [("p.spells[0].payer", "unknown_choice")]),
        ({"spells": [{**SPELL, "since": "2026-13"}]}, [("p.spells[0].since", "not_a_month")]),
        ({"spells": [{**SPELL, "since": 202601}]}, [("p.spells[0].since", "not_a_month")]),
        ({"spells": [{**SPELL, "base_fen": 1.0}]}, [("p.spells[0].base_fen", "not_whole_fen")]),
        ({"spells": [{**SPELL, "base_fen": True}]}, [("p.spells[0].base_fen", "not_whole_fen")]),
        ({"spells": [{**SPELL, "base_fen": "1"}]}, [("p.spells[0].base_fen", "not_whole_fen")]),
        ({"spells": [{**SPELL, "base_fen": -1}]}, [("p.spells[0].base_fen", "fen_out_of_range")]),
        ({"spells": [{**SPELL, "base_fen": MOST_FEN + 1}]}, [("p.spells[0].base_fen", "fen_out_of_range")]),
        ({"spells": [{"payer": "monthly_paid", "since": "2026-01"}]}, [("p.spells[0].base_fen", "missing")]),
        ({"spells": [{**SPELL, "chosen_fen": 1}]}, [("p.spells[0].chosen_fen", "base_not_asked")]),
        ({"spells": [{**SPELL, "basic_pension_fen": 1}]}, [("p.spells[0].basic_pension_fen", "base_not_asked")]),
        ({"spells": [{"payer": "student", "since": "2026-01", "base_fen": 1}]}, [("p.spells[0].base_fen", "base_not_asked")]),
        ({"spells": [SPELL, SPELL]}, [("p.spells", "month_twice")]),
        (
            {"spells": [{"payer": "retired", "since": "2026-01", "pension_fen": 1, "basic_pension_fen": 2}]},
            [("p.spells[0].basic_pension_fen", "basic_over_whole")],
        ),
        ({"admitted_on": "2026-02-30"}, [("p.admitted_on", "not_a_day")]),
        ({"admitted_on": "2026-02-02", "left_on": "2026-02-01"}, [("p.left_on", "dates_reversed")]),
        ({"reliefs": [{"kind": "less", "since": "2026-01"}]}, [("p.reliefs[0].kind", "unknown_choice")]),
        ({"reliefs": [{"kind": "reduce", "since": "2026-01"}]}, [("p.reliefs[0].to_fen", "not_whole_fen")]),
        ({"reliefs": [{"kind": "exempt", "since": "2026-02", "until": "2026-01"}]}, [("p.reliefs[0].until", "dates_reversed")]),
        ({"reliefs": [{"kind": "exempt"}]}, [("p.reliefs[0].since", "not_a_month")]),
        ({"reliefs": [{"kind": "exempt", "since": "2026-01", "approved_by": "me"}]}, [("p.reliefs[0].approved_by", "unknown_choice")]),
        ({"paid": [{"fen": 1, "on": "2026-01-01"}]}, [("p.paid[0].month", "not_a_month")]),
        ({"paid": [{"month": "2026-01", "on": "2026-01-01"}]}, [("p.paid[0].fen", "not_whole_fen")]),
        ({"extra": [{"fen": 1, "on": "2026-01-01", "month": "2026-01"}]}, [("p.extra[0].month", "unknown_key")]),
    ],
)  # fmt: skip
def test_every_fault_is_named_by_its_place(payer, expected):
    assert read(**payer)[1] == expected


def test_a_payer_without_spells_and_the_wrong_words_of_a_fault():
    reading = Reading()
    read_payer(reading, {"id": "A"}, "p")
    read_payer(reading, [], "q")
    assert [(each.at, each.code) for each in reading.wrong] == [
        ("p.spells", "missing"), ("q", "not_an_object"), ("q.id", "missing"), ("q.spells", "missing"),
    ]  # fmt: skip
    assert all(each.message and each.remedy for each in reading.wrong)


def test_a_practice_given_instead():
    reading = Reading()
    given = {
        "fixing": "yearly",
        "pension": "basic",
        "rounding": "jiao_down",
        "start": "following_month",
        "retired_relief": "branch",
    }
    assert read_practice(reading, given, "practice", MONTHLY) == replace(
        MONTHLY, fixing=Fixing.YEARLY, pension=Pension.BASIC, rounding=Rounding.JIAO_DOWN,
        start=Start.FOLLOWING_MONTH, retired_relief=Approval.BRANCH,
    )  # fmt: skip
    assert read_practice(reading, {}, "practice", MONTHLY) == MONTHLY
    assert reading.wrong == []
    read_practice(reading, {"fixing": "daily", "other": 1}, "practice", MONTHLY)
    assert [(each.at, each.code) for each in reading.wrong] == [
        ("practice.other", "unknown_key"), ("practice.fixing", "unknown_choice"),
    ]  # fmt: skip
