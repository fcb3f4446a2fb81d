"""The calendar, and one's own feed of it."""

from datetime import date, time

import icalendar
import pytest

from zhibu.core.calendar import Month
from zhibu.core.refusal import Refused
from zhibu.life import actions, queries
from zhibu.life.planned import CalendarFeed
from zhibu.life.told import Held
from zhibu.notices.throttle import Throttle

DAY, TODAY = date(2026, 7, 23), date(2026, 7, 20)


@pytest.fixture(autouse=True)
def unthrottled():
    Throttle.forget_all()


def some(town, now):
    """One meeting held, one convened, one line of the plan, one cancelled; one of another branch."""
    actions.record(
        town.li, organisation=town.mining, kind="member_appraisal", held=Held(date(2026, 7, 2)), now=now
    )
    session = actions.plan(
        town.li, organisation=town.mining, kind="general_meeting", planned_on=DAY, now=now, starts_at=time(16, 0), place="二楼"
    )  # fmt: skip
    session = actions.convene(
        town.li, session=session, planned_on=DAY, starts_at=time(16, 0), place="二楼", now=now
    )
    gone = actions.plan(town.li, organisation=town.mining, kind="themed_day", planned_on=DAY, now=now)
    actions.cancel(town.li, session=gone, reason="停电", now=now)
    actions.plan(town.qian, organisation=town.depot, kind="group_study", planned_on=DAY, now=now)
    plan = actions.draft_plan(town.li, organisation=town.mining, year=2026, now=now)
    plan.items.filter(kind="group_study", until_on=date(2026, 7, 31)).update(day=date(2026, 7, 30))
    return session


def shown(actor, scope=None):
    july = Month(2026, 7)
    return [
        (each.day.day, each.state, each.kind)
        for each in queries.told(queries.entries(actor, july.first, july.last, scope or queries.Scope(TODAY)))
    ]


class TestMonth:
    def test_what_lies_on_which_day_for_whom(self, town, now):
        some(town, now)
        mine = [
            (2, "closed", "member_appraisal"),
            (23, "convened", "general_meeting"),
            (30, "line", "group_study"),
        ]
        assert shown(town.li) == mine
        assert shown(town.qian) == [(23, "planned", "group_study")]
        assert shown(town.sun) == [mine[0], (23, "planned", "group_study"), *mine[1:]]
        assert (
            shown(town.sun, queries.Scope(TODAY, branch=town.mining.pk, kind="member_appraisal")) == mine[:1]
        )
        july = Month(2026, 7)
        counted = queries.counts(town.sun, july.first, july.last, queries.Scope(TODAY))
        assert counted == {date(2026, 7, 2): 1, DAY: 2, date(2026, 7, 30): 1}

    def test_whole_weeks_with_holidays(self, town):
        weeks = queries.month_of(Month(2026, 10), {date(2026, 10, 10): 7})
        assert (weeks[0][0].day, weeks[-1][-1].day, {len(week) for week in weeks}) == (
            date(2026, 9, 28),
            date(2026, 11, 1),
            {7},
        )
        cells = {cell.day: cell for week in weeks for cell in week}
        assert (cells[date(2026, 10, 1)].name, cells[date(2026, 10, 1)].working) == ("国庆节", False)
        assert cells[date(2026, 10, 10)].count == 7

    def test_pages(self, town, enter, now):
        session = some(town, now)
        client = enter(town.people["li"])
        page = client.get("/life/calendar/").content.decode()
        assert f"/life/{session.pk}/" in page
        for query in (
            "?view=agenda",
            "?day=2026-07-23",
            "?month=2026-10",
            "?month=x&day=y&branch=z",
            "?q=采矿",
            "?month=9999-12",
        ):
            assert client.get(f"/life/calendar/{query}").status_code == 200

    def test_a_wide_month_asks_a_fixed_number_of_questions(self, town, enter, now, django_assert_num_queries):
        some(town, now)
        july = Month(2026, 7)
        with django_assert_num_queries(3):
            queries.counts(town.sun, july.first, july.last, queries.Scope(TODAY))

    def test_a_page_of_many_branches_reads_only_its_days(self, town, now):
        some(town, now)
        july, scope = Month(2026, 7), queries.Scope(TODAY)
        counted = queries.counts(town.sun, july.first, july.last, scope)
        whole = queries.Agenda(town.sun, july.first, july.last, scope)[0:50]
        assert [row[0].day for row in whole] == [2, 23, 23, 30]
        by_days = queries.Agenda(town.sun, july.first, july.last, scope, counted)
        assert [by_days[start : start + size] for start in range(6) for size in (1, 2, 9)] == [
            whole[start : start + size] for start in range(6) for size in (1, 2, 9)
        ]
        part = queries.Agenda(town.sun, date(2026, 7, 3), date(2026, 7, 23), scope, counted)
        assert part[1:9] == whole[2:3]

    def test_when_nothing_is_near_the_next_ones_are_shown(self, town, enter, now):
        client = enter(town.people["li"])
        page = client.get("/life/calendar/")
        assert (page.context["lines"], page.context["is_later"]) == ([], False)
        far = actions.plan(
            town.li, organisation=town.mining, kind="themed_day", planned_on=date(2026, 11, 12), now=now
        )
        page = client.get("/life/calendar/")
        assert ([line[2] for line in page.context["lines"]], page.context["is_later"]) == ([far.pk], True)
        assert "没有安排，下面是以后的日程" in page.content.decode()
        near = actions.plan(
            town.li, organisation=town.mining, kind="themed_day", planned_on=date(2026, 8, 12), now=now
        )
        page = client.get("/life/calendar/")
        assert ([line[2] for line in page.context["lines"]], page.context["is_later"]) == ([near.pk], False)
        assert [line[2] for line in client.get("/life/calendar/?month=2026-10").context["lines"]] == []


class TestFeed:
    def opened(self, town, now):
        from zhibu.accounts.models import User

        User.objects.create_user("chen", person=town.people["chen"])
        return actions.open_feed(town.chen, now=now)

    def test_holds_title_time_and_place_of_what_one_was_told(self, town, now, client, settings):
        settings.ZHIBU_TODAY = now.date().isoformat()
        session = some(town, now)
        token = self.opened(town, now)
        answer = client.get(f"/life/calendar/feed/{token}.ics")
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
        calendar = icalendar.Calendar.from_ical(answer.content)
        (event,) = calendar.walk("VEVENT")
        found = {name: str(event[name]) for name in ("UID", "SUMMARY", "LOCATION", "STATUS")}
        assert found == {
            "UID": f"zhibu-session-{session.pk}", "SUMMARY": "支部党员大会", "LOCATION": "二楼", "STATUS": "CONFIRMED",
        }  # fmt: skip
        assert event["DTSTART"].dt.isoformat() == "2026-07-23T08:00:00+00:00"
        assert set(event) == {"UID", "SUMMARY", "LOCATION", "STATUS", "DTSTART", "DTSTAMP", "SEQUENCE"}
        actions.cancel(town.li, session=session, reason="停电", now=now)
        (event,) = icalendar.Calendar.from_ical(client.get(f"/life/calendar/feed/{token}.ics").content).walk(
            "VEVENT"
        )
        assert str(event["STATUS"]) == "CANCELLED"

    def test_the_address_is_kept_nowhere_and_dies(self, town, now, client, settings):
        settings.ZHIBU_TODAY = now.date().isoformat()
        first = self.opened(town, now)
        assert first not in str(CalendarFeed.objects.values_list("digest")[0])
        second = actions.open_feed(town.chen, now=now)
        assert client.get(f"/life/calendar/feed/{first}.ics").status_code == 404
        assert client.get(f"/life/calendar/feed/{second}.ics").status_code == 200
        actions.revoke_feed(town.chen, now=now)
        assert client.get(f"/life/calendar/feed/{second}.ics").status_code == 404
        with pytest.raises(Refused):
            actions.revoke_feed(town.chen, now=now)

    def test_whoever_left_or_is_shut_out_has_none(self, town, now):
        from zhibu.accounts.models import User
        from zhibu.register.models import Membership

        token = self.opened(town, now)
        today = now.date()
        assert queries.feed_at(token, today) is not None
        User.objects.update(is_active=False)
        assert queries.feed_at(token, today) is None
        User.objects.update(is_active=True)
        Membership.objects.update(until=today)
        assert queries.feed_at(token, today) is None

    def test_whoever_tries_or_reads_too_often_is_slowed_down(self, town, now, client, settings):
        settings.ZHIBU_TODAY = now.date().isoformat()
        token = self.opened(town, now)
        answers = [client.get("/life/calendar/feed/wrong.ics").status_code for _try in range(32)]
        assert answers == [404] * 30 + [429] * 2
        answers = [client.get(f"/life/calendar/feed/{token}.ics").status_code for _read in range(61)]
        assert answers == [200] * 60 + [429]

    def test_the_page_shows_it_once(self, town, enter, now):
        client = enter(town.people["chen"])
        assert "未开通" in client.get("/life/calendar/feed/").content.decode()
        page = client.post("/life/calendar/feed/open/")
        assert page.context["address"].startswith("http://testserver/life/calendar/feed/")
        assert "no-store" in page["Cache-Control"]
        assert page.context["address"] not in client.get("/life/calendar/feed/").content.decode()
        assert client.post("/life/calendar/feed/revoke/").status_code == 302
