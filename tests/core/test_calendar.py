from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibu.core.calendar import (
    Counted,
    Day,
    Found,
    Holiday,
    HolidayYear,
    Month,
    Quarter,
    WorkingDays,
    add_months,
    whole_months,
)
from zhibu.core.wording import Text

NATIONAL_DAY = Text("国庆节", "National Day")
CALENDAR = WorkingDays(
    {
        2026: HolidayYear(
            2026,
            (Holiday(NATIONAL_DAY, date(2026, 10, 1), date(2026, 10, 7)),),
            (date(2026, 9, 20), date(2026, 10, 10)),
        )
    }
)
DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))
AROUND = st.dates(date(2026, 8, 1), date(2027, 1, 31))
QUARTERS = st.builds(Quarter, st.integers(1950, 2100), st.integers(1, 4))


def test_a_quarter_knows_its_days_half_and_year():
    quarter = Quarter.parse("2026Q3")
    assert (quarter.first, quarter.last) == (date(2026, 7, 1), date(2026, 9, 30))
    assert [month.code for month in quarter.months] == ["2026-07", "2026-08", "2026-09"]
    assert (quarter.half_first, quarter.half_last) == (date(2026, 7, 1), date(2026, 12, 31))
    assert (quarter.year_first, quarter.year_last) == (date(2026, 1, 1), date(2026, 12, 31))
    assert (quarter.half_year.code, quarter.whole_year.code) == ("2026H2", "2026")
    assert (quarter.key, quarter.code) == (2026 * 4 + 2, "2026Q3")
    assert (quarter.previous().code, quarter.next().next().code) == ("2026Q2", "2027Q1")


@pytest.mark.parametrize("code", ["2026Q5", "2026Q", "26Q1", "2026-1", "", "2026Q12", "abcdQ1"])
def test_what_is_no_quarter_is_refused(code):
    with pytest.raises(ValueError, match="quarter"):
        Quarter.parse(code)


@pytest.mark.parametrize("code", ["2026-13", "2026-00", "2026-7", "202607", ""])
def test_what_is_no_month_is_refused(code):
    with pytest.raises(ValueError, match="month"):
        Month.parse(code)


@given(DAYS)
def test_every_day_lies_in_its_quarter_and_month(day):
    assert Quarter.of(day).span.holds(day)
    assert Month.of(day).span.holds(day)
    assert Month.of(day) in Quarter.of(day).months


@given(QUARTERS)
def test_quarters_partition_time(quarter):
    assert quarter.last + timedelta(days=1) == quarter.next().first
    assert Quarter.parse(quarter.code) == Quarter.from_key(quarter.key) == quarter
    assert (
        sum((month.last - month.first).days + 1 for month in quarter.months)
        == (quarter.last - quarter.first).days + 1
    )


@given(QUARTERS)
def test_halves_and_years_end_with_the_quarters_that_say_so(quarter):
    assert quarter.ends_half_year == (quarter.last == quarter.half_last)
    assert quarter.ends_year == (quarter.last == quarter.year_last)


@given(st.integers(1950 * 12, 2100 * 12))
def test_month_keys_and_codes_lead_back(key):
    month = Month.from_key(key)
    assert month.key == key
    assert Month.parse(month.code) == month
    assert month.next().previous() == month


def test_months_are_added_to_the_last_day_of_a_shorter_month():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)


@given(DAYS, st.integers(-500, 500))
def test_adding_months_clamps_and_never_skips_a_month(day, months):
    if not 1 <= (Month.of(day).key + months) // 12 <= 9999:
        return
    later = add_months(day, months)
    assert Month.of(later).key == Month.of(day).key + months
    assert later.day == min(day.day, Month.of(later).last.day)


def test_whole_months():
    assert whole_months(date(2026, 1, 1), date(2026, 3, 31)) == 3
    assert whole_months(date(2026, 1, 2), date(2026, 3, 31)) == 2
    assert whole_months(date(2026, 1, 1), date(2026, 3, 30)) == 2
    assert whole_months(date(2026, 1, 2), date(2026, 1, 30)) == 0
    assert whole_months(date(2026, 5, 1), date(2026, 1, 1)) == 0


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 9, 30), Day(working=True, provisional=False)),
        (date(2026, 10, 1), Day(working=False, provisional=False)),
        (date(2026, 9, 20), Day(working=True, provisional=False)),  # a Sunday worked instead
        (date(2026, 9, 19), Day(working=False, provisional=False)),
        (date(2027, 10, 1), Day(working=True, provisional=True)),  # nobody has published 2027
    ],
)
def test_working_days(day, expected):
    assert CALENDAR.is_working(day) == expected


def test_five_working_days_before_national_day_end_on_the_saturday_worked_instead():
    assert CALENDAR.add(date(2026, 9, 28), 5) == Found(date(2026, 10, 10), provisional=False)
    assert CALENDAR.nth(date(2026, 9, 28), 1) == Found(date(2026, 9, 28), provisional=False)
    assert CALENDAR.nth(date(2026, 10, 1), 1) == Found(date(2026, 10, 8), provisional=False)
    assert CALENDAR.add(date(2026, 10, 8), -1) == Found(date(2026, 9, 30), provisional=False)
    assert CALENDAR.add(date(2026, 12, 30), 3) == Found(date(2027, 1, 4), provisional=True)
    with pytest.raises(ValueError, match="from 1"):
        CALENDAR.nth(date(2026, 10, 1), 0)


def test_an_empty_or_reversed_span_has_no_working_days():
    assert CALENDAR.count(date(2026, 9, 28), date(2026, 9, 28)) == Counted(0, provisional=False)
    assert CALENDAR.count(date(2026, 9, 28), date(2026, 9, 1)) == Counted(0, provisional=False)


@given(AROUND, AROUND, AROUND)
def test_counting_working_days_adds_up(one, two, three):
    first, middle, last = sorted((one, two, three))
    left, right, whole = (
        CALENDAR.count(first, middle),
        CALENDAR.count(middle, last),
        CALENDAR.count(first, last),
    )
    assert left.days + right.days == whole.days
    assert (left.provisional or right.provisional) == whole.provisional


@given(AROUND, st.integers(1, 30))
def test_counting_and_adding_agree(day, number):
    found = CALENDAR.add(day, number)
    after = timedelta(days=1)
    assert CALENDAR.is_working(found.day).working
    assert CALENDAR.count(day + after, found.day + after).days == number
