"""Opening a case, taking steps, answering from above: refused, done, recorded."""

import json
from datetime import date

import pytest

from tests.rooms.procedures.conftest import at
from zhibu import rulebook
from zhibu.core.refusal import Refused
from zhibu.life.models import Examination, Talk
from zhibu.procedures import actions
from zhibu.procedures.models import Case, PastCase, StepTaken
from zhibu.procedures.told import Told
from zhibu.record.models import Entry
from zhibu.register.models import Membership

OPENED = date(2024, 1, 5)


@pytest.fixture
def case(cast, applicant):
    return actions.open_case(
        cast.li,
        organisation=cast.mining,
        procedure="trial",
        opened_on=OPENED,
        person=applicant.pk,
        now=at(OPENED),
    )


def codes(call):
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.codes


def stage(person):
    return Membership.objects.get(person=person, until=None).stage


def test_who_may_not_open(cast, applicant):
    def opened(who, **changes):
        values = {
            "organisation": cast.mining, "procedure": "trial", "opened_on": OPENED, "person": applicant.pk,
            "now": at(OPENED),
        }  # fmt: skip
        return lambda: actions.open_case(who, **(values | changes))

    assert codes(opened(cast.qian)) == ("procedures.no_mandate",)
    assert codes(opened(cast.wang)) == ("procedures.no_mandate",)
    assert codes(opened(cast.li, procedure="nothing")) == ("procedures.unknown",)
    assert codes(opened(cast.li, person=None)) == ("procedures.person_needed",)
    assert codes(opened(cast.li, person=cast.people["qian"].pk)) == ("procedures.not_of_the_branch",)
    assert codes(opened(cast.li, opened_on=date(2024, 2, 1))) == ("procedures.opened_in_future",)
    assert codes(opened(cast.li, fields={"nothing": 1})) == ("field_unknown",)
    assert Case.objects.count() == 0


def test_one_open_case_a_person(cast, case, applicant):
    assert codes(
        lambda: actions.open_case(
            cast.li, organisation=cast.mining, procedure="trial", opened_on=OPENED, person=applicant.pk,
            now=at(OPENED),
        )
    ) == ("procedures.open_already",)  # fmt: skip


def test_opening_is_recorded_and_the_next_step_known(cast, case):
    entry = Entry.objects.get(act="procedures.open_case")
    assert (entry.actor_name, entry.subject_table, entry.subject_id) == ("李书记", "zb_case", case.pk)
    assert (case.next_step, case.next_role, case.state, case.title) == (
        "apply",
        "subject",
        "running",
        "孙申请",
    )
    assert case.digest == rulebook.load().digest


def test_who_may_not_take_a_step(cast, case, take):
    for who in (cast.qian, cast.wang):
        assert codes(lambda who=who: take(case, "apply", OPENED, who=who)) == ("procedures.no_mandate",)
    # nor does the branch answer itself
    assert codes(
        lambda: actions.reply(
            cast.li, case=case, step="prospect_consented", told=Told(reply="consented"), now=at(OPENED)
        )
    ) == ("procedures.no_mandate",)
    assert codes(
        lambda: actions.reply(cast.sun, case=case, step="apply", told=Told(on=OPENED), now=at(OPENED))
    ) == ("procedures.for_the_branch",)
    assert StepTaken.objects.count() == 0


def test_an_impossible_sequence_is_refused_with_the_useful_reason_first(case, take):
    assert codes(lambda: take(case, "talk", OPENED))[0] == "step_missing"
    assert codes(lambda: take(case, "apply", date(2024, 1, 6), entered=OPENED)) == ("in_future",)
    assert codes(lambda: take(case, "no_such", OPENED)) == ("procedures.unknown_step",)


def test_a_step_changes_the_register_and_says_so(cast, case, take, applicant):
    take(case, "apply", OPENED)
    taken = take(case, "talk", date(2024, 1, 20), people=[cast.people["li"].pk])
    selected = take(case, "activist_selected", date(2024, 3, 1), role="branch_committee")
    assert stage(applicant) == "activist"
    assert selected.effects == [
        {"does": "set_stage", "person": applicant.pk, "stage": "activist", "was": "applicant"}
    ]
    assert (selected.digest, selected.row_since, selected.entry_delay) == (rulebook.load().digest, None, 0)
    entry = Entry.objects.filter(act="procedures.take_step").latest("pk")
    assert entry.actor_post == "secretary"
    change = Entry.objects.get(act="register.change_stage")
    assert (change.actor_name, change.subject_id) == ("李书记", applicant.pk)
    # the talk is recorded once, in the room of organisational life
    talk = Talk.objects.get()
    assert (talk.person_id, talk.talker_id, talk.kind, taken.evidence_id) == (
        applicant.pk, cast.people["li"].pk, "admission_talk", talk.pk,
    )  # fmt: skip


def test_a_talk_recorded_before_is_the_step_and_not_doubled(cast, case, take, applicant):
    from zhibu.life import actions as life

    take(case, "apply", OPENED)
    there = life.record_talk(
        cast.li, organisation=cast.mining, kind="admission_talk", person=applicant.pk, talker=cast.people["li"].pk,
        held_on=date(2024, 1, 20), now=at(date(2024, 1, 20)),
    )  # fmt: skip
    assert codes(lambda: take(case, "talk", date(2024, 1, 20))) == ("already_done",)
    assert case.steps.get(step="talk").evidence_id == there.pk
    assert Talk.objects.count() == 1


def to_prospect(case, take):
    """Up to the proposal of 2026-04-01."""
    take(case, "apply", OPENED)
    take(case, "talk", date(2024, 1, 20))
    take(case, "activist_selected", date(2024, 3, 1))
    take(case, "examined", date(2024, 9, 2))
    take(case, "examined", date(2025, 3, 3))
    take(case, "prospect_proposed", date(2026, 4, 1), role="branch_committee")


def test_late_entry_is_visible_and_examinations_are_recorded_once(case, take):
    to_prospect(case, take)
    assert list(Examination.objects.values_list("held_on", flat=True).order_by("pk")) == [
        date(2024, 9, 2), date(2025, 3, 3),
    ]  # fmt: skip
    late = take(
        case, "prospect_consented", date(2026, 4, 10), reply="filed", role="superior", entered=date(2026, 6, 1)
    )  # fmt: skip
    assert (late.entry_delay, late.row_since) == (52, date(2014, 5, 28))


def test_the_rule_of_the_day_of_the_step(case, take, applicant):
    """The rules changed on 2026-05-11: the same reply is enough a day before and not on the day."""
    to_prospect(case, take)
    assert codes(
        lambda: take(case, "prospect_consented", date(2026, 5, 11), reply="filed", role="superior")
    ) == ("reply_not_sufficient",)
    taken = take(case, "prospect_consented", date(2026, 5, 10), reply="filed", role="superior")
    assert (taken.row_since, stage(applicant)) == (date(2014, 5, 28), "prospect")
    case.refresh_from_db()
    assert (case.state, case.ended) == ("ended", "completed")


def test_what_waits_above_is_in_the_columns(case, take):
    to_prospect(case, take)
    case.refresh_from_db()
    assert (case.next_step, case.above_step, case.above_from) == (
        "prospect_consented", "prospect_consented", date(2026, 4, 1),
    )  # fmt: skip


def test_a_refusal_from_above_sends_the_case_back(case, take):
    to_prospect(case, take)
    take(case, "prospect_consented", date(2026, 5, 20), reply="refused", role="superior", note="材料不全")
    case.refresh_from_db()
    assert (case.next_step, case.above_step, case.state) == ("prospect_proposed", "", "running")


def test_a_reversed_step_stays_and_holds_no_longer(cast, case, take, applicant):
    take(case, "apply", OPENED)
    take(case, "talk", date(2024, 1, 20))
    selected = take(case, "activist_selected", date(2024, 3, 1))
    examined = take(case, "examined", date(2024, 9, 2))

    def reverse(taken, who=None, reason="误登"):
        return actions.reverse_step(who or cast.li, taken=taken, reason=reason, now=at(date(2024, 9, 3)))

    assert codes(lambda: reverse(examined, cast.qian)) == ("procedures.no_mandate",)
    assert codes(lambda: reverse(examined, reason=" ")) == ("procedures.reason_needed",)
    assert codes(lambda: reverse(selected)) == ("procedures.rests_on_it",)
    assert stage(applicant) == "activist"
    reverse(examined)
    reverse(selected)
    assert stage(applicant) == "applicant"
    case.refresh_from_db()
    selected.refresh_from_db()
    assert (case.next_step, selected.reversed, selected.reversed_because, selected.reversed_by) == (
        "activist_selected", 1, "误登", "李书记",
    )  # fmt: skip
    assert codes(lambda: reverse(selected)) == ("procedures.reversed",)
    assert Entry.objects.filter(act="procedures.reverse_step").count() == 2
    assert Entry.objects.filter(act="register.take_back_stage").count() == 1
    # and it can be taken again
    take(case, "activist_selected", date(2024, 3, 2))
    assert stage(applicant) == "activist"


def test_a_step_twice_is_refused(case, take):
    take(case, "apply", OPENED)
    assert codes(lambda: take(case, "apply", OPENED)) == ("already_done",)


def test_two_people_at_once(cast, case):
    from zhibu.ui.doors import Stale

    version = case.version
    actions.take_step(cast.li, case=case, step="apply", told=Told(on=OPENED), now=at(OPENED), version=version)
    with pytest.raises(Stale):
        actions.take_step(
            cast.li, case=case, step="talk", told=Told(on=OPENED), now=at(OPENED), version=version
        )
    assert StepTaken.objects.count() == 1


def test_suspended_resumed_ended(cast, case, take):
    day = date(2024, 2, 1)
    take(case, "apply", OPENED)
    assert codes(lambda: actions.suspend(cast.qian, case=case, on=day, reason="x", now=at(day))) == (
        "procedures.no_mandate",
    )
    assert codes(lambda: actions.suspend(cast.li, case=case, on=day, reason="", now=at(day))) == (
        "procedures.reason_needed",
    )
    actions.suspend(cast.li, case=case, on=day, reason="本人长期外出", now=at(day))
    case.refresh_from_db()
    assert (case.state, case.suspended_on, case.next_step) == ("suspended", day, "")
    assert codes(lambda: take(case, "talk", day)) == ("case_suspended",)
    actions.resume(cast.li, case=case, on=day, reason="已返回", now=at(day))
    assert codes(
        lambda: actions.end_case(cast.li, case=case, ending="archived", on=day, reason="x", now=at(day))
    ) == ("procedures.ending_by_steps",)
    actions.end_case(cast.li, case=case, ending="withdrawn", on=day, reason="本人撤回", now=at(day))
    case.refresh_from_db()
    assert (case.state, case.ended, case.ended_on, case.next_step) == ("ended", "withdrawn", day, "")
    assert codes(lambda: take(case, "talk", day)) == ("procedures.ended",)
    assert list(Entry.objects.filter(act__startswith="procedures.").order_by("pk").values_list("act", flat=True)) == [
        "procedures.open_case", "procedures.take_step", "procedures.suspend", "procedures.resume", "procedures.end_case",
    ]  # fmt: skip


def test_the_case_goes_with_the_person(cast, case, take, applicant):
    """Moved in the register, the person takes the open case along, and the time counts on."""
    from tests.people import actor
    from zhibu.core.authority import Reach
    from zhibu.register import actions as register

    take(case, "apply", OPENED)
    take(case, "talk", date(2024, 1, 20))
    day = date(2024, 2, 1)
    sun = actor(
        cast.people["sun"], "committee_officer", cast.committee, frozenset({"register.*"}), Reach.BELOW
    )
    register.transfer(sun, person=applicant, organisation=cast.depot, since=day, today=day, now=at(day))
    case.refresh_from_db()
    assert (case.organisation_id, case.next_step) == (cast.depot.pk, "activist_selected")
    assert codes(lambda: take(case, "activist_selected", date(2024, 3, 1))) == ("procedures.no_mandate",)
    take(case, "activist_selected", date(2024, 3, 1), who=cast.qian)
    assert stage(applicant) == "activist"


def test_a_notice_is_opened_for_the_step_and_the_step_done_from_its_result(cast, case, take, applicant):
    from zhibu.notices import actions as notices

    to_prospect(case, take)
    take(case, "prospect_consented", date(2026, 5, 20), reply="consented", role="superior")
    day = date(2026, 5, 25)

    def publish(who):
        return actions.publish(who, case=case, step="prospect_publicised", opens_on=day, now=at(day))

    assert codes(lambda: publish(cast.qian)) == ("procedures.no_mandate",)
    notice = publish(cast.li)
    assert (notice.kind, notice.subject_id, notice.opens_on, notice.closes_on) == (
        "admission", applicant.pk, day, date(2026, 5, 29),
    )  # fmt: skip
    assert codes(lambda: publish(cast.li)) == ("procedures.published",)
    later = date(2026, 6, 1)
    assert codes(lambda: take(case, "prospect_publicised", later)) == ("procedures.notice_without_result",)
    notices.record_result(cast.li, notice=notice, result="无异议", now=at(later))
    taken = take(case, "prospect_publicised", later)
    assert (taken.taken_on, taken.until_on, taken.outcome, taken.notice_id) == (
        day, date(2026, 5, 29), "clean", notice.pk,
    )  # fmt: skip
    assert stage(applicant) == "prospect"


def test_answering_several_at_once(cast, case, take, applicant):
    to_prospect(case, take)
    told = Told(on=date(2026, 5, 20), reply="consented")
    now = at(date(2026, 5, 20))
    assert codes(
        lambda: actions.bulk_reply(cast.sun, cases=[], step="prospect_consented", told=told, now=now)
    ) == ("procedures.none_chosen",)
    assert codes(
        lambda: actions.bulk_reply(cast.li, cases=[case], step="prospect_consented", told=told, now=now)
    ) == ("procedures.one_refused", "procedures.no_mandate")
    (taken,) = actions.bulk_reply(cast.sun, cases=[case], step="prospect_consented", told=told, now=now)
    assert (taken.reply, taken.outcome) == ("consented", "done")


def test_papers_are_filed_by_place_or_file(cast, case):
    def file(who, **changes):
        return actions.attach_paper(who, case=case, paper="application_letter", now=at(OPENED), **changes)

    assert codes(lambda: file(cast.qian, note="档案柜")) == ("procedures.no_mandate",)
    assert codes(lambda: file(cast.li)) == ("procedures.paper_or_place",)
    row = file(cast.li, note="档案柜第二层")
    assert (row.paper, row.note, row.attachment) == ("application_letter", "档案柜第二层", None)


def test_the_columns_are_worked_out_anew(cast, case, take):
    """What lists show follows from the steps: rebuilt, it is what the acts left; and days that pass are seen."""
    from zhibu.procedures.actions.rebuilding import COLUMNS, rebuild

    take(case, "apply", OPENED)
    case.refresh_from_db()
    kept = {name: getattr(case, name) for name in COLUMNS if name != "known_at"}
    Case.objects.update(next_step="", next_due=None, judged_by="old")
    assert rebuild(OPENED, at(OPENED, 11)) == (1, 1)
    case.refresh_from_db()
    assert {name: getattr(case, name) for name in kept} == kept
    assert PastCase.objects.filter(key=case.pk).count() == 1  # what it read before is kept
    assert rebuild(OPENED, at(OPENED, 11)) == (1, 0)
    # desks are kept until an act of the room: one entry for the branch whose case stands otherwise, none for nothing
    entries = Entry.objects.filter(act="procedures.rebuild").values_list("organisation_id", "values")
    assert [(place, json.loads(values)) for place, values in entries] == [
        (case.organisation_id, {"cases": 1})
    ]


def test_a_notice_with_an_objection_upheld_sends_back(cast, case, take):
    from zhibu.notices import actions as notices

    to_prospect(case, take)
    take(case, "prospect_consented", date(2026, 5, 20), reply="consented", role="superior")
    day = date(2026, 5, 25)
    notice = actions.publish(cast.li, case=case, step="prospect_publicised", opens_on=day, now=at(day))
    later = date(2026, 6, 1)
    notices.record_result(cast.li, notice=notice, result="查实", objections=1, affects=True, now=at(later))
    taken = take(case, "prospect_publicised", later)
    case.refresh_from_db()
    assert (taken.outcome, taken.passes, case.next_step) == ("sustained", 0, "prospect_proposed")


def test_contact_with_a_member_away_is_recorded_once_and_resets_the_clock(cast, take):
    """The step `contacted` is a line of the log of contacts; a contact logged before is linked, not doubled."""
    from zhibu.life import actions as life
    from zhibu.life.models.mobile import Contact
    from zhibu.life.queries import away
    from zhibu.register.models import MobileSpell

    zhao, left, called = cast.people["zhao"], date(2026, 3, 2), date(2026, 6, 10)
    case = actions.open_case(
        cast.li, organisation=cast.mining, procedure="mobile_spell", opened_on=left, person=zhao.pk, now=at(left)
    )  # fmt: skip
    take(case, "left", left, values={"place": "杭州工地", "leaves_on": left, "months": 8})
    assert away.away_of(zhao.pk, called).standing == "due"
    step = take(case, "contacted", called, values={"way": "visit"})
    row = Contact.objects.get()
    assert (row.person_id, row.way, row.reached, row.held_on) == (zhao.pk, "visit", 1, called)
    assert (step.evidence_table, step.evidence_id, Talk.objects.count()) == ("zb_contact", row.pk, 0)
    found = away.away_of(zhao.pk, called)
    assert (found.reached_on, found.standing) == (called, "fresh")
    spell, again = MobileSpell.objects.get(), date(2026, 8, 20)
    logged = life.record_contact(
        cast.li, spell=spell, way="phone", reached=True, held_on=again, now=at(again)
    )
    assert take(case, "contacted", again).evidence_id == logged.pk
    assert Contact.objects.count() == 2
