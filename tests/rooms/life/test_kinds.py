"""Kinds of meeting from the rulebook: whom they expect, what they ask, what is wanting at the close."""

import json
from datetime import date, timedelta

import pytest

from zhibu.core.refusal import Refused
from zhibu.life import actions, details, queries
from zhibu.life.models import Correction, Session
from zhibu.life.told import Held, Item
from zhibu.record.models import Entry

DAY = date(2026, 7, 16)
LESSON = {"lecturer": "李书记", "outline": "一、为什么\n二、怎么做"}


def record(town, now, kind, *, close=True, **held):
    told = Held(**{"held_on": DAY, **held})
    return actions.record(town.li, organisation=town.mining, kind=kind, held=told, now=now, close=close)


class TestRoll:
    def test_who_is_expected(self, town, now):
        found = {
            kind: [each.name for each in queries.roll(town.mining, kind, DAY)]
            for kind in ("committee_life_meeting", "heart_to_heart_meeting", "voluntary_work")
        }
        members = ["陈预备", "李书记", "王副书记", "赵党员"]
        assert found == {
            "committee_life_meeting": ["李书记", "王副书记", "赵党员"],
            "heart_to_heart_meeting": [*members, "周积极"],
            "voluntary_work": members,
        }


class TestClosing:
    def test_a_lesson_without_its_lecturer_is_not_closed(self, town, now):
        with pytest.raises(Refused) as refused:
            record(town, now, "party_lesson")
        assert refused.value.codes == ("life.wanting_lecturer",)
        assert Session.objects.count() == 0

    def test_it_may_be_kept_open_and_tells_what_is_wanting(self, town, now):
        session = record(town, now, "party_lesson", close=False)
        assert [(each.code, each.blocks) for each in queries.wanting(session)] == [
            ("life.wanting_lecturer", True), ("life.wanting_outline", False),
        ]  # fmt: skip
        with pytest.raises(Refused):
            actions.close_minutes(town.li, session=session, now=now)
        actions.edit_minutes(
            town.li, session=session, version=session.version, title="党课", place="", minutes="", agenda=[],
            now=now, details=LESSON,
        )  # fmt: skip
        closed = actions.close_minutes(town.li, session=session, now=now)
        assert (closed.state, closed.details) == ("closed", LESSON)

    def test_what_should_be_there_is_recorded_and_passes(self, town, now):
        session = record(
            town, now, "organisational_life_meeting", details={"theme": "甲", "opinions": "一\n\n 二 "}
        )
        assert (session.state, session.details) == ("closed", {"theme": "甲", "opinions": ["一", "二"]})
        entry = Entry.objects.filter(act="life.close_minutes").get()
        assert json.loads(entry.values)["cautions"] == ["life.wanting_rectifications", "life.wanting_talks"]

    def test_a_talk_before_the_meeting_is_a_talk_before_it(self, town, now):
        people = town.people
        for days, person in ((61, "wang"), (-1, "zhao")):
            actions.record_talk(
                town.li, organisation=town.mining, kind="heart_to_heart", person=people[person].pk,
                talker=people["li"].pk, held_on=DAY - timedelta(days=days), now=now,
            )  # fmt: skip
        session = record(town, now, "committee_life_meeting", close=False)
        assert "life.wanting_talks" in [each.code for each in queries.wanting(session)]
        actions.record_talk(
            town.li, organisation=town.mining, kind="heart_to_heart", person=people["wang"].pk,
            talker=people["li"].pk, held_on=DAY - timedelta(days=60), now=now,
        )  # fmt: skip
        assert "life.wanting_talks" not in [each.code for each in queries.wanting(session)]


class TestDetails:
    def test_of_a_matter_only_when_it_is_on_the_agenda(self, town, now):
        told = {"committee_report.report": "上半年工作", "mass_organisations.union": "甲", "unknown": "乙"}
        session = record(
            town, now, "general_meeting", agenda=[Item("报告", "committee_report")], details=told
        )
        assert session.details == {"committee_report.report": "上半年工作"}
        assert [(each.label, each.text) for each in queries.shown(session)] == [("报告要点", "上半年工作")]

    @pytest.mark.parametrize(("kind", "told"), [
        ("voluntary_work", {"hours": "三"}), ("voluntary_work", {"hours": -1}), ("campaign", {"stage": "later"}),
        ("voluntary_work", {"task": 3}),
    ])  # fmt: skip
    def test_a_value_of_another_type_is_a_fault_of_a_program(self, kind, told):
        with pytest.raises(ValueError):
            details.settled(kind, (), told)

    def test_a_correction_shows_what_was_there(self, town, now):
        session = record(town, now, "party_lesson", details=LESSON)
        actions.correct(
            town.li, session=session, reason="写错", now=now, details={**LESSON, "lecturer": "王副书记"}
        )
        assert list(Correction.objects.values_list("field", "before", "after")) == [
            ("details.lecturer", "李书记", "王副书记")
        ]
        assert queries.corrections_of(session)[0]["label"] == "授课人"

    def test_two_writers_see_each_others_details(self, town, now):
        session = record(town, now, "party_lesson", close=False)
        told = {
            "session": session,
            "version": session.version,
            "title": "党课",
            "place": "",
            "minutes": "",
            "agenda": [],
        }
        actions.edit_minutes(town.li, **told, now=now, details={"lecturer": "甲"})
        with pytest.raises(actions.minutes.Stale) as stale:
            actions.edit_minutes(town.wang, **told, now=now, details={"lecturer": "乙"})
        assert ("授课人", "甲", "乙") in [(each.label, each.theirs, each.mine) for each in stale.value.rows]


def test_the_stages_of_a_campaign_stand_side_by_side(town, now):
    first = record(
        town,
        now,
        "campaign",
        details={"campaign": "作风", "stage": "mobilise"},
        held_on=DAY - timedelta(days=9),
    )
    record(
        town, now, "campaign", details={"campaign": "安全", "stage": "mend"}, held_on=DAY - timedelta(days=5)
    )
    second = record(town, now, "campaign", details={"campaign": "作风", "stage": "analyse"})
    assert [(each.title, each.session, each.current) for each in queries.stages(second)] == [
        ("学习动员", first.pk, False), ("分析评议", second.pk, True), ("整改提高", None, False), ("总结评星", None, False),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["party_lesson", "campaign", "committee_life_meeting", "themed_day"])
def test_every_kind_has_its_page(town, enter, now, kind):
    page = enter(town.people["li"]).get(f"/life/record/?kind={kind}")
    assert page.status_code == 200
    form = page.context["form"]
    assert {name for name in form.fields if name.startswith("d_")} == {
        f"d_{each.key}" for each in details.asked(kind)
    }


def test_a_session_shows_its_details_and_what_is_wanting(town, enter, now):
    session = record(town, now, "party_lesson", close=False, details={"outline": "<b>甲</b>"})
    page = enter(town.people["li"]).get(f"/life/{session.pk}/").content.decode()
    assert "&lt;b&gt;甲&lt;/b&gt;" in page
    assert "没有填写“授课人”" in page
