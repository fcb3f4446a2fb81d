"""The window of a notice against a counter that looks at the published lists day by day, and knows nothing else."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from zhibu.core import windows
from zhibu.core.calendar import Counted, Found, Holiday, HolidayYear, WorkingDays
from zhibu.core.wording import Text

ONE_DAY = timedelta(days=1)
PUBLISHED = yaml.safe_load(
    (Path(windows.__file__).parents[1] / "rulebook" / "calendars" / "cn.yaml").read_text("utf-8")
)
CALENDAR = WorkingDays({
    year: HolidayYear(
        year, tuple(Holiday(Text("", ""), each["from"], each["to"]) for each in found["holidays"]),
        tuple(found["workdays"]),
    )
    for year, found in PUBLISHED.items()
})  # fmt: skip
DAYS = st.dates(date(2023, 12, 20), date(2027, 1, 20))


def is_worked(day):
    """The independent counter: lists of the State Council's notices, else Monday to Friday."""
    found = PUBLISHED.get(day.year, {"holidays": [], "workdays": []})
    if day in found["workdays"]:
        return True
    off = any(each["from"] <= day <= each["to"] for each in found["holidays"])
    return day.isoweekday() <= 5 and not off


def plainly(first, last):
    number, day = 0, first
    while day <= last:
        number += is_worked(day)
        day += ONE_DAY
    return number


@given(DAYS, st.integers(0, 60), st.booleans())
def test_counted_like_a_plain_counter(opens, length, exclude):
    closes = opens + timedelta(days=length)
    expected = plainly(opens, closes) - (exclude and is_worked(opens))
    found = windows.counted(CALENDAR, opens, closes, exclude_start=exclude)
    assert found.days == expected
    first = opens + ONE_DAY if exclude else opens
    touched = {(first + ONE_DAY * step).year for step in range((closes - first).days + 1)}
    assert found.provisional == bool(touched - PUBLISHED.keys())


@given(DAYS, st.integers(1, 15), st.booleans())
def test_the_shortest_window_is_long_enough_and_no_longer(opens, least, exclude):
    last = windows.earliest_last_day(CALENDAR, opens, least, exclude_start=exclude).day
    first = opens + ONE_DAY if exclude else opens
    assert plainly(first, last) == least
    assert is_worked(last)


@pytest.mark.parametrize(("opens", "least", "exclude", "last"), [
    (date(2026, 7, 6), 5, False, date(2026, 7, 10)),     # Monday to Friday
    (date(2026, 7, 6), 5, True, date(2026, 7, 13)),      # Monday does not count
    (date(2026, 7, 4), 5, False, date(2026, 7, 10)),     # a Saturday counts for nothing
    (date(2026, 7, 4), 5, True, date(2026, 7, 10)),      # … and is not missed
    (date(2026, 9, 28), 5, False, date(2026, 10, 9)),    # over National Day
    (date(2026, 9, 28), 6, False, date(2026, 10, 10)),   # 10 October is a Saturday worked instead
    (date(2026, 2, 13), 3, False, date(2026, 2, 24)),    # 14 February is worked, then Spring Festival
    (date(2026, 7, 6), 0, False, date(2026, 7, 6)),      # no rule asks
])  # fmt: skip
def test_boundaries(opens, least, exclude, last):
    assert windows.earliest_last_day(CALENDAR, opens, least, exclude_start=exclude) == Found(last, False)


def test_beyond_the_published_years_it_is_provisional():
    assert windows.earliest_last_day(CALENDAR, date(2026, 12, 30), 5) == Found(date(2027, 1, 5), True)
    assert windows.counted(CALENDAR, date(2026, 12, 30), date(2027, 1, 5)) == Counted(5, True)
