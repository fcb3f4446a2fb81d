"""Recurring days: every month has them, once, on the right weekday; and they keep off days nobody works."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibu.core.calendar import Holiday, HolidayYear, Month, WorkingDays
from zhibu.core.recurrence import LAST, Recurring, worked
from zhibu.core.wording import Text

ONE_DAY = timedelta(days=1)
months = st.builds(Month, st.integers(1990, 2080), st.integers(1, 12))
recurrings = st.builds(Recurring, st.integers(1, LAST), st.integers(0, 6))
days = st.dates(date(1990, 1, 1), date(2080, 12, 31))
OCTOBER = HolidayYear(
    2026,
    (Holiday(Text("国庆节", "National Day"), date(2026, 10, 1), date(2026, 10, 7)),),
    (date(2026, 10, 10),),
)


@given(recurrings, months)
def test_it_lies_in_its_month_and_week(recurring, month):
    day = recurring.on(month)
    assert (Month.of(day), day.weekday()) == (month, recurring.weekday)
    if recurring.week < LAST:
        assert (day.day - 1) // 7 + 1 == recurring.week
    else:
        assert Month.of(day + timedelta(days=7)) == month.next()


@given(days)
def test_a_day_is_what_it_is(day):
    """Up to the 28th the recurrence of a day gives it back; later it gives the last of its weekday, which it is or is not."""
    again = Recurring.of(day).on(Month.of(day))
    assert again == day if day.day <= 28 else again.weekday() == day.weekday()


@given(recurrings, days, st.integers(0, 400))
def test_between_is_every_month_once(recurring, first, length):
    last = first + timedelta(days=length)
    found = list(recurring.between(first, last))
    naive = [
        first + ONE_DAY * step
        for step in range(length + 1)
        if recurring.on(Month.of(first + ONE_DAY * step)) == first + ONE_DAY * step
    ]
    assert found == naive


@given(days, st.integers(0, 40), st.integers(0, 40))
def test_a_day_moved_is_worked_and_in_its_window_or_itself(day, before, after):
    calendar = WorkingDays({2026: OCTOBER})
    first, last = day - ONE_DAY * before, day + ONE_DAY * after
    moved = worked(day, calendar, first=first, last=last)
    assert first <= moved <= last
    within = [first + ONE_DAY * step for step in range(before + after + 1)]
    assert calendar.is_working(moved).working or not any(calendar.is_working(each).working for each in within)


def test_a_holiday_moves_forward_then_back():
    calendar = WorkingDays({2026: OCTOBER})
    month = Month(2026, 10)
    assert worked(date(2026, 10, 1), calendar, first=month.first, last=month.last) == date(2026, 10, 8)
    assert worked(date(2026, 10, 31), calendar, first=month.first, last=month.last) == date(2026, 10, 30)
    # worked instead of a day off: a Saturday that is no day off
    assert worked(date(2026, 10, 10), calendar, first=month.first, last=month.last) == date(2026, 10, 10)


@pytest.mark.parametrize(("week", "weekday"), [(0, 1), (6, 1), (1, -1), (1, 7)])
def test_nonsense_is_refused(week, weekday):
    with pytest.raises(ValueError, match="week"):
        Recurring(week, weekday)
