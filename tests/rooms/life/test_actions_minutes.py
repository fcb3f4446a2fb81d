"""A meeting from plan to correction: refused, done, recorded."""

from datetime import date, timedelta

import pytest

from tests.people import JOINED
from zhibu import analytics, rulebook
from zhibu.core.refusal import Refused
from zhibu.life import actions, queries
from zhibu.life.models import AgendaItem, Attendance, Correction, Session
from zhibu.life.told import Held, Item, Missing
from zhibu.record.models import Entry
from zhibu.register.models import Membership, Post
from zhibu.ui.doors import Stale

DAY = date(2026, 7, 16)


def codes(refused: pytest.ExceptionInfo[Refused]) -> tuple[str, ...]:
    return refused.value.codes


def record(town, actor, now, *, kind="committee_meeting", group=None, close=True, **held):
    told = Held(**{"held_on": DAY, **held})
    return actions.record(
        actor, organisation=town.mining, party_group=group, kind=kind, held=told, now=now, close=close
    )


class TestRecord:
    def test_not_outside_ones_part(self, town, now):
        for outsider in (town.qian, town.chen, town.sun):
            with pytest.raises(Refused) as refused:
                record(town, outsider, now)
            assert codes(refused) == ("life.no_mandate",)
        assert Session.objects.count() == 0
        assert Entry.objects.count() == 0

    def test_a_group_leader_records_for_the_own_group_only(self, town, now):
        own = record(town, town.zhao, now, kind="group_meeting", group=town.second_group)
        assert (own.party_group, own.expected_count, own.state) == (town.second_group, 2, "closed")
        for group in (town.first_group, None):
            with pytest.raises(Refused) as refused:
                record(town, town.zhao, now, kind="group_meeting", group=group)
            assert codes(refused) == ("life.no_mandate",)

    def test_never_in_the_future_nor_outside_the_life_of_the_branch(self, town, now):
        with pytest.raises(Refused) as refused:
            record(town, town.li, now, held_on=now.date() + timedelta(days=1))
        assert codes(refused) == ("life.in_the_future",)
        with pytest.raises(Refused) as refused:
            record(town, town.li, now, held_on=date(2009, 12, 31))
        assert codes(refused) == ("life.before_founding",)
        town.mining.closed_on = DAY
        town.mining.save()
        with pytest.raises(Refused) as refused:
            record(town, town.li, now)
        assert codes(refused) == ("life.after_closing",)

    def test_nobody_expected_and_strangers_missing(self, town, now):
        with pytest.raises(Refused) as refused:
            record(town, town.li, now, held_on=JOINED - timedelta(days=1))
        assert codes(refused) == ("life.nobody_expected",)
        with pytest.raises(Refused) as refused:
            record(town, town.li, now, missing=[Missing(town.people["qian"].pk)])
        assert codes(refused) == ("life.not_on_the_roll",)

    def test_the_same_meeting_twice_only_when_meant(self, town, now):
        record(town, town.li, now)
        with pytest.raises(Refused) as refused:
            record(town, town.li, now)
        assert codes(refused) == ("life.duplicate",)
        record(town, town.li, now, again=True)
        assert Session.objects.count() == 2

    def test_done_and_recorded(self, town, now):
        people = town.people
        session = record(
            town, town.li, now, kind="general_meeting", place="二楼", chair=people["li"].pk, study_minutes=90,
            missing=[Missing(people["zhao"].pk, "excused", "出差"), Missing(people["chen"].pk, "absent")],
            agenda=[Item("听取报告", "committee_report", "同意"), Item("  ")],
        )  # fmt: skip
        known_at = round(now.timestamp() * 1000)
        assert (
            session.expected_count,
            session.present_count,
            session.excused_count,
            session.absent_count,
        ) == (4, 2, 1, 1)
        assert (session.expected_voters, session.voters_present, session.half_present) == (3, 2, 1)
        assert (session.entered_on, session.entry_delay, session.known_at) == (now.date(), 4, known_at)
        assert (session.state, session.closed_by, session.made_up) == ("closed", "李书记", 0)
        rows = Attendance.objects.order_by("person_id").values_list(
            "person__name", "state", "reason", "votes", "study_minutes"
        )
        assert list(rows) == [
            ("李书记", "present", "", 1, 90),
            ("王副书记", "present", "", 1, 90),
            ("赵党员", "excused", "出差", 1, 0),
            ("陈预备", "absent", "", 0, 0),
        ]
        assert set(Attendance.objects.values_list("held_on", "known_at", "organisation")) == {
            (DAY, known_at, town.mining.pk)
        }
        assert list(AgendaItem.objects.values_list("title", "tag", "resolution", "session_kind", "session_closed", "held_on", "known_at")) == [
            ("听取报告", "committee_report", "同意", "general_meeting", 1, DAY, known_at)
        ]  # fmt: skip
        assert list(Entry.objects.order_by("sequence").values_list("act", "organisation_id", "subject_id", "actor_post")) == [
            ("life.record", town.mining.pk, session.pk, "secretary"),
            ("life.close_minutes", town.mining.pk, session.pk, "secretary"),
        ]  # fmt: skip

    def test_saved_for_later_is_no_evidence_yet(self, town, now):
        session = record(town, town.li, now, close=False)
        assert (session.state, session.closed_at) == ("held", None)

    def test_made_up_only_for_an_earlier_month(self, town, now):
        with pytest.raises(Refused) as refused:
            record(town, town.li, now, makes_up_for=date(2026, 7, 1))
        assert codes(refused) == ("life.nothing_to_make_up",)
        session = record(town, town.li, now, makes_up_for=date(2026, 6, 1))
        words = [mark.text for mark in queries.state_marks(session, now.date())]
        assert words == ["已归档", "补开6月", "会后 4 天录入"]


def test_a_report_counts_where_a_general_meeting_counts(town, now):
    """S09, S27 by hand: not at one that makes up for an earlier month, nor where fewer than half were there."""

    def facts():
        names = ("life.committee_reports", "life.mass_organisation_items")
        path = town.mining.path
        found = analytics.facts_for(
            rulebook.load(()), names, path, path + "0", date(2026, 7, 1), date(2026, 9, 30)
        )
        return tuple(found[town.mining.pk][name] for name in names)

    agenda = [
        Item("听取报告", "committee_report", "同意"),
        Item("工会工作", "mass_organisations", "添置球桌"),
    ]
    away = [Missing(town.people[name].pk, "absent") for name in ("wang", "zhao", "chen")]
    record(town, town.li, now, kind="general_meeting", agenda=agenda, makes_up_for=date(2026, 6, 1))
    assert facts() == (0, 0)
    record(town, town.li, now, kind="general_meeting", agenda=agenda, missing=away, again=True)
    assert facts() == (0, 1)
    record(town, town.li, now, kind="general_meeting", agenda=agenda, again=True)
    assert facts() == (1, 2)
    day = DAY - timedelta(days=1)
    record(town, town.li, now, kind="committee_meeting", agenda=agenda, held_on=day)
    assert facts() == (1, 3)


class TestRoll:
    def test_by_kind(self, town, now):
        def names(kind, group=None, day=DAY):
            return [each.name for each in queries.roll(town.mining, kind, day, group)]

        everyone = ["陈预备", "李书记", "王副书记", "赵党员"]
        for kind in (
            "general_meeting",
            "party_lesson",
            "themed_day",
            "group_study",
            "organisational_life_meeting",
            "member_appraisal",
        ):
            assert names(kind) == everyone
        for kind in ("committee_meeting", "committee_study"):
            assert names(kind) == ["李书记", "王副书记", "赵党员"]
        assert names("group_meeting", town.first_group) == ["李书记", "王副书记"]
        assert names("general_meeting", day=date(2014, 1, 1)) == []

    def test_as_it_was_on_the_day(self, town):
        Membership.objects.filter(person=town.people["zhao"]).update(until=DAY)
        Post.objects.filter(person=town.people["wang"]).update(until=DAY)
        before = DAY - timedelta(days=1)
        assert [len(queries.roll(town.mining, "general_meeting", day)) for day in (before, DAY)] == [4, 3]
        assert [len(queries.roll(town.mining, "committee_meeting", day)) for day in (before, DAY)] == [3, 2]


class TestPlan:
    def test_refused(self, town, now):
        values = {"organisation": town.mining, "kind": "general_meeting", "now": now}
        with pytest.raises(Refused) as refused:
            actions.plan(town.chen, planned_on=DAY, **values)
        assert codes(refused) == ("life.no_mandate", "life.already_over")
        with pytest.raises(Refused) as refused:
            actions.plan(town.li, planned_on=now.date(), **{**values, "organisation": town.committee})
        assert "life.not_a_branch" in codes(refused)

    def test_planned_convened_held_closed(self, town, now):
        planned = actions.plan(
            town.li, organisation=town.mining, kind="general_meeting", planned_on=now.date(), now=now,
            agenda=[Item("工作报告", "committee_report")],
        )  # fmt: skip
        actions.convene(town.li, session=planned, planned_on=now.date(), place="礼堂", now=now)
        later = now + timedelta(days=14)
        held = actions.hold(
            town.wang,
            session=planned,
            held=Held(later.date(), agenda=[Item("工作报告", "committee_report")]),
            now=later,
        )
        assert [mark.text for mark in queries.state_marks(held, later.date())] == [
            "已召开，未归档",
            "延期召开",
        ]
        closed = actions.close_minutes(town.li, session=held, now=later)
        assert (closed.state, closed.place, closed.entry_delay) == ("closed", "", 0)
        acts = list(Entry.objects.order_by("sequence").values_list("act", flat=True))
        assert acts == ["life.plan", "life.convene", "life.hold", "life.close_minutes"]

    def test_cancelled_with_a_reason_once(self, town, now):
        planned = actions.plan(
            town.li, organisation=town.mining, kind="themed_day", planned_on=now.date(), now=now
        )
        with pytest.raises(Refused) as refused:
            actions.cancel(town.li, session=planned, reason=" ", now=now)
        assert codes(refused) == ("life.reason_needed",)
        actions.cancel(town.li, session=planned, reason="停产检修", now=now)
        with pytest.raises(Refused) as refused:
            actions.hold(town.li, session=planned, held=Held(DAY), now=now)
        assert codes(refused) == ("life.is_cancelled",)


class TestMinutes:
    def test_two_editors_lose_nothing(self, town, now):
        session = record(town, town.li, now, close=False, agenda=[Item("甲")])
        version = session.version
        values = {"session": session, "title": session.title, "place": "", "agenda": [Item("甲")], "now": now}
        actions.edit_minutes(town.li, minutes="李的记录", version=version, **values)
        with pytest.raises(Stale) as stale:
            actions.edit_minutes(town.wang, minutes="王的记录", version=version, **values)
        assert [(row.label, row.theirs, row.mine) for row in stale.value.rows if row.theirs != row.mine] == [
            ("记录", "李的记录", "王的记录")
        ]
        assert stale.value.back == f"/life/{session.pk}/minutes/"
        session.refresh_from_db()
        assert session.minutes == "李的记录"

    def test_the_same_text_twice_is_no_conflict(self, town, now):
        session = record(town, town.li, now, close=False)
        values = {
            "session": session,
            "title": session.title,
            "place": "",
            "agenda": [],
            "now": now,
            "version": session.version,
        }
        actions.edit_minutes(town.li, minutes="一\r\n二", **values)
        actions.edit_minutes(town.li, minutes="一\n二", **values)
        assert Entry.objects.filter(act="life.edit_minutes").count() == 1

    def test_closed_minutes_are_not_edited(self, town, now):
        session = record(town, town.li, now)
        with pytest.raises(Refused) as refused:
            actions.edit_minutes(
                town.li,
                session=session,
                version=session.version,
                title="x",
                place="",
                minutes="",
                agenda=[],
                now=now,
            )
        assert codes(refused) == ("life.is_closed",)

    def test_the_chair_closes_without_a_post_and_nobody_closes_twice(self, town, now):
        session = record(town, town.li, now, close=False, chair=town.people["chen"].pk)
        with pytest.raises(Refused) as refused:
            actions.close_minutes(town.sun, session=session, now=now)
        assert codes(refused) == ("life.no_mandate",)
        actions.close_minutes(town.chen, session=session, now=now)
        with pytest.raises(Refused) as refused:
            actions.close_minutes(town.li, session=session, now=now)
        assert codes(refused) == ("life.is_closed",)

    def test_a_draft_is_nobody_elses_and_goes_with_saving(self, town, now):
        session = record(town, town.li, now, close=False)
        actions.keep_draft(
            town.li, session=session, values={"minutes": "写到一半"}, version=session.version, now=now
        )
        assert queries.draft_of(session, town.wang.user) is None
        assert queries.draft_of(session, town.li.user)["values"] == {"minutes": "写到一半"}
        actions.edit_minutes(
            town.li,
            session=session,
            version=session.version,
            title="t",
            place="",
            minutes="完",
            agenda=[],
            now=now,
        )
        assert queries.draft_of(session, town.li.user) is None
        assert Entry.objects.filter(act__contains="draft").count() == 0


class TestCorrect:
    def test_refused(self, town, now):
        session = record(town, town.li, now)
        for actor, reason, texts, code in (
            (town.chen, "错字", {"place": "x"}, "life.no_mandate"),
            (town.li, "  ", {"place": "x"}, "life.reason_needed"),
            (town.li, "错字", {"place": ""}, "life.nothing_changed"),
        ):
            with pytest.raises(Refused) as refused:
                actions.correct(actor, session=session, reason=reason, texts=texts, now=now)
            assert codes(refused) == (code,)

    def test_before_and_after_are_kept_and_counts_follow(self, town, now):
        session = record(town, town.li, now, place="二楼")
        later = now + timedelta(days=3)
        actions.correct(
            town.li, session=session, reason="点错人", now=later, texts={"place": "三楼"},
            attendance={town.people["zhao"].pk: ("excused", "出差")},
        )  # fmt: skip
        session.refresh_from_db()
        assert (session.place, session.present_count, session.excused_count, session.voters_present) == (
            "三楼",
            2,
            1,
            2,
        )
        assert session.known_at == round(later.timestamp() * 1000)
        assert session.entered_on == now.date()
        rows = Correction.objects.order_by("id").values_list(
            "field", "before", "after", "reason", "by_name", "at"
        )
        assert list(rows) == [
            ("place", "二楼", "三楼", "点错人", "李书记", later),
            ("attendance", "赵党员 实到", "赵党员 请假（出差）", "点错人", "李书记", later),
        ]

    def test_the_day_moves_on_every_row_and_never_past_its_entry(self, town, now):
        session = record(town, town.li, now, agenda=[Item("甲")])
        with pytest.raises(Refused) as refused:
            actions.correct(
                town.li,
                session=session,
                reason="写错",
                held_on=now.date() + timedelta(days=1),
                now=now + timedelta(days=9),
            )
        assert codes(refused) == ("life.in_the_future",)
        day = DAY - timedelta(days=1)
        actions.correct(town.li, session=session, reason="写错", held_on=day, now=now)
        session.refresh_from_db()
        assert (session.held_on, session.entry_delay) == (day, 5)
        assert set(Attendance.objects.values_list("held_on", flat=True)) == {day}
        assert set(AgendaItem.objects.values_list("held_on", flat=True)) == {day}

    def test_words_alone_leave_the_evidence_known_since_closing(self, town, now):
        session = record(town, town.li, now)
        actions.correct(
            town.li, session=session, reason="错字", texts={"minutes": "改"}, now=now + timedelta(days=3)
        )
        session.refresh_from_db()
        assert session.known_at == round(now.timestamp() * 1000)
