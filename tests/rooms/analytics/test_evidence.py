"""The records behind a fact, and the reasons why some did not count."""

from datetime import date
from typing import Any

import pytest

from zhibu import analytics
from zhibu.analytics.evidence import OUTSIDE, TOO_LATE
from zhibu.core.calendar import Quarter
from zhibu.core.norms import Reduce, Rulebook, Window
from zhibu.core.wording import Text

Q2 = Quarter.parse("2026Q2")


@pytest.mark.parametrize("known_by", [None, 1_500])
def test_the_rows_counted_are_the_number_counted(book: Rulebook, rows: Any, known_by: int | None) -> None:
    counts = [fact.id for fact in book.facts.values() if fact.reduce.kind is Reduce.COUNT]
    found = analytics.facts_for(book, counts, "", "z", Q2.first, Q2.last, known_by=known_by)
    seen = 0
    for branch in sorted(found)[:8]:
        for name in counts:
            shown = analytics.evidence(book, name, branch, Q2.first, Q2.last, known_by=known_by)
            assert (name, shown.counted) == (name, found[branch][name])
            seen += len(shown.rows)
    assert seen > 100


def test_what_did_not_count_says_why(book: Rulebook, rows: Any) -> None:
    reasons = set()
    for fact in book.facts.values():
        for branch in range(10, 16):
            for row in analytics.evidence(book, fact.id, branch, Q2.first, Q2.last, known_by=1_500).rows:
                assert row.counted is (row.because is None)
                reasons.add(row.because)
    assert {OUTSIDE, TOO_LATE, Text("会议记录尚未归档", "The minutes are not closed")} <= reasons


def test_days_are_days_and_columns_are_named(book: Rulebook, rows: Any) -> None:
    shown = analytics.evidence(book, "life.general_meetings", 10, Q2.first, Q2.last)
    assert shown.columns == book.tables["sessions"].show
    days = [row.shown[shown.columns.index("held_on")] for row in shown.rows]
    assert days
    assert all(value is None or isinstance(value, date) for value in days)


def test_what_lies_in_the_period_comes_first(book: Rulebook, rows: Any) -> None:
    fact = next(
        fact for fact in book.facts.values() if fact.table == "talks" and fact.window is Window.PERIOD
    )
    outside = [
        row.because == OUTSIDE for row in analytics.evidence(book, fact.id, 12, Q2.first, Q2.last).rows
    ]
    assert outside == sorted(outside)


def test_a_limit_says_that_there_is_more(book: Rulebook, rows: Any) -> None:
    whole = analytics.evidence(book, "life.sessions_held", 10, Q2.first, Q2.last)
    some = analytics.evidence(book, "life.sessions_held", 10, Q2.first, Q2.last, limit=1)
    assert (len(some.rows), some.more) == (1, len(whole.rows) > 1)
    assert some.rows == whole.rows[:1]
