"""Record once: a talk or an examination recorded in organisational life is the step that the running case waits for."""

import re
from datetime import date

import pytest

from tests.people import actor
from tests.rooms.procedures.conftest import at
from zhibu.life import actions as life
from zhibu.life.models import Examination, Talk
from zhibu.life.models.mobile import Contact
from zhibu.procedures import actions
from zhibu.procedures.models import StepTaken
from zhibu.procedures.told import Told
from zhibu.record.models import Entry
from zhibu.register.models import MobileSpell

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


class TestContacts:
    """A member away was reached: logged once, whichever side it was entered on."""

    LEFT = date(2026, 1, 12)

    @pytest.fixture
    def away(self, cast, take):
        """Zhao, away since January, whose case waits for a contact each quarter."""
        made = actions.open_case(
            cast.li, organisation=cast.mining, procedure="mobile_spell", opened_on=self.LEFT,
            person=cast.people["zhao"].pk, now=at(self.LEFT),
        )  # fmt: skip
        take(
            made,
            "left",
            self.LEFT,
            role="branch",
            values={"place": "深圳", "leaves_on": self.LEFT, "months": 8},
        )
        return made

    def contact(self, cast, on, *, way="phone", reached=True, who=None):
        spell = MobileSpell.objects.get(person=cast.people["zhao"])
        return life.record_contact(
            who or cast.li, spell=spell, way=way, reached=reached, held_on=on, now=at(on)
        )

    def test_in_vain_or_by_whoever_may_not_is_no_step(self, cast, away):
        assert self.contact(cast, date(2026, 4, 1), reached=False).served == ""
        other = actor(
            cast.people["wang"], "publicity_officer", cast.mining, frozenset({"life.record_contact"})
        )
        assert self.contact(cast, date(2026, 4, 2), who=other).served == ""
        assert steps(away, "contacted") == []

    def test_the_contact_is_the_step_and_the_next_is_a_quarter_later(self, cast, away):
        away.refresh_from_db()
        assert away.repeat_due == date(2026, 4, 12)
        made = self.contact(cast, date(2026, 4, 2), way="visit")
        away.refresh_from_db()
        assert made.served == "已同时登记为“流动党员管理 · 保持联系”"
        assert (steps(away, "contacted"), away.repeat_due) == (
            [(date(2026, 4, 2), made.pk)],
            date(2026, 7, 2),
        )
        assert away.steps.get(step="contacted").values == {"way": "visit"}
        acts = Entry.objects.filter(at__gte=at(date(2026, 4, 1))).order_by("pk").values_list("act", flat=True)
        assert list(acts) == ["life.record_contact", "procedures.take_step"]

    def test_a_way_the_step_does_not_name_is_left_out(self, cast, away):
        self.contact(cast, date(2026, 4, 2), way="relatives")
        assert away.steps.get(step="contacted").values == {}

    def test_taken_as_a_step_it_is_logged_and_not_taken_twice(self, cast, away, take):
        take(away, "contacted", date(2026, 4, 2), role="branch", values={"way": "phone"})
        assert [row.held_on for row in Contact.objects.all()] == [date(2026, 4, 2)]
        assert len(steps(away, "contacted")) == 1

    def test_what_others_logged_is_offered(self, cast, away, enter, settings):
        other = actor(
            cast.people["wang"], "publicity_officer", cast.mining, frozenset({"life.record_contact"})
        )
        self.contact(cast, date(2026, 4, 2), who=other, way="visit")
        client = enter(cast.people["li"])
        settings.ZHIBU_TODAY = "2026-04-20"
        body = client.get(f"/procedures/{away.pk}/step/contacted/").content.decode()
        assert ('value="2026-04-02"' in body, "沿用联系记录" in body) == (True, True)
        assert re.search(r'value="visit"[^>]*(checked|selected)', body)

    def test_a_search_is_ended_by_hand_with_the_contact_known(self, cast, away, take, enter, settings):
        """Whoever is reached while out of contact: the case is not ended by a log, it is asked to be."""
        case = actions.open_case(
            cast.li, organisation=cast.mining, procedure="lost_contact", opened_on=date(2026, 5, 6),
            person=cast.people["zhao"].pk, now=at(date(2026, 5, 6)), fields={"last_contact_on": date(2025, 10, 8)},
        )  # fmt: skip
        take(
            case,
            "searched",
            date(2026, 5, 7),
            role="branch",
            values={"ways": "经家属、原单位"},
            outcome="passed",
        )
        made = self.contact(cast, date(2026, 5, 20))
        assert made.served == ("已同时登记为“流动党员管理 · 保持联系”；请接着登记“失联党员处置 · 取得联系”")
        case.refresh_from_db()
        assert case.state == "running"
        settings.ZHIBU_TODAY = "2026-05-21"
        body = enter(cast.people["li"]).get(f"/procedures/{case.pk}/step/contact_regained/").content.decode()
        assert ('value="2026-05-20"' in body, "电话" in body) == (True, True)
        take(case, "contact_regained", date(2026, 5, 20), role="branch", values={"how": "电话"})
        case.refresh_from_db()
        assert (case.state, case.ended) == ("ended", "found")
