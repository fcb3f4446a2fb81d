"""Pages: what they show, to whom, with how many questions; what comes back to the agenda and the desk."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.rooms.undertakings.doings import SOURCE, undertaken
from zhibu.undertakings import actions, queries
from zhibu.undertakings.models import Undertaking


def shown(town, who, today, **asked):
    return [row["text"] for row in queries.listed(getattr(town, who), today=today, **asked)]


class TestLists:
    def test_each_sees_what_its_kind_lets_see(self, town, now):
        for kind, text in (
            ("resolution", "甲"),
            ("rectification", "乙"),
            ("follow_up", "丙"),
            ("pledge", "丁"),
        ):
            Undertaking.objects.create(
                organisation=town.mining, kind=kind, text=text, owner=town.people["wang"], opened_on=now.date(),
                visibility={"resolution": "branch", "pledge": "public"}.get(kind, "committee"), problem="问题",
            )  # fmt: skip
        today = now.date()
        assert [shown(town, who, today) for who in ("li", "wang", "sun", "chen", "qian")] == [
            ["甲", "乙", "丙", "丁"], ["甲", "乙", "丙", "丁"], ["甲", "乙", "丙", "丁"], ["甲", "丁"], [],
        ]  # fmt: skip

    def test_the_longest_overdue_first_and_what_ended_by_itself(self, town, now):
        rows = {text: undertaken(town, now, text=text, due_on=now.date() + timedelta(days=days))
                for text, days in (("后", 30), ("先", 3), ("中", 10))}  # fmt: skip
        later = now.date() + timedelta(days=12)
        assert shown(town, "li", later) == ["先", "中", "后"]
        assert shown(town, "li", later, state="overdue") == ["先", "中"]
        actions.give_up(town.li, undertaking=rows["先"], reason="不办了", now=now)
        assert shown(town, "li", later) == ["中", "后"]
        assert shown(town, "li", later, state="given_up") == ["先"]
        assert shown(town, "zhao", later, mine=True) == ["中", "后"]

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_list_asks_the_same_questions_for_one_and_three(self, town, now, enter, count):
        for number in range(count):
            undertaken(town, now, text=f"事{number}")
        client = enter(town.people["li"])
        client.get("/undertakings/")
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/undertakings/")
        assert (page.status_code, len(page.context["rows"])) == (200, count)
        assert len([one for one in asked.captured_queries if "zb_undertaking" in one["sql"]]) == 1

    def test_who_is_behind(self, town, now):
        undertaken(town, now, due_on=now.date())
        undertaken(town, now, due_on=now.date() + timedelta(days=60))
        undertaken(town, now, kind="care", owner="wang", about=town.people["chen"].pk, due_on=now.date())
        found = queries.behind(town.sun, now.date() + timedelta(days=5))
        assert [(row.name, row.running, row.overdue, row.oldest_on) for row in found] == [
            ("采矿党支部", 2, 1, now.date())
        ]  # fmt: skip
        assert queries.behind(town.qian, now.date()) == []


class TestComesBack:
    def test_to_the_agenda_when_overdue(self, town, now):
        late = undertaken(town, now, text="迟", due_on=now.date())
        undertaken(town, now, text="未到期")
        undertaken(
            town, now, text="私", kind="care", owner="wang", about=town.people["chen"].pk, due_on=now.date()
        )
        after = now.date() + timedelta(days=1)
        assert queries.for_agenda(town.mining, "committee_meeting", after) == [(late.pk, "迟", "赵党员")]
        assert queries.for_agenda(town.mining, "committee_meeting", now.date()) == []
        assert queries.for_agenda(town.mining, "general_meeting", after) == []
        assert queries.for_agenda(town.depot, "committee_meeting", after) == []
        assert queries.for_agenda(town.mining, "group_meeting", after, town.second_group) == []

    def test_to_the_desks(self, town, now):
        row = undertaken(town, now, text="迟", due_on=now.date())
        after = now.date() + timedelta(days=1)
        assert [(each.id, each.mine) for each in queries.reminders(town.zhao, now.date())] == [(row.pk, True)]
        assert [(each.id, each.mine) for each in queries.reminders(town.li, after, branch=town.mining)] == [
            (row.pk, False)
        ]  # fmt: skip
        assert queries.reminders(town.chen, after, branch=None) == []
        actions.report_done(town.zhao, undertaking=row, result="好了", now=now)
        assert queries.to_confirm(town.li, town.mining) == [(row.pk, "迟", "赵党员")]
        assert queries.to_confirm(town.zhao, town.mining) == []
        assert queries.reminders(town.zhao, after) == []


class TestPages:
    def test_strangers_find_nothing(self, town, now, enter):
        row = undertaken(town, now)
        client = enter(town.people["qian"])
        for step in ("", "done/", "close/", "extend/", "give-up/", "hand-over/", "back/", "progress/"):
            assert client.get(f"/undertakings/{row.pk}/{step}").status_code == 404
            assert client.post(f"/undertakings/{row.pk}/{step}", {"reason": "x"}).status_code == 404
        assert Undertaking.objects.get().version == 1

    def test_from_opening_to_closing(self, town, now, enter):
        secretary = enter(town.people["li"])
        day = (now.date() + timedelta(days=20)).isoformat()
        made = secretary.post(
            f"/undertakings/new/?kind=production_problem&organisation={town.mining.pk}",
            {"text": "换密封圈", "problem": "三号泵漏水", "owner": town.people["zhao"].pk, "due_on": day},
        )
        row = Undertaking.objects.get()
        assert (made.status_code, made["Location"]) == (302, f"/undertakings/{row.pk}/")
        owner = enter(town.people["zhao"])
        assert owner.post(f"/undertakings/{row.pk}/done/", {"result": "换好了"}).status_code == 302
        assert owner.post(f"/undertakings/{row.pk}/close/", {}).status_code == 409
        secretary = enter(town.people["li"])
        assert secretary.post(f"/undertakings/{row.pk}/close/", {}).status_code == 302
        page = secretary.get("/undertakings/problems/").content.decode()
        for words in ("三号泵漏水", "换密封圈", "赵党员", "换好了", "已销号"):
            assert words in page
        detail = secretary.get(f"/undertakings/{row.pk}/").content.decode()
        assert detail.index("立项") < detail.rindex("报告办结") < detail.rindex("确认销号")

    def test_what_follows_from_a_meeting(self, town, now):
        row = undertaken(town, now, source=SOURCE)
        assert [each["id"] for each in queries.of_source(town.li, "life.session", 7, now.date())] == [row.pk]
        assert queries.of_source(town.qian, "life.session", 7, now.date()) == []


class TestKinds:
    def test_kinds_stand_in_rows_and_a_row_lists_its_kinds(self, town, now, enter):
        undertaken(town, now, kind="advice", problem="照明", text="装灯")
        undertaken(town, now, text="决议")
        client = enter(town.people["li"])
        told = {
            asked: [row["text"] for row in client.get(f"/undertakings/?kind={asked}").context["rows"]]
            for asked in ("", "row-work", "advice", "production_problem", "row-decisions", "nonsense")
        }
        assert told == {
            "": ["装灯", "决议"], "row-work": ["装灯"], "advice": ["装灯"], "production_problem": [],
            "row-decisions": ["决议"], "nonsense": ["装灯", "决议"],
        }  # fmt: skip

    def test_what_a_visit_to_the_site_brings_up_begins_from_it(self, town, now, enter):
        client = enter(town.people["li"])
        day = (now.date() + timedelta(days=5)).isoformat()
        sent = {"text": "到泵房看排水", "owner": town.people["li"].pk, "due_on": day}
        assert client.post("/undertakings/new/?kind=site_visit", sent).status_code == 302
        visit = Undertaking.objects.get()
        assert client.post(f"/undertakings/{visit.pk}/done/", {"result": "密封漏水"}).status_code == 302
        visit.refresh_from_db()
        assert (visit.state, visit.result, visit.in_time) == ("closed", "密封漏水", 1)
        sent = {"text": "换密封", "problem": "密封漏水", "owner": town.people["wang"].pk, "due_on": day}
        begin = f"/undertakings/new/?kind=production_problem&from={visit.pk}"
        assert client.post(begin, sent).status_code == 302
        found = Undertaking.objects.get(kind="production_problem")
        assert (found.source, found.source_id, found.source_told) == (
            "undertakings.undertaking", visit.pk, "深入现场：到泵房看排水",
        )  # fmt: skip
        page = client.get(f"/undertakings/{visit.pk}/").content.decode()
        assert [word in page for word in ("换密封", "看到、听到的情况")] == [True, True]
        assert (
            f'href="/undertakings/{visit.pk}/"' in client.get(f"/undertakings/{found.pk}/").content.decode()
        )
        # what leads nowhere, and what one may not see, is nothing to begin from
        assert client.get(f"/undertakings/new/?from={found.pk}").status_code == 404
        assert enter(town.people["qian"]).get(begin).status_code == 404
