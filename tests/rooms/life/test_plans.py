"""The plan of a year: drafted from the rules, adjusted, adopted, and what became of it."""

from datetime import date, time, timedelta

import pytest

from zhibu.core.refusal import Refused
from zhibu.life import actions, queries
from zhibu.life.models import Session
from zhibu.life.planned import Plan, PlanItem
from zhibu.life.told import Arranged, Held
from zhibu.record.models import Entry

YEAR = 2026
THURSDAY = 3


def drafted(town, now, **kwargs):
    return actions.draft_plan(town.li, organisation=town.mining, year=YEAR, now=now, **kwargs)


def days_of(plan, kind, group=None):
    rows = plan.items.filter(kind=kind, party_group=group).order_by("until_on")
    return list(rows.values_list("day", flat=True))


class TestDraft:
    def test_only_who_may(self, town, now):
        for who in (town.chen, town.qian, town.zhao):
            with pytest.raises(Refused) as told:
                actions.draft_plan(who, organisation=town.mining, year=YEAR, now=now)
            assert told.value.codes == ("life.no_mandate",)
        assert Plan.objects.count() == 0

    def test_what_the_rules_ask_from_today_on(self, town, now):
        """On 20 July: a committee meeting for each month left, a general meeting and a lesson for each quarter."""
        plan = drafted(town, now)
        counted = {}
        for kind, group in plan.items.exclude(kind="").values_list("kind", "party_group__name"):
            counted[kind, group] = counted.get((kind, group), 0) + 1
        assert counted == {
            ("committee_meeting", None): 6, ("committee_study", None): 6, ("themed_day", None): 6,
            ("group_study", None): 6, ("group_meeting", "第一党小组"): 6, ("group_meeting", "第二党小组"): 6,
            ("general_meeting", None): 2, ("party_lesson", None): 2, ("organisational_life_meeting", None): 1, ("committee_life_meeting", None): 1,
            ("member_appraisal", None): 1,
        }  # fmt: skip
        july = plan.items.get(kind="committee_meeting", until_on=date(2026, 7, 31))
        assert (july.from_on, july.day, july.standard, july.must) == (date(2026, 7, 20), None, "S12", 1)
        assert plan.items.filter(kind="").exists()
        entry = Entry.objects.get(act="life.draft_plan")
        assert (entry.subject_table, entry.subject_id, entry.actor_name) == ("zb_plan", plan.pk, "李书记")

    def test_what_was_held_is_not_asked_again(self, town, now):
        actions.record(
            town.li, organisation=town.mining, kind="committee_meeting", held=Held(date(2026, 7, 9), time(16, 0), "二楼"),
            now=now,
        )  # fmt: skip
        plan = drafted(town, now)
        # the ninth of July was the second Thursday: the months to come follow it, the first of October week does not
        assert days_of(plan, "committee_meeting") == [
            date(2026, 8, 13), date(2026, 9, 10), date(2026, 10, 8), date(2026, 11, 12), date(2026, 12, 10),
        ]  # fmt: skip
        line = plan.items.filter(kind="committee_meeting").first()
        assert (line.starts_at, line.place) == (time(16, 0), "二楼")

    def test_a_holiday_moves_the_day(self, town, now):
        actions.set_recurring_day(
            town.li, organisation=town.mining, kind="themed_day", week=1, weekday=THURSDAY, now=now
        )
        plan = drafted(town, now)
        # the first Thursday of October is the National Day holiday
        assert days_of(plan, "themed_day")[2:4] == [date(2026, 9, 3), date(2026, 10, 8)]

    def test_a_second_plan_and_a_past_year_are_refused(self, town, now):
        drafted(town, now)
        for year, code in (
            (YEAR, "life.plan_exists"),
            (2025, "life.year_not_plannable"),
            (2028, "life.year_not_plannable"),
        ):
            with pytest.raises(Refused) as told:
                actions.draft_plan(town.li, organisation=town.mining, year=year, now=now)
            assert told.value.codes == (code,)

    def test_a_meeting_arranged_already_takes_its_line(self, town, now):
        session = actions.plan(
            town.li, organisation=town.mining, kind="committee_meeting", planned_on=date(2026, 8, 5), now=now
        )
        plan = drafted(town, now)
        line = plan.items.get(kind="committee_meeting", until_on=date(2026, 8, 31))
        assert (line.session_id, line.day) == (session.pk, date(2026, 8, 5))


class TestAdjust:
    def test_a_day_outside_its_stretch_and_a_drop_without_reason(self, town, now):
        line = drafted(town, now).items.get(kind="committee_meeting", until_on=date(2026, 8, 31))
        for told, code in (
            (Arranged("支委会", date(2026, 9, 1)), "life.outside_its_time"),
            (Arranged("支委会", dropped=True), "life.reason_needed"),
        ):
            with pytest.raises(Refused) as refused:
                actions.adjust_plan(town.li, item=line, told=told, now=now)
            assert refused.value.codes == (code,)
        with pytest.raises(Refused):
            actions.adjust_plan(town.chen, item=line, told=Arranged("支委会"), now=now)

    def test_done_and_recorded(self, town, now):
        plan = drafted(town, now)
        line = plan.items.get(kind="committee_meeting", until_on=date(2026, 8, 31))
        told = Arranged("支委会（扩大）", date(2026, 8, 20), time(9, 0), "一楼")
        line = actions.adjust_plan(town.li, item=line, told=told, now=now)
        assert (line.title, line.day, line.starts_at, line.place) == (
            "支委会（扩大）",
            date(2026, 8, 20),
            time(9, 0),
            "一楼",
        )
        assert Entry.objects.filter(act="life.adjust_plan", subject_id=plan.pk).count() == 1
        assert Plan.objects.get().version == 2

    def test_a_group_leader_adjusts_the_own_group_only(self, town, now):
        plan = drafted(town, now)
        own = plan.items.filter(party_group=town.second_group).first()
        other = plan.items.filter(party_group=town.first_group).first()
        verbs = frozenset({"life.adjust_plan"})
        leader = town.actors["zhao"]
        leader = type(leader)(leader.user, leader.person, leader.name, tuple(
            type(each)(each.post, each.organisation, each.path, verbs, each.reach) for each in leader.mandates
        ))  # fmt: skip
        actions.adjust_plan(leader, item=own, told=Arranged("党小组会", own.until_on), now=now)
        with pytest.raises(Refused):
            actions.adjust_plan(leader, item=other, told=Arranged("党小组会"), now=now)

    def test_the_usual_day_moves_what_is_open(self, town, now):
        plan = drafted(town, now)
        moved = actions.set_recurring_day(
            town.li, organisation=town.mining, kind="committee_meeting", week=2, weekday=THURSDAY, now=now,
            starts_at=time(16, 0), place="二楼会议室",
        )  # fmt: skip
        assert moved == 5
        assert days_of(plan, "committee_meeting")[:3] == [None, date(2026, 8, 13), date(2026, 9, 10)]
        actions.set_recurring_day(
            town.li, organisation=town.mining, kind="committee_meeting", week=None, weekday=0, now=now
        )
        assert queries.usual_days(town.mining) == {}

    def test_rules_of_later_add_and_repeat_nothing(self, town, now):
        plan = drafted(town, now)
        days = {"first": date(2026, 10, 1), "last": date(2026, 12, 31)}
        assert actions.refresh_plan(town.li, plan=plan, now=now, **days) == 0
        plan.items.filter(kind="general_meeting").delete()
        assert actions.refresh_plan(town.li, plan=plan, now=now, **days) == 1
        assert list(plan.items.filter(kind="general_meeting").values_list("until_on", flat=True)) == [
            date(2026, 12, 31)
        ]


class TestAdopt:
    def test_refused(self, town, now):
        plan = drafted(town, now)
        today = now.date()
        with pytest.raises(Refused) as told:
            actions.adopt_plan(town.li, plan=plan, adopted_on=today + timedelta(days=1), aims="", now=now)
        assert told.value.codes == ("life.in_the_future",)
        with pytest.raises(Refused):
            actions.adopt_plan(town.chen, plan=plan, adopted_on=today, aims="", now=now)
        PlanItem.objects.update(dropped=1)
        with pytest.raises(Refused) as told:
            actions.adopt_plan(town.li, plan=plan, adopted_on=today, aims="", now=now)
        assert told.value.codes == ("life.plan_empty",)

    def test_it_is_the_plan_that_the_standard_asks_for_once(self, town, now):
        from zhibu import analytics, rulebook

        def facts():
            names = ("life.plans_adopted", "life.year_plans")
            found = analytics.facts_for(
                rulebook.load(),
                names,
                town.mining.path,
                town.mining.path + "0",
                date(2026, 7, 1),
                date(2026, 9, 30),
            )
            return tuple(found[town.mining.pk][name] for name in names)

        plan = drafted(town, now)
        assert facts() == (0, 0)
        line = plan.items.filter(must=1).first()
        actions.adjust_plan(
            town.li, item=line, told=Arranged(line.title, dropped=True, reason="停产检修"), now=now
        )
        plan, cautions = actions.adopt_plan(
            town.li, plan=plan, adopted_on=now.date(), aims="安全生产", now=now
        )
        assert facts() == (1, 0)
        assert [each.code for each in cautions] == ["life.dropped_against_a_rule"]
        with pytest.raises(Refused) as told:
            actions.file_document(
                town.li,
                organisation=town.mining,
                kind="year_plan",
                title="计划",
                covers_on=date(2026, 1, 1),
                now=now,
            )
        assert told.value.codes == ("life.plan_adopted",)
        with pytest.raises(Refused) as told:
            actions.adopt_plan(town.li, plan=plan, adopted_on=now.date(), aims="", now=now)
        assert told.value.codes == ("life.plan_adopted",)


class TestSheet:
    def test_what_was_held_answers_its_line_once(self, town, now):
        plan = drafted(town, now)
        for day in (date(2026, 7, 20), date(2026, 7, 19)):
            actions.record(
                town.li, organisation=town.mining, kind="general_meeting", held=Held(day, again=True), now=now
            )
        today = now.date()
        sheet = queries.sheet(plan, today)
        lines = [
            line for _q, lines in sheet.quarters for line in lines if line.item.kind == "general_meeting"
        ]
        # one of the third quarter is answered; two held in July do not answer that of the fourth
        assert [(line.mark.text, line.session is not None) for line in lines] == [
            ("已召开", True),
            ("待定日期", False),
        ]
        assert sheet.counts["done"] == 1

    def test_clashes_are_said(self, town, now):
        from zhibu.life.planned import Shift

        plan = drafted(town, now)
        line = plan.items.get(kind="group_study", until_on=date(2026, 10, 31))
        line.day, line.starts_at = date(2026, 10, 2), time(16, 0)
        line.save()
        Shift.objects.create(
            organisation=town.mining, party_group=town.second_group, day=line.day, name="中班", begins=time(16, 0), ends=time(0, 0)
        )  # fmt: skip
        Shift.objects.create(
            organisation=town.mining, person=town.people["li"], day=date(2026, 10, 1), name="夜班", begins=time(20, 0), ends=time(16, 0)
        )  # fmt: skip
        Session.objects.create(
            organisation=town.mining, kind="party_lesson", title="党课", state="planned", planned_on=line.day, starts_at=time(9)
        )  # fmt: skip
        sheet = queries.sheet(plan, now.date())
        (shown,) = [each for _q, lines in sheet.quarters for each in lines if each.item.pk == line.pk]
        assert [each.text for each in shown.clashes] == [
            "国庆节",
            "2 人当班（应到 4 人）",
            "同日：党课 09:00",
        ]


class TestPages:
    def test_from_nothing_to_adopted(self, town, enter):
        client = enter(town.people["li"])
        assert "拟出 2026 年计划草案" in client.get("/life/plans/").content.decode()
        answer = client.post(f"/life/plans/draft/?organisation={town.mining.pk}&year=2026")
        plan = Plan.objects.get()
        assert answer["Location"] == f"/life/plans/{plan.pk}/"
        page = client.get(answer["Location"]).content.decode()
        assert "2026年支部工作计划" in page
        assert "待定日期" in page
        assert client.get(f"/life/plans/{plan.pk}/?quarter=2026Q4").status_code == 200
        line = plan.items.get(kind="committee_meeting", until_on=date(2026, 8, 31))
        client.post(
            f"/life/plans/lines/{line.pk}/", {"title": "支委会", "day": "2026-08-13", "starts_at": "16:00"}
        )
        line.refresh_from_db()
        assert (line.day, line.starts_at) == (date(2026, 8, 13), time(16, 0))
        client.post(
            f"/life/plans/{plan.pk}/add/", {"kind": "", "title": "走访慰问", "until_on": "2026-12-01"}
        )
        assert plan.items.filter(title="走访慰问", until_on=date(2026, 12, 1)).count() == 1
        assert client.get("/life/plans/days/").status_code == 200
        client.post("/life/plans/days/?kind=themed_day", {"week": "2", "weekday": "3", "starts_at": "16:00"})
        assert plan.items.filter(kind="themed_day", day=date(2026, 9, 10)).count() == 1
        answer = client.post(f"/life/plans/{plan.pk}/adopt/", {"adopted_on": "2026-07-20", "aims": "安全"})
        plan.refresh_from_db()
        assert plan.state == "adopted"
        word = client.get(f"/life/plans/{plan.pk}/document/")
        assert word["Content-Type"].startswith("application/vnd.openxmlformats")

    def test_a_member_reads_and_an_outsider_does_not(self, town, enter, now):
        plan = drafted(town, now)
        assert enter(town.people["qian"]).get(f"/life/plans/{plan.pk}/").status_code == 404
        member = enter(town.people["chen"])
        page = member.get(f"/life/plans/{plan.pk}/").content.decode()
        assert "/life/plans/lines/" not in page
        assert member.post(f"/life/plans/{plan.pk}/adopt/", {}).status_code == 404
        assert member.get(f"/life/plans/lines/{plan.items.first().pk}/").status_code == 404
