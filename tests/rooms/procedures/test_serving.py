"""Record once: a talk or an examination recorded in organisational life is the step that the running case waits for."""

import re
from datetime import date

import pytest

from tests.people import actor
from tests.rooms.procedures.conftest import at
from zhibu.life import actions as life
from zhibu.life.models import Examination, Talk
from zhibu.procedures import actions
from zhibu.procedures.models import StepTaken
from zhibu.procedures.told import Told
from zhibu.record.models import Entry

OPENED, SELECTED = date(2025, 1, 6), date(2025, 3, 10)


@pytest.fixture
def case(cast, applicant, take):
    """An activist since March, whose case waits for quarterly talks and half-yearly examinations."""
    made = actions.open_case(
        cast.li,
        organisation=cast.mining,
        procedure="admission",
        opened_on=OPENED,
        person=applicant.pk,
        now=at(OPENED),
    )
    take(made, "apply", OPENED)
    take(made, "talk", date(2025, 1, 20), values={"talker": cast.people["li"].pk})
    take(made, "activist_selected", SELECTED, role="branch_committee", values={"nominated_by": "members"})
    return made


def talk(cast, person, on, *, who=None, kind="activist_talk", entered=None):
    return life.record_talk(
        who or cast.li, organisation=cast.mining, kind=kind, person=person.pk, talker=cast.people["wang"].pk, held_on=on,
        now=at(entered or on),
    )  # fmt: skip


def examine(cast, person, on, opinion="表现较好"):
    return life.record_examination(
        cast.li, organisation=cast.mining, person=person.pk, held_on=on, opinion=opinion, now=at(on)
    )


def steps(case, name):
    rows = case.steps.filter(step=name, reversed=0).order_by("taken_on")
    return [(row.taken_on, row.evidence_id) for row in rows]


def test_what_is_no_step(cast, case, applicant):
    """A heart-to-heart between members, a talk with somebody else, and one by whoever may not enter steps."""
    talk(cast, cast.people["zhao"], date(2025, 5, 6), kind="heart_to_heart")
    other = actor(cast.people["wang"], "organisation_officer", cast.mining, frozenset({"life.record_talk"}))
    made = talk(cast, applicant, date(2025, 5, 7), who=other)
    assert (made.served, steps(case, "talked")) == ("", [])
    assert Entry.objects.filter(act="procedures.take_step", at__gte=at(date(2025, 5, 1))).count() == 0


def test_a_talk_is_the_quarterly_talk_of_the_case(cast, case, applicant):
    case.refresh_from_db()
    assert case.repeat_due == date(2025, 6, 10)
    made = talk(cast, applicant, date(2025, 5, 6))
    case.refresh_from_db()
    assert made.served == "发展党员 · 每季度谈心"
    assert steps(case, "talked") == [(date(2025, 5, 6), made.pk)]
    assert StepTaken.objects.get(step="talked").values == {"talker": cast.people["wang"].pk}
    assert Talk.objects.filter(kind="activist_talk").count() == 1
    assert case.repeat_due == date(2025, 8, 6), "the next one, a quarter later"
    acts = Entry.objects.filter(at__gte=at(date(2025, 5, 1))).order_by("pk").values_list("act", "actor_name")
    assert list(acts) == [("life.record_talk", "李书记"), ("procedures.take_step", "李书记")]


def test_examinations_are_those_of_the_case_and_count_once(cast, case, applicant):
    first, second = examine(cast, applicant, date(2025, 9, 5)), examine(cast, applicant, date(2026, 3, 2))
    assert steps(case, "examined") == [(date(2025, 9, 5), first.pk), (date(2026, 3, 2), second.pk)]
    assert Examination.objects.count() == 2
    assert "表现" not in str(list(case.steps.values_list("values", flat=True))), (
        "an opinion is sealed in the case"
    )


def test_a_talk_entered_late_shows_that_it_was(cast, case, applicant):
    talk(cast, applicant, date(2025, 5, 6), entered=date(2025, 6, 5))
    assert StepTaken.objects.get(step="talked").entry_delay == 30


def test_the_talk_with_an_applicant_is_the_step_too(cast, applicant, take):
    made = actions.open_case(
        cast.li,
        organisation=cast.mining,
        procedure="admission",
        opened_on=OPENED,
        person=applicant.pk,
        now=at(OPENED),
    )
    take(made, "apply", OPENED)
    row = talk(cast, applicant, date(2025, 1, 20), kind="admission_talk")
    assert steps(made, "talk") == [(date(2025, 1, 20), row.pk)]


def test_what_was_recorded_by_others_is_offered_and_linked(cast, case, applicant, enter, settings):
    """The form of the step knows the talk; entering it links the row that is there."""
    other = actor(cast.people["wang"], "organisation_officer", cast.mining, frozenset({"life.record_talk"}))
    row = talk(cast, applicant, date(2025, 5, 7), who=other)
    client = enter(cast.people["li"])
    settings.ZHIBU_TODAY = "2025-05-20"
    body = client.get(f"/procedures/{case.pk}/step/talked/").content.decode()
    assert 'value="2025-05-07"' in body
    assert "沿用已记录的谈话、考察，不另记一次" in body
    told = Told(on=date(2025, 5, 7), values={"talker": cast.people["wang"].pk})
    actions.take_step(cast.li, case=case, step="talked", told=told, now=at(date(2025, 5, 20)))
    assert steps(case, "talked") == [(date(2025, 5, 7), row.pk)]
    assert Talk.objects.filter(kind="activist_talk").count() == 1


def test_who_records_it_is_told_what_it_did(cast, case, applicant, enter):
    client = enter(cast.people["li"])
    sent = {"person": applicant.pk, "talker": cast.people["wang"].pk, "held_on": "2026-07-20"}
    token = re.search(
        r'name="form_token" value="([^"]+)"', client.get("/life/talks/record/").content.decode()
    )
    answer = client.post(
        "/life/talks/record/", sent | ({"form_token": token[1]} if token else {}), follow=True
    )
    assert "谈话已记录，已同时登记为“发展党员 · 每季度谈心”" in answer.content.decode()
    assert [day for day, _row in steps(case, "talked")] == [date(2026, 7, 20)]
