"""What a year asks of a branch: each meeting once, though several rules ask for it."""

from datetime import date

from tests.core.books import at_least, check, standard
from zhibu.core.duties import worklist
from zhibu.core.norms import Act, Cadence
from zhibu.core.planning import meetings, work

YEAR_END = date(2026, 12, 31)
GENERAL = Act("life:record", (("kind", "general_meeting"),))
TAGGED = Act("life:record", (("kind", "general_meeting"), ("tag", "admission")))


def asked(*checks, since=date(2026, 1, 1), facts=None):
    norm = standard(*checks, terms={"six": 6, "hours": 1920})
    duties = worklist(
        [norm], YEAR_END, lambda span: facts or {"life.meetings": 0, "life.minutes": 0}, since=since
    )
    return norm, duties


def told(found):
    return [(each.kind, each.window.code, each.number) for each in found]


def test_a_quarterly_check_asks_for_each_quarter_left():
    _norm, duties = asked(
        check("q", met=at_least("life.meetings", "one"), cadence=Cadence.QUARTER, act=GENERAL),
        since=date(2026, 7, 20),
    )
    assert told(meetings(duties, lambda fact: True)) == [
        ("general_meeting", "2026Q3", 1),
        ("general_meeting", "2026Q4", 1),
    ]


def test_a_longer_window_counts_what_shorter_ones_hold():
    checks = (
        check("q", met=at_least("life.meetings", "one"), cadence=Cadence.QUARTER, act=GENERAL),
        check("y", met=at_least("life.meetings", "six"), cadence=Cadence.YEAR, act=GENERAL),
    )
    _norm, duties = asked(*checks)
    assert told(meetings(duties, lambda fact: True)) == [
        ("general_meeting", "2026Q1", 1), ("general_meeting", "2026Q2", 1), ("general_meeting", "2026Q3", 1),
        ("general_meeting", "2026", 2), ("general_meeting", "2026Q4", 1),
    ]  # fmt: skip


def test_minutes_are_not_meetings():
    _norm, duties = asked(
        check("h", met=at_least("life.minutes", "hours"), cadence=Cadence.YEAR, act=GENERAL)
    )
    assert told(meetings(duties, lambda fact: fact == "life.meetings")) == [("general_meeting", "2026", 1)]


def test_an_item_of_an_agenda_is_work_once_and_what_is_due_always_is_not_planned():
    checks = (
        check("topic", met=at_least("life.meetings", "one"), cadence=Cadence.QUARTER, act=TAGGED),
        check("always", met=at_least("life.meetings", "one"), cadence=Cadence.CONTINUOUS, act=GENERAL),
    )
    norm, duties = asked(*checks)
    assert meetings(duties, lambda fact: True) == ()
    assert [(each.check, each.cadence, each.window.code) for each in work(duties, [norm])] == [
        ("topic", Cadence.QUARTER, "2026Q1")
    ]
