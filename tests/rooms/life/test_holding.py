"""A meeting while it goes on: the list, the quorum said out loud, hands counted, codes that do not live long."""

from datetime import date, datetime, timedelta

import pytest

from zhibu.core.refusal import Refused
from zhibu.life import actions, codes, queries
from zhibu.life.models import Arrival, Attendance, Decision, Remark, SignInWindow
from zhibu.life.told import Item, Missing
from zhibu.record.models import Entry
from zhibu.ui.doors import Stale

AGENDA = (Item("工作计划"), Item("接收周积极", "admission"))


@pytest.fixture
def today(now):
    return actions.checks.local_day(now)


@pytest.fixture
def planned(town, now, today):
    def plan(kind="general_meeting", agenda=AGENDA):
        return actions.plan(
            town.li,
            organisation=town.mining,
            kind=kind,
            planned_on=today,
            place="二楼",
            agenda=agenda,
            now=now,
        )

    return plan


@pytest.fixture
def begun(town, now, planned):
    return actions.call_roll(town.li, session=planned(), missing=[], now=now)


def codes_of(refused):
    return refused.value.codes


class TestCallingTheRoll:
    def test_not_by_members_nor_from_elsewhere(self, town, now, planned):
        session = planned()
        for other in (town.chen, town.qian, town.sun):
            with pytest.raises(Refused) as refused:
                actions.call_roll(other, session=session, missing=[], now=now)
            assert codes_of(refused) == ("life.no_mandate",)

    def test_not_before_its_day(self, town, now, planned):
        session = planned()
        with pytest.raises(Refused) as refused:
            actions.call_roll(town.li, session=session, missing=[], now=now - timedelta(days=1))
        assert codes_of(refused) == ("life.not_yet",)

    def test_the_meeting_begins_with_it(self, town, now, today, planned):
        people = town.people
        session = actions.call_roll(
            town.li, session=planned(), now=now, online=[people["wang"].pk],
            missing=[Missing(people["zhao"].pk, "excused", "出差")],
        )  # fmt: skip
        assert (session.state, session.held_on, session.place, session.chair_id) == (
            "held", today, "二楼", people["li"].pk,
        )  # fmt: skip
        assert (session.expected_count, session.expected_voters, session.present_count, session.voters_present) == (
            4, 3, 3, 2,
        )  # fmt: skip
        assert {row.person.name: (row.state, row.way) for row in Attendance.objects.select_related("person")} == {
            "李书记": ("present", "list"), "王副书记": ("present", "online"), "赵党员": ("excused", "list"),
            "陈预备": ("present", "list"),
        }  # fmt: skip
        assert [item.title for item in session.agenda.all()] == ["工作计划", "接收周积极"]
        assert Entry.objects.filter(act="life.call_roll").count() == 1

    def test_again_for_those_who_come_late_until_the_minutes_are_closed(self, town, now, begun):
        people = town.people
        session = actions.call_roll(town.li, session=begun, missing=[Missing(people["zhao"].pk)], now=now)
        assert session.present_count == 3
        session = actions.call_roll(town.li, session=session, missing=[], now=now)
        assert session.present_count == 4
        actions.close_minutes(town.li, session=session, now=now)
        with pytest.raises(Refused) as refused:
            actions.call_roll(town.li, session=session, missing=[], now=now)
        assert codes_of(refused) == ("life.is_closed",)


class TestQuorum:
    @pytest.mark.parametrize(("away", "reached"), [(["zhao"], True), (["zhao", "wang"], False)])
    def test_said_out_loud(self, town, now, planned, away, reached):
        missing = [Missing(town.people[name].pk) for name in away]
        session = actions.call_roll(town.li, session=planned(), missing=missing, now=now)
        found = queries.quorum(session)
        word = "达到法定人数" if reached else "不足法定人数"
        assert (found.said, found.reached) == (
            f"应到 4，有表决权 3，实到 {4 - len(away)}（有表决权 {3 - len(away)}）：{word}（≥ 2）", reached
        )  # fmt: skip

    def test_by_the_rule_of_the_item_and_none_where_no_rule_asks(self, town, now, begun, planned):
        assert [queries.quorum(begun, tag).rule for tag in ("other", "admission")] == [
            "general-meeting",
            "admission",
        ]
        study = actions.call_roll(town.li, session=planned("group_study", ()), missing=[], now=now)
        assert queries.quorum(study) is None


class TestDeciding:
    def test_not_by_members_nor_on_what_is_not_there(self, town, now, begun):
        with pytest.raises(Refused) as refused:
            actions.decide(town.chen, session=begun, position=1, yes=3, no=0, abstain=0, now=now)
        assert codes_of(refused) == ("life.no_mandate",)
        with pytest.raises(Refused) as refused:
            actions.decide(town.li, session=begun, position=9, yes=3, no=0, abstain=0, now=now)
        assert codes_of(refused) == ("life.no_such_item",)

    @pytest.mark.parametrize(("hands", "carried"), [((2, 1, 0), True), ((1, 0, 2), False)])
    def test_tested_against_its_rule(self, town, now, begun, hands, carried):
        yes, no, abstain = hands
        found = actions.decide(town.li, session=begun, position=1, yes=yes, no=no, abstain=abstain, now=now)
        result = "通过" if carried else "未通过"
        assert queries.hands_told(found).said == (
            f"应到有表决权 3，实到 3；赞成 {yes}，不赞成 {no}，弃权 {abstain}：{result}（≥ 2）"
        )
        assert (found.item, found.rule, bool(found.carried), found.void) == (
            "工作计划",
            "general-meeting",
            carried,
            0,
        )
        assert "超过应到会有表决权人数的 1/2" in found.told

    def test_without_a_quorum_it_does_not_count(self, town, now, planned):
        missing = [Missing(town.people[name].pk) for name in ("zhao", "wang")]
        session = actions.call_roll(town.li, session=planned(), missing=missing, now=now)
        found = actions.decide(town.li, session=session, position=1, yes=1, no=0, abstain=0, now=now)
        assert (found.carried, found.void) == (0, 1)
        assert queries.hands_told(found).said.endswith("无效（≥ 2）")

    def test_hands_are_those_of_the_voters_there(self, town, now, begun):
        with pytest.raises(Refused) as refused:
            actions.decide(town.li, session=begun, position=1, yes=4, no=0, abstain=0, now=now)
        assert codes_of(refused) == ("life.hands_differ",)

    def test_what_must_be_secret_is_not_decided_by_hands(self, town, now, begun):
        with pytest.raises(Refused) as refused:
            actions.decide(town.li, session=begun, position=2, yes=3, no=0, abstain=0, now=now)
        assert codes_of(refused) == ("life.secret_vote_needed",)
        assert not queries.items_in_progress(begun)[0][1]["hands"]

    def test_counted_again_the_last_one_holds_and_it_follows_its_item(self, town, now, begun):
        for yes in (1, 3):
            actions.decide(town.li, session=begun, position=1, yes=yes, no=0, abstain=3 - yes, now=now)
        actions.note_remark(
            town.li, session=begun, person=town.people["wang"].pk, text="同意", item="工作计划", now=now
        )
        begun.refresh_from_db()
        actions.edit_minutes(
            town.li, session=begun, version=begun.version, title="大会", place="", minutes="", now=now,
            agenda=[Item("三季度工作计划"), Item("接收周积极", "admission")],
        )  # fmt: skip
        row = queries.agenda_of(begun)[0]
        assert (row["decision"].carried, [each.text for each in row["remarks"]]) == (True, ["同意"])
        assert Decision.objects.count() == 2

    def test_items_are_taken_one_by_one(self, town, now, begun):
        for position, current in ((1, 1), (2, 2), (7, 0)):
            session = actions.take_item(town.li, session=begun, position=position, now=now)
            assert session.at_item == current
        assert [row["then"] for row in queries.items_in_progress(begun)[0]] == [2, 0]


class TestSigningIn:
    def ticket(self, session, actor, now):
        return codes.ticket_for(session.pk, actor.user, now)

    def test_only_when_opened_on_its_day_by_who_may(self, town, now, planned):
        session = planned()
        with pytest.raises(Refused) as refused:
            actions.sign_in(town.chen, session=session, ticket=self.ticket(session, town.chen, now), now=now)
        assert codes_of(refused) == ("life.sign_in_closed",)
        with pytest.raises(Refused) as refused:
            actions.open_sign_in(town.chen, session=session, now=now)
        assert codes_of(refused) == ("life.no_mandate",)
        with pytest.raises(Refused) as refused:
            actions.open_sign_in(town.li, session=session, now=now - timedelta(days=1))
        assert codes_of(refused) == ("life.not_today",)

    def test_for_oneself_with_a_fresh_ticket_and_twice_is_once(self, town, now, planned):
        session = planned()
        actions.open_sign_in(town.li, session=session, now=now)
        ticket = self.ticket(session, town.chen, now)
        for _ in range(2):
            actions.sign_in(town.chen, session=session, ticket=ticket, now=now + timedelta(seconds=180))
        assert list(Arrival.objects.values_list("person__name", flat=True)) == ["陈预备"]
        wrong = [
            (town.zhao, ticket, now), (town.chen, ticket, now + timedelta(seconds=181)), (town.chen, "x", now),
            (town.chen, codes.ticket_for(session.pk + 1, town.chen.user, now), now),
        ]  # fmt: skip
        for actor, used, at in wrong:
            with pytest.raises(Refused) as refused:
                actions.sign_in(actor, session=session, ticket=used, now=at)
            assert codes_of(refused) == ("life.code_stale",)
        with pytest.raises(Refused) as refused:
            actions.sign_in(town.qian, session=session, ticket=self.ticket(session, town.qian, now), now=now)
        assert codes_of(refused) == ("life.not_on_the_roll",)

    def test_not_after_it_was_ended_or_the_minutes_closed(self, town, now, planned):
        session = planned()
        actions.open_sign_in(town.li, session=session, now=now)
        ticket = self.ticket(session, town.chen, now)
        actions.close_sign_in(town.li, session=session, now=now)
        with pytest.raises(Refused) as refused:
            actions.sign_in(town.chen, session=session, ticket=ticket, now=now)
        assert codes_of(refused) == ("life.sign_in_closed",)
        actions.open_sign_in(town.li, session=session, now=now)
        session = actions.call_roll(town.li, session=session, missing=[], now=now)
        actions.close_minutes(town.li, session=session, now=now)
        with pytest.raises(Refused) as refused:
            actions.sign_in(town.chen, session=session, ticket=ticket, now=now)
        assert codes_of(refused) == ("life.sign_in_closed",)

    def test_a_code_lives_for_a_minute_at_most_and_for_one_opening(self, town, planned):
        # the beginning of a half-minute
        now = datetime.fromtimestamp(1_784_000_010 // 30 * 30).astimezone()
        session = planned()
        window = SignInWindow(session=session, secret="ab" * 32, opened_at=now)
        code = codes.code_at(window, now)
        ages = {
            age: codes.code_good(window, code, now + timedelta(seconds=age)) is None
            for age in (-1, 0, 29, 59, 60)
        }
        assert ages == {-1: False, 0: True, 29: True, 59: True, 60: False}
        window.secret = "cd" * 32
        assert codes.code_good(window, code, now).code == "life.code_stale"
        assert codes.code_good(None, code, now).code == "life.code_stale"

    def test_it_fills_the_list_in_and_the_list_decides(self, town, now, today, planned):
        session = planned()
        actions.open_sign_in(town.li, session=session, now=now)
        for actor in (town.chen, town.li):
            actions.sign_in(actor, session=session, ticket=self.ticket(session, actor, now), now=now)
        offered = queries.calling(session, today).initial["excused"]
        assert sorted(offered) == sorted(town.people[name].pk for name in ("wang", "zhao"))
        missing = [Missing(town.people[name].pk) for name in ("chen", "zhao")]
        session = actions.call_roll(town.li, session=session, missing=missing, now=now)
        ways = {row.person.name: (row.state, row.way) for row in session.attendance.select_related("person")}
        assert ways == {
            "李书记": ("present", "code"), "王副书记": ("present", "list"), "赵党员": ("excused", "list"),
            "陈预备": ("excused", "list"),
        }  # fmt: skip


class TestRemarks:
    def test_written_by_who_may_and_not_empty(self, town, now, begun):
        with pytest.raises(Refused):
            actions.note_remark(town.chen, session=begun, speaker="甲", text="乙", now=now)
        with pytest.raises(Refused) as refused:
            actions.note_remark(town.li, session=begun, text="没有人说", now=now)
        assert codes_of(refused) == ("life.remark_empty",)

    def test_two_who_change_one_see_both_and_the_empty_one_goes(self, town, now, begun):
        remark = actions.note_remark(town.li, session=begun, speaker="技术员", text="一", now=now)
        actions.amend_remark(town.li, remark=remark, text="二", version=1, now=now)
        with pytest.raises(Stale) as stale:
            actions.amend_remark(town.wang, remark=remark, text="三", version=1, now=now)
        assert [(each.theirs, each.mine) for each in stale.value.rows] == [("二", "三")]
        actions.amend_remark(town.wang, remark=remark, text="", version=2, now=now)
        assert Remark.objects.count() == 0


class TestPages:
    def test_the_chair_conducts_and_a_member_signs_in(self, town, enter, now, planned):
        session, people = planned(), town.people
        for other in ("chen", "qian"):
            assert enter(people[other]).get(f"/life/{session.pk}/conduct/").status_code == 404
        chair = enter(people["li"])
        assert chair.get(f"/life/{session.pk}/conduct/").status_code == 200
        assert chair.post(f"/life/{session.pk}/open-sign-in/").status_code == 302
        page = chair.get(f"/life/{session.pk}/code/").content.decode()
        address = page[page.index("/sign-in/?code=") :].split('"', 1)[0]
        member = enter(people["chen"])
        found = member.get(f"/life/{session.pk}{address}")
        assert found.status_code == 200
        assert member.get(f"/life/{session.pk}/sign-in/?code=0").status_code == 409
        member.post(f"/life/{session.pk}/sign-in/", {"ticket": found.context["ticket"]})
        assert "已签到" in member.get(f"/life/{session.pk}/signed-in/").content.decode()

    def test_from_the_list_to_the_close(self, town, enter, now, planned):
        session, chair = planned(), enter(town.people["li"])
        chair.post(f"/life/{session.pk}/call-roll/", {"excused": [town.people["zhao"].pk], "reasons": "出差"})
        chair.post(f"/life/{session.pk}/take-item/", {"position": "1"})
        page = chair.get(f"/life/{session.pk}/conduct/").content.decode()
        assert "应到 4，有表决权 3，实到 3（有表决权 2）：达到法定人数（≥ 2）" in page
        chair.post(f"/life/{session.pk}/decide/", {"position": "1", "yes": "2", "no": "0", "abstain": "0"})
        chair.post(
            f"/life/{session.pk}/note-remark/",
            {"speaker": "<b>甲</b>", "text": "<i>乙</i>", "item": "工作计划"},
        )
        page = chair.get(f"/life/{session.pk}/conduct/").content.decode()
        assert "应到有表决权 3，实到 2；赞成 2，不赞成 0，弃权 0：通过（≥ 2）" in page
        assert "&lt;b&gt;甲&lt;/b&gt;" in page
        chair.post(f"/life/{session.pk}/close/")
        session.refresh_from_db()
        assert session.state == "closed"
        assert "赞成 2" in chair.get(f"/life/{session.pk}/").content.decode()


def test_on_a_day_in_winter_and_summer_the_code_is_of_the_instant():
    window = SignInWindow(session_id=1, secret="00" * 32)
    one = datetime.fromisoformat("2026-07-01T08:00:00+08:00")
    assert codes.code_at(window, one) == codes.code_at(
        window, datetime.fromisoformat("2026-07-01T00:00:00+00:00")
    )
    assert date(2026, 7, 1) == one.date()
