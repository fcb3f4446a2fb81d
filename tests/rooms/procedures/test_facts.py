"""What the standards of admission read of cases: from steps as they were taken, through the acts, on the real rulebook."""

from datetime import date

import pytest

from tests.rooms.procedures.conftest import at
from tests.rooms.procedures.test_acts import to_prospect
from zhibu import analytics, record, rulebook
from zhibu.core.calendar import Quarter
from zhibu.notices import actions as notices
from zhibu.procedures import actions
from zhibu.procedures.models import PastStepTaken, StepTaken
from zhibu.register.models import Membership

NAMES = (
    "admission_cases", "admission_cases_overdue", "admission_steps", "admission_steps_kept",
    "admission_steps_with_cautions", "admission_steps_entered_late", "admission_resolutions",
)  # fmt: skip


@pytest.fixture(autouse=True)
def trial(monkeypatch):
    """The shipped rulebook: the standards read its procedure of admission."""
    monkeypatch.delenv(rulebook.OVERLAYS_VARIABLE, raising=False)


@pytest.fixture
def case(cast, applicant):
    """Opened and applied for on 2 January 2026: the talk is due within a month."""
    day = date(2026, 1, 2)
    Membership.objects.filter(person=applicant).update(since=day)
    found = actions.open_case(
        cast.li,
        organisation=cast.mining,
        procedure="admission",
        opened_on=day,
        person=applicant.pk,
        now=at(day),
    )
    actions.attach_paper(cast.li, case=found, paper="application_letter", note="档案柜", now=at(day))
    return found


def read(cast, quarter, known_by=None):
    """The facts of Mining for a quarter, in the order of NAMES."""
    rows = analytics.collect(rulebook.load(), Quarter.parse(quarter), known_by=known_by)
    (row,) = [each for each in rows if each.branch == cast.mining.pk]
    return tuple(row.fact(f"procedures.{name}") for name in NAMES)


def test_nothing_is_known_of_a_branch_without_cases(cast):
    assert read(cast, "2026Q1") == (0, 0, 0, 0, 0, 0, 0)


def test_a_step_in_order_one_late_one_reversed(cast, case, take):
    li = cast.people["li"].pk
    apply = take(case, "apply", date(2026, 1, 2))
    assert apply.cautions == []
    talk = take(case, "talk", date(2026, 1, 10), entered=date(2026, 1, 17), values={"talker": li})
    assert read(cast, "2026Q1") == (1, 0, 2, 2, 0, 0, 0)
    actions.reverse_step(cast.li, taken=talk, reason="误登", now=at(date(2026, 1, 17), 11))
    # the talk of the tenth, entered on the eighth day after it
    take(case, "talk", date(2026, 1, 10), entered=date(2026, 1, 18), values={"talker": li})
    assert read(cast, "2026Q1") == (1, 0, 2, 1, 0, 1, 0)
    assert read(cast, "2026Q2") == (1, 0, 0, 0, 0, 0, 0)


def test_a_paper_filed_later_answers_the_caution_and_shows_that_it_was_late(cast, applicant, take):
    """The step was cautioned for want of its paper; filed two days later it is kept, and the reviewer sees the two days."""
    day = date(2026, 1, 2)
    Membership.objects.filter(person=applicant).update(since=day)
    case = actions.open_case(
        cast.li,
        organisation=cast.mining,
        procedure="admission",
        opened_on=day,
        person=applicant.pk,
        now=at(day),
    )
    apply = take(case, "apply", day)
    assert (apply.cautions, apply.cautioned, apply.paper_delay) == (["paper_missing"], 1, 0)
    assert read(cast, "2026Q1")[2:5] == (1, 0, 1)

    def file(paper, on):
        actions.attach_paper(cast.li, case=case, paper=paper, note="档案柜", now=at(on, 11))
        apply.refresh_from_db()
        return (apply.cautions, apply.cautioned, apply.paper_delay)

    assert file("political_review_report", date(2026, 1, 3)) == (["paper_missing"], 1, 0)
    assert file("application_letter", date(2026, 1, 4)) == (["paper_filed_late"], 0, 2)
    assert apply.caution_words[0][0] == "缺少材料“入党申请书”，登记 2 天后补归"
    assert file("application_letter", date(2026, 1, 9)) == (["paper_filed_late"], 0, 2)
    assert read(cast, "2026Q1")[2:5] == (1, 1, 0)
    rows = analytics.collect(rulebook.load(), Quarter.parse("2026Q1"))
    (row,) = [each for each in rows if each.branch == cast.mining.pk]
    assert row.fact("procedures.admission_steps_papers_late") == 1
    # what was known before the paper came reads as it did
    assert PastStepTaken.objects.filter(key=apply.pk, cautioned=1).count() == 1


def test_a_paper_filed_on_the_day_of_the_entry_says_nothing(cast, applicant, take):
    day = date(2026, 1, 2)
    Membership.objects.filter(person=applicant).update(since=day)
    case = actions.open_case(
        cast.li,
        organisation=cast.mining,
        procedure="admission",
        opened_on=day,
        person=applicant.pk,
        now=at(day),
    )
    apply = take(case, "apply", day)
    actions.attach_paper(cast.li, case=case, paper="application_letter", note="档案柜", now=at(day, 11))
    apply.refresh_from_db()
    assert (apply.cautions, apply.caution_words, apply.cautioned, apply.paper_delay) == ([], [], 0, 0)


def test_a_step_after_its_term_breaks_a_rule_and_counts_once(cast, case, take):
    take(case, "apply", date(2026, 1, 2))
    case.refresh_from_db()
    assert (case.next_step, case.next_due, case.overdue_from) == ("talk", date(2026, 2, 2), date(2026, 2, 3))
    assert read(cast, "2026Q1") == (1, 1, 1, 1, 0, 0, 0)
    late = take(case, "talk", date(2026, 2, 3), values={"talker": cast.people["li"].pk})
    assert (late.cautioned, late.cautions) == (1, ["too_late"])
    assert read(cast, "2026Q1") == (1, 0, 2, 1, 1, 0, 0)


@pytest.mark.parametrize(("opened", "overdue"), [(date(2026, 2, 28), 1), (date(2026, 3, 31), 0)])
def test_the_last_lawful_day_itself_is_not_overdue(cast, applicant, take, opened, overdue):
    Membership.objects.filter(person=applicant).update(since=opened)
    case = actions.open_case(
        cast.li, organisation=cast.mining, procedure="admission", opened_on=opened, person=applicant.pk,
        now=at(opened),
    )  # fmt: skip
    take(case, "apply", opened)
    case.refresh_from_db()
    assert (case.overdue_from <= date(2026, 3, 31)) == bool(overdue)
    assert read(cast, "2026Q1")[:2] == (1, overdue)


def test_a_past_quarter_reads_what_was_known_then(cast, case, take):
    take(case, "apply", date(2026, 1, 2))
    talk = take(case, "talk", date(2026, 1, 10), values={"talker": cast.people["li"].pk})
    then = record.past.cut(at(date(2026, 4, 10)))
    before = read(cast, "2026Q1", then)
    actions.reverse_step(cast.li, taken=talk, reason="误登", now=at(date(2026, 4, 20)))
    assert read(cast, "2026Q1", then) == before == (1, 0, 2, 2, 0, 0, 0)
    assert read(cast, "2026Q1") == (1, 1, 1, 1, 0, 0, 0)
    (kept,) = PastStepTaken.objects.filter(key=talk.pk)
    assert (kept.reversed, StepTaken.objects.get(pk=talk.pk).reversed) == (0, 1)


def listed(cast, quarter):
    rows = analytics.collect(rulebook.load(), Quarter.parse(quarter))
    (row,) = [each for each in rows if each.branch == cast.mining.pk]
    return row.fact("register.prospects_listed"), row.fact("notices.prospects_publicised")


@pytest.mark.parametrize(("result_on", "publicised"), [(date(2026, 6, 1), 1), (date(2026, 6, 2), 0)])
def test_a_listing_counts_as_publicised_when_the_result_came_first(cast, applicant, result_on, publicised):
    """S26: five working days and the result recorded, then the listing; on the same day is in time, a day later not."""
    from tests.people import actor
    from zhibu.register import actions as register

    Membership.objects.filter(person=applicant).update(stage="activist")
    notice = notices.publish(
        cast.li, organisation=cast.mining, kind="admission", title="发展对象公示", subject=applicant.pk,
        opens_on=date(2026, 5, 25), closes_on=date(2026, 5, 29), now=at(date(2026, 5, 25)),
    )  # fmt: skip
    officer = actor(cast.people["li"], "secretary", cast.mining, frozenset({"register.*"}))
    day = date(2026, 6, 1)
    register.change_stage(
        officer,
        person=applicant,
        stage="prospect",
        since=day,
        today=date(2026, 6, 3),
        now=at(date(2026, 6, 3)),
    )
    notices.record_result(cast.li, notice=notice, result="无异议", now=at(result_on))
    assert listed(cast, "2026Q2") == (1, publicised)


def test_a_case_lists_its_person_when_the_result_is_recorded(cast, applicant, take, monkeypatch):
    """The window ends on Friday, the result comes on Monday: listed on Monday, in the order the rules ask for."""
    from pathlib import Path

    monkeypatch.setenv(rulebook.OVERLAYS_VARIABLE, str(Path(__file__).parent / "trial"))
    opened = date(2024, 1, 5)
    case = actions.open_case(
        cast.li,
        organisation=cast.mining,
        procedure="trial",
        opened_on=opened,
        person=applicant.pk,
        now=at(opened),
    )
    to_prospect(case, take)
    take(case, "prospect_consented", date(2026, 5, 20), reply="consented", role="superior")
    notice = actions.publish(
        cast.li, case=case, step="prospect_publicised", opens_on=date(2026, 5, 25), now=at(date(2026, 5, 25))
    )
    notices.record_result(cast.li, notice=notice, result="无异议", now=at(date(2026, 6, 1)))
    take(case, "prospect_publicised", date(2026, 6, 2))
    assert Membership.objects.get(person=applicant, until=None).since == date(2026, 6, 1)
    assert listed(cast, "2026Q2") == (1, 1)


def test_a_notice_that_hung_on_paper_is_a_notice_too(cast, applicant, take, monkeypatch):
    """Entered with its step only: S26 counts it as what it was, once, and takes it back with the step."""
    from pathlib import Path

    from zhibu.notices.models import Notice
    from zhibu.notices.queries import hung_on_paper

    monkeypatch.setenv(rulebook.OVERLAYS_VARIABLE, str(Path(__file__).parent / "trial"))
    case = actions.open_case(
        cast.li, organisation=cast.mining, procedure="trial", opened_on=date(2024, 1, 5), person=applicant.pk,
        now=at(date(2024, 1, 5)),
    )  # fmt: skip
    to_prospect(case, take)
    take(case, "prospect_consented", date(2026, 5, 20), reply="consented", role="superior")
    window = (date(2026, 5, 25), date(2026, 5, 29))
    taken = take(
        case, "prospect_publicised", window[0], until=window[1], entered=date(2026, 6, 3)
    )  # fmt: skip
    notice = Notice.objects.get()
    assert taken.notice_id == notice.pk
    assert (
        notice.kind, notice.subject_id, notice.opens_on, notice.closes_on, notice.working_days, notice.least,
        notice.outcome, notice.objections, notice.result_on, notice.entered_on, notice.address,
    ) == ("admission", applicant.pk, *window, 5, 5, "clear", 0, window[1], date(2026, 6, 3), None)  # fmt: skip
    assert hung_on_paper(notice)
    assert listed(cast, "2026Q2") == (1, 1)
    actions.reverse_step(cast.li, taken=taken, reason="日期填错", now=at(date(2026, 6, 4)))
    notice.refresh_from_db()
    assert (notice.withdrawn, notice.withdrawn_because) == (1, "日期填错")
    # entered anew it is another one
    again = take(
        case, "prospect_publicised", window[0], until=date(2026, 6, 1), entered=date(2026, 6, 4)
    )  # fmt: skip
    assert again.notice_id != notice.pk
