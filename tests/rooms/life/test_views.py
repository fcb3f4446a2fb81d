"""Pages: what they show, to whom, with how many questions to the database."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhibu.life import actions, queries
from zhibu.life.models import Session
from zhibu.life.told import Held, Item, Missing

DAY = date(2026, 7, 16)


def recorded(town, now, number=1, **held):
    return [
        actions.record(
            town.li, organisation=town.mining, kind="general_meeting", now=now,
            held=Held(**{"held_on": DAY - timedelta(days=count), "title": f"会议{count:03d}", "agenda": [Item("甲", "other", "同意")], **held}),
        )
        for count in range(number)
    ]  # fmt: skip


def form_of(response):
    """The fields of the page's form as a browser would send them unchanged."""
    form, agenda = response.context["form"], response.context.get("agenda")
    data = {}
    for bound in form:
        value = bound.value()
        if value not in (None, "", []) and value is not False:
            data[bound.html_name] = value.isoformat() if hasattr(value, "isoformat") else value
    for part in [agenda.management_form, *agenda] if agenda is not None else []:
        for bound in part:
            value = bound.value()
            if value not in (None, "", False):
                data[bound.html_name] = value
    return data


class TestRecordPage:
    def test_unknown_to_members_and_outsiders(self, town, enter):
        assert enter(town.people["chen"]).get("/life/record/").status_code == 404
        url = f"/life/record/?organisation={town.mining.pk}"
        assert enter(town.people["qian"]).get(url).status_code == 404
        assert enter(town.people["qian"]).post(url, {}).status_code == 404

    def test_the_last_one_is_offered(self, town, enter, now):
        actions.record(
            town.li, organisation=town.mining, kind="committee_meeting", now=now,
            held=Held(DAY - timedelta(days=30), place="二楼会议室", minute_taker=town.people["zhao"].pk, chair=town.people["wang"].pk),
        )  # fmt: skip
        page = enter(town.people["li"]).get("/life/record/")
        assert page.status_code == 200
        values = page.context["form"].initial
        assert (values["place"], values["chair"], values["minute_taker"]) == (
            "二楼会议室", town.people["wang"].pk, town.people["zhao"].pk,
        )  # fmt: skip
        assert "沿用上次" in page.content.decode()
        assert [each.name for each in page.context["place"].expected] == ["李书记", "王副书记", "赵党员"]

    def test_recorded_without_javascript_and_twice_is_once(self, town, enter):
        client = enter(town.people["li"])
        page = client.get("/life/record/?kind=general_meeting")
        data = form_of(page) | {
            "zb_token": "a1", "then": "close", "excused": [town.people["zhao"].pk], "reasons": "出差",
            "agenda-0-use": "on", "agenda-0-resolution": "同意",
        }  # fmt: skip
        first = client.post("/life/record/?kind=general_meeting", data)
        second = client.post("/life/record/?kind=general_meeting", data)
        session = Session.objects.get()
        assert (first.status_code, first["Location"], second["Location"]) == (
            302,
            f"/life/{session.pk}/",
            f"/life/{session.pk}/",
        )
        assert (session.state, session.present_count, session.expected_count) == ("closed", 3, 4)
        assert list(session.attendance.exclude(reason="").values_list("person__name", "reason")) == [
            ("赵党员", "出差")
        ]
        assert list(session.agenda.values_list("resolution", flat=True)) == ["同意"]

    def test_a_refusal_keeps_what_was_typed(self, town, enter, now):
        recorded(town, now)
        client = enter(town.people["li"])
        data = form_of(client.get("/life/record/?kind=general_meeting"))
        data |= {"held_on": DAY.isoformat(), "place": "井口", "zb_token": "b", "then": "close"}
        page = client.post("/life/record/?kind=general_meeting", data)
        assert page.status_code == 409
        assert 'value="井口"' in page.content.decode()
        assert page.context["twice"] is True
        assert client.post("/life/record/?kind=general_meeting", data | {"again": "on"}).status_code == 302

    def test_nonsense_is_answered_at_the_field(self, town, enter):
        client = enter(town.people["li"])
        data = form_of(client.get("/life/record/"))
        page = client.post(
            "/life/record/",
            data | {"held_on": "昨天", "starts_at": "25:99", "excused": ["99999"], "reasons": "（（"},
        )
        assert page.status_code == 200
        assert set(page.context["form"].errors) == {"held_on", "starts_at", "excused", "reasons"}
        assert client.post("/life/record/", {}).status_code == 200
        assert Session.objects.count() == 0

    def test_a_group_leader_gets_the_own_group(self, town, enter):
        page = enter(town.people["zhao"]).get("/life/record/?kind=group_meeting")
        assert page.context["place"].party_group == town.second_group or page.context["branches"]


class TestAgendaOffered:
    def test_what_is_due_comes_first_and_goes_when_done(self, town, now):
        offered = queries.proposals(town.mining, "general_meeting", now.date())
        assert [(each.tag, each.due) for each in offered if each.tag == "committee_report"] == [
            ("committee_report", True)
        ]
        assert [each.due for each in offered] == sorted((each.due for each in offered), reverse=True)
        recorded(town, now, agenda=[Item("报告", "committee_report")])
        after = queries.proposals(town.mining, "general_meeting", now.date())
        assert [each.due for each in after if each.tag == "committee_report"] == [False]

    def test_asked_for_in_the_address_is_ticked(self, town, enter):
        page = enter(town.people["li"]).get("/life/record/?kind=general_meeting&tag=committee_report")
        first = page.context["agenda"].forms[0]
        assert (first["tag"].value(), first["use"].value()) == ("committee_report", True)


class TestPlannedPage:
    def test_planned_convened_held_from_the_pages(self, town, enter, settings):
        client = enter(town.people["li"])
        data = form_of(client.get("/life/plan/?kind=themed_day")) | {
            "planned_on": "2026-07-25",
            "place": "井口",
            "then": "later",
        }
        url = client.post("/life/plan/?kind=themed_day", data)["Location"]
        late = client.post("/life/plan/?kind=themed_day", data | {"planned_on": "2026-07-01"})
        assert late.status_code == 409
        answer = client.post(
            f"{url}convene/", {"planned_on": "2026-07-25", "starts_at": "下午4点", "place": "井口"}
        )
        assert answer.status_code == 302
        settings.ZHIBU_TODAY = "2026-07-26"
        data = form_of(client.get(f"{url}hold/"))
        assert (data["held_on"], data["place"]) == ("2026-07-25", "井口")
        assert client.post(f"{url}hold/", data | {"then": "later"}).status_code == 302
        assert client.post(f"{url}close/").status_code == 302
        session = Session.objects.get()
        assert (session.state, session.present_count, session.entry_delay, str(session.starts_at)) == (
            "closed",
            4,
            1,
            "16:00:00",
        )
        assert client.post(f"{url}cancel/", {"reason": "x"}).status_code == 409


class TestSessionPage:
    @pytest.mark.parametrize("members", [0, 2, 56])
    def test_a_fixed_number_of_queries(self, big_town, enter, now, members):
        town = big_town(members)
        (session,) = recorded(town, now, missing=[Missing(town.people["zhao"].pk, "excused", "出差")])
        client = enter(town.people["li"])
        client.get(f"/life/{session.pk}/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get(f"/life/{session.pk}/")
        assert page.status_code == 200
        assert len([q for q in queries if "zb_" in q["sql"]]) == SESSION_PAGE
        text = page.content.decode()
        assert f"应到 <b>{members + 4}</b>" in text
        assert "赵党员（出差）" in text

    def test_outside_404(self, town, enter, now):
        (session,) = recorded(town, now)
        item = session.agenda.get()
        client = enter(town.people["qian"])
        for url in (f"/life/{session.pk}/", f"/life/{session.pk}/minutes/", f"/life/{session.pk}/correct/", f"/life/agenda/{item.pk}/",
                    f"/life/{session.pk}/hold/", f"/life/{session.pk}/cancel/", f"/life/{session.pk}/convene/"):  # fmt: skip
            assert client.get(url).status_code == 404, url
        assert client.post(f"/life/{session.pk}/close/").status_code == 404
        assert (
            enter(town.people["chen"]).get(f"/life/agenda/{item.pk}/")["Location"]
            == f"/life/{session.pk}/#item-{item.pk}"
        )

    def test_corrections_are_seen(self, town, enter, now):
        (session,) = recorded(town, now)
        client = enter(town.people["li"])
        url = f"/life/{session.pk}/correct/"
        data = form_of(client.get(url)) | {
            "place": "三楼",
            "excused": [town.people["zhao"].pk],
            "reason": "写错",
        }
        assert client.post(url, data).status_code == 302
        text = client.get(f"/life/{session.pk}/").content.decode()
        assert "赵党员 实到" in text
        assert "写错" in text


class TestList:
    @pytest.mark.parametrize("number", [1, 3, 60])
    def test_a_fixed_number_of_queries(self, town, enter, now, number):
        recorded(town, now, number)
        client = enter(town.people["li"])
        client.get("/life/")
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/life/")
        assert len([q for q in queries if "zb_" in q["sql"]]) == LIST_PAGE
        assert len(page.context["rows"]) == min(number, 50)

    def test_filters_and_scope(self, town, enter, now):
        recorded(town, now, 2)
        client = enter(town.people["li"])
        for query, number in (("kind=general_meeting", 2), ("kind=party_lesson", 0), ("state=late", 2), ("state=open", 0),
                              ("quarter=2026Q3", 2), ("quarter=2026Q2", 0), ("quarter=nonsense", 2), ("q=001", 1),
                              (f"branch={town.depot.pk}", 0), ("branch=x", 2), ("page=999999999999", 2)):  # fmt: skip
            assert len(client.get(f"/life/?{query}").context["rows"]) == number, query
        assert len(enter(town.people["qian"]).get("/life/").context["rows"]) == 0


class TestConflict:
    def test_both_versions_are_on_the_page(self, town, enter, now):
        session = actions.record(
            town.li, organisation=town.mining, kind="general_meeting", held=Held(DAY), now=now, close=False
        )
        client = enter(town.people["li"])
        url = f"/life/{session.pk}/minutes/"
        data = form_of(client.get(url))
        enter(town.people["wang"]).post(url, data | {"minutes": "王写的一段"})
        page = enter(town.people["li"]).post(url, data | {"minutes": "李写的另一段"})
        assert page.status_code == 409
        text = page.content.decode()
        assert "王写的一段" in text
        assert "李写的另一段" in text
        session.refresh_from_db()
        assert session.minutes == "王写的一段"
        assert page.context["who"] == "王副书记"
        # one's own words are in the form, on the version that is there now: to be saved again after comparing
        again = form_of(page)
        assert (again["minutes"], again["version"]) == ("李写的另一段", str(session.version))
        assert (
            enter(town.people["li"]).post(url, again | {"minutes": "王写的一段\n李写的另一段"}).status_code
            == 302
        )
        session.refresh_from_db()
        assert session.minutes == "王写的一段\n李写的另一段"

    @pytest.mark.parametrize("version", ["999999999999", "9" * 5000, "-1", "²", ""])
    def test_a_version_nobody_has_seen_loses_nothing(self, town, enter, now, version):
        session = actions.record(
            town.li, organisation=town.mining, kind="general_meeting", held=Held(DAY), now=now, close=False
        )
        client, url = enter(town.people["li"]), f"/life/{session.pk}/minutes/"
        told = form_of(client.get(url)) | {"minutes": "写好的一段", "version": version}
        answer = client.post(url, told)
        assert (answer.status_code in {200, 409}, form_of(answer)["minutes"]) == (True, "写好的一段")

    def test_autosave_keeps_a_draft_and_offers_it(self, town, enter, now):
        session = actions.record(
            town.li, organisation=town.mining, kind="general_meeting", held=Held(DAY), now=now, close=False
        )
        client = enter(town.people["li"])
        url = f"/life/{session.pk}/minutes/"
        data = form_of(client.get(url)) | {"minutes": "写到一半"}
        assert client.post(url, data, headers={"X-Zhibu-Autosave": "1"}).status_code == 204
        assert "写到一半" in client.get(url).content.decode()
        other = enter(town.people["wang"]).get(url).content.decode()
        assert "写到一半" not in other
        assert "李书记也在写这份记录" in other
        draft = enter(town.people["li"]).get(f"{url}?draft=1")
        assert form_of(draft)["minutes"] == "写到一半"
        assert enter(town.people["li"]).post(url, form_of(draft)).status_code == 302
        session.refresh_from_db()
        assert session.minutes == "写到一半"

    def test_the_template_of_the_kind_is_offered_and_is_no_minutes(self, town, enter, now):
        session = actions.record(
            town.li, organisation=town.mining, kind="committee_meeting", held=Held(DAY), now=now, close=False
        )
        client, url = enter(town.people["li"]), f"/life/{session.pk}/minutes/"
        data = form_of(client.get(url))
        assert data["minutes"].startswith("一、传达学习")
        client.post(url, data | {"place": "井口"})
        session.refresh_from_db()
        assert (session.place, session.minutes) == ("井口", "")


SESSION_PAGE = 13
LIST_PAGE = 6
