from datetime import date

from tests.core.books import at_least, at_most, check, standard
from zhibu.core.calendar import Span
from zhibu.core.duties import Urgency, asked, windows, worklist
from zhibu.core.evaluate import State
from zhibu.core.norms import Act, Cadence, Unless
from zhibu.core.wording import Text

TODAY = date(2026, 8, 20)


def facts_of_meetings(*held, extra=None):
    """Facts over a span, counted from the days meetings were held."""

    def over(span: Span):
        inside = [day for day in held if span.holds(day)]
        return {
            "life.meetings": len(inside),
            "life.months": len({day.month for day in inside}),
            "register.months": max(1, round((span.last - span.first).days / 30)),
            **(extra or {}),
        }

    return over


def listed(duties):
    return [(duty.check, duty.window.code, duty.urgency, duty.overdue_days) for duty in duties]


def test_every_cadence_has_its_windows():
    codes = {
        cadence: [span.code for span in windows(cadence, date(2026, 6, 30), TODAY)] for cadence in Cadence
    }
    assert codes == {
        Cadence.MONTH: ["2026-06", "2026-07", "2026-08"],
        Cadence.QUARTER: ["2026Q2", "2026Q3"],
        Cadence.HALF_YEAR: ["2026H1", "2026H2"],
        Cadence.YEAR: ["2026"],
        Cadence.CONTINUOUS: ["2026-08-20"],
    }


def test_a_missed_month_is_overdue_and_this_month_is_due():
    norm = standard(
        check(
            "committee",
            share=("life.months", "register.months"),
            cadence=Cadence.MONTH,
            act=Act("life:record"),
        )
    )
    duties = worklist([norm], TODAY, facts_of_meetings())
    assert listed(duties) == [
        ("committee", "2026-07", Urgency.OVERDUE, 20),
        ("committee", "2026-08", Urgency.DUE, -11),
    ]
    assert (duties[0].due_on, duties[0].days_left, duties[1].days_left) == (date(2026, 7, 31), 0, 11)
    assert (duties[0].act, duties[0].state, duties[0].gain) == (Act("life:record"), State.NOT_MET, 1_000_000)
    met = worklist([norm], TODAY, facts_of_meetings(date(2026, 7, 9), date(2026, 8, 3)))
    assert met == ()


def test_a_bound_written_for_the_quarter_is_a_third_of_it_in_a_month():
    monthly = standard(check("committee", share=("life.months", "three"), cadence=Cadence.MONTH))
    also = standard(check("committee", met=at_least("life.meetings", "two"), cadence=Cadence.MONTH))
    held = facts_of_meetings(date(2026, 7, 9), date(2026, 8, 3))
    assert worklist([monthly, also], TODAY, held) == ()


def test_what_is_missing_in_the_quarter_is_said_with_the_number():
    norm = standard(check("lessons", met=at_least("life.meetings", "three"), cadence=Cadence.QUARTER))
    (duty,) = worklist([norm], TODAY, facts_of_meetings(date(2026, 7, 9)))
    assert (duty.due_on, duty.overdue_days, [gap.more for gap in duty.missing]) == (
        date(2026, 9, 30),
        -41,
        [2],
    )


def test_a_missed_quarter_is_looked_for_as_far_back_as_asked():
    norm = standard(check("lessons", met=at_least("life.meetings", "one"), cadence=Cadence.QUARTER))
    duties = worklist([norm], TODAY, facts_of_meetings(date(2026, 7, 9)), since=date(2026, 4, 1))
    assert listed(duties) == [("lessons", "2026Q2", Urgency.OVERDUE, 51)]


def test_half_years_and_years_are_due_by_their_last_day():
    norm = standard(
        check("life", met=at_least("life.meetings", "one"), cadence=Cadence.HALF_YEAR),
        check("appraisal", met=at_least("life.meetings", "one"), cadence=Cadence.YEAR),
    )
    duties = worklist([norm], TODAY, facts_of_meetings())
    assert [(duty.check, duty.due_on) for duty in duties] == [
        ("appraisal", date(2026, 12, 31)),
        ("life", date(2026, 12, 31)),
    ]


def test_a_state_to_be_kept_stands_between_the_overdue_and_the_due():
    norm = standard(
        check("seats", met=at_most("register.vacant", "none"), cadence=Cadence.CONTINUOUS),
        check("lesson", met=at_least("life.meetings", "one"), cadence=Cadence.QUARTER),
        check("committee", met=at_least("life.meetings", "one"), cadence=Cadence.MONTH),
    )
    duties = worklist([norm], TODAY, facts_of_meetings(extra={"register.vacant": 1}))
    assert [(duty.check, duty.urgency) for duty in duties] == [
        ("committee", Urgency.OVERDUE),
        ("seats", Urgency.STANDING),
        ("committee", Urgency.DUE),
        ("lesson", Urgency.DUE),
    ]


def test_what_does_not_apply_is_no_duty():
    few = Unless(at_most("register.members", "two"), Text("人数少", "Few"))
    norm = standard(check("lesson", met=at_least("life.meetings", "one"), unless=[few]))
    assert worklist([norm], TODAY, facts_of_meetings(extra={"register.members": 2})) == ()
    plain = standard(check("lesson", met=at_least("life.meetings", "one")))
    assert worklist([plain], TODAY, facts_of_meetings(), kind="general_branch") == ()
    assert worklist([plain], date(2019, 1, 1), facts_of_meetings()) == ()


def test_facts_are_asked_once_for_each_span():
    spans = []

    def facts_of(span):
        spans.append(span.code)
        return {"life.meetings": 0}

    one = check("one", met=at_least("life.meetings", "one"))
    two = check("two", met=at_least("life.meetings", "one"), cadence=Cadence.MONTH)
    worklist([standard(one, two), standard(one, name="S02")], TODAY, facts_of)
    assert spans == ["2026Q3", "2026-07", "2026-08"]


def test_only_what_is_asked_in_a_span_is_looked_at():
    few = Unless(at_most("register.members", "two"), Text("人数少", "Few"))
    norms = [
        standard(
            check("lesson", met=at_least("life.meetings", "one"), unless=[few]),
            check("monthly", met=at_least("life.meetings", "one"), cadence=Cadence.MONTH),
            check("yearly", met=at_least("life.plans", "one"), cadence=Cadence.YEAR),
        )
    ]
    wanted = asked(norms, TODAY)
    assert {span.code: sorted(names) for span, names in wanted.items()} == {
        "2026Q3": ["life.meetings", "register.members"],
        "2026-07": ["life.meetings"],
        "2026-08": ["life.meetings"],
        "2026": ["life.plans"],
    }
    found = worklist(norms, TODAY, lambda span: dict.fromkeys(wanted[span], 0))
    assert {duty.check for duty in found} == {"monthly", "yearly"}
