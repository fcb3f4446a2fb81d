"""Zones and model posts: who may draw, look and end; what their colour says; what the public board shows, and what never."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rooms.pledges.test_pledges import codes, made, member, picture
from zhibu.life.models import FiledDocument
from zhibu.notices.models import Board, Notice
from zhibu.pledges import actions, queries, shapes
from zhibu.pledges.models import Zone
from zhibu.record.attachments import content_of_attachment
from zhibu.record.models import Attachment, Entry
from zhibu.undertakings import actions as undertakings
from zhibu.undertakings import queries as undertaken
from zhibu.undertakings.models import Undertaking

__all__ = ["picture"]

PLACE = "100,100 400,300"


def drawn(town, now, actor=None, holder="chen", **more):
    values = {"kind": "zone", "title": "三号泵房", "asks": "地面无油污", "shape": PLACE} | more
    return actions.draw_zone(
        actor or town.li, organisation=town.mining, holder=town.people[holder].pk, now=now, **values
    )


def planned(town, now, picture, title="平面图", **more):
    return actions.set_plan(town.li, organisation=town.mining, title=title, content=picture, now=now, **more)


def states(town, day):
    return [(each.number, each.state, each.points) for each in queries.zones(town.mining, day)]


class TestShapes:
    @pytest.mark.parametrize(
        ("text", "corners"),
        [
            ("100,100 400,300", "100,100 400,100 400,300 100,300"),
            ("400，300；100, 100", "400,300 100,300 100,100 400,100"),
            ("0,0 1000,0 500,1000", "0,0 1000,0 500,1000"),
        ],
    )
    def test_read(self, text, corners):
        assert shapes.told(shapes.corners(text)) == corners

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("", "too_small"), ("100,100", "too_small"), ("100,100 105,105", "too_small"), ("a,b", "unreadable"),
            ("100 200", "unreadable"), ("0,0 1001,500", "outside"), ("-5,0 500,500", "unreadable"),
            (" ".join(f"{n * 40},{n % 2 * 900}" for n in range(25)), "too_many"),
            ("100,100 400,300 <script>", "unreadable"),
        ],
    )  # fmt: skip
    def test_refused(self, text, why):
        with pytest.raises(shapes.NoShape) as refused:
            shapes.corners(text)
        assert refused.value.args == (why,)

    @given(st.integers(0, 900), st.integers(0, 900), st.integers(10, 100), st.integers(10, 100))
    def test_the_number_of_a_rectangle_stands_in_its_middle_and_what_is_kept_reads_the_same(self, x, y, w, h):
        found = shapes.corners(f"{x},{y} {x + w},{y + h}")
        left, top = shapes.middle(found)
        assert abs(2 * left - 2 * x - w) <= 1
        assert abs(2 * top - 2 * y - h) <= 1
        assert shapes.corners(shapes.told(found)) == found


class TestDrawing:
    def test_refused_to_members_to_others_and_what_makes_no_sense(self, town, now):
        assert codes(drawn, town, now, member(town, "chen")) == ["pledges.no_mandate"]
        assert codes(drawn, town, now, town.qian) == ["pledges.no_mandate"]
        assert codes(drawn, town, now, title=" ", kind="pledge", holder="qian", shape="1,1 2000,5") == [
            "pledges.title_needed", "pledges.no_such_kind", "pledges.not_a_member", "pledges.no_shape",
        ]  # fmt: skip
        assert not Zone.objects.exists()
        assert not Undertaking.objects.exists()

    def test_a_zone_is_a_standing_undertaking_with_a_place(self, town, now, picture):
        plan = planned(town, now, picture)
        row = drawn(town, now)
        held = row.undertaking
        assert (held.kind, held.owner_id, held.text, held.due_on, held.visibility, held.state) == (
            "zone", town.people["chen"].pk, "三号泵房：地面无油污", None, "branch", "open",
        )  # fmt: skip
        assert (row.shape, row.plan) == ("100,100 400,100 400,300 100,300", plan)
        assert [each.act for each in Entry.objects.order_by("id")] == [
            "record.attach", "pledges.set_plan", "undertakings.undertake", "pledges.draw_zone", "life.file_document",
        ]  # fmt: skip
        # it stands: nobody is reminded of it, it is not in the list of what is to be done, and it is never done
        chen = member(town, "chen")
        assert undertaken.reminders(chen, now.date()) == []
        assert list(undertaken.listed(town.li, today=now.date())) == []
        assert [each["text"] for each in undertaken.listed(town.li, today=now.date(), kinds=["zone"])] == [
            held.text
        ]
        assert codes(undertakings.report_done, chen, undertaking=held, result="好", now=now) == [
            "undertakings.standing"
        ]

    def test_another_holder_other_words_and_another_place(self, town, now, picture):
        planned(town, now, picture)
        row = drawn(town, now)
        assert codes(drawn, town, now, town.zhao, holder="li", zone=row) == ["pledges.no_mandate"]
        anew = drawn(town, now, holder="zhao", zone=row, title="四号泵房", shape="0,0 500,0 0,500")
        held = anew.undertaking
        assert (anew.pk, held.owner_id, held.text, anew.shape) == (
            row.pk, town.people["zhao"].pk, "四号泵房：地面无油污", "0,0 500,0 0,500",
        )  # fmt: skip
        assert [each.kind for each in held.steps.all()] == ["opened", "handed_over", "progress"]
        own = drawn(town, now, holder="li")
        assert codes(drawn, town, now, holder="zhao", zone=own) == ["pledges.own_zone"]

    def test_on_another_plan_it_has_to_be_drawn_again_unless_the_picture_is_of_the_same(
        self, town, now, picture
    ):
        planned(town, now, picture)
        drawn(town, now)
        planned(town, now, picture, keep=True)
        assert states(town, now.date()) == [(1, "unseen", "100,100 400,100 400,300 100,300")]
        planned(town, now, picture)
        assert states(town, now.date()) == [(1, "unseen", "")]

    def test_a_plan_is_a_picture_bare_of_what_the_camera_wrote(self, town, now, picture):
        assert codes(planned, town, now, b"%PDF-1.4 x") == ["file.broken"]
        assert codes(planned, town, now, b"GIF89a") == ["file.kind"]
        text = b"tEXtGPS 30.1,104.2"
        told = (len(text) - 4).to_bytes(4) + text + b"\0\0\0\0"
        plan = planned(town, now, picture[:33] + told + picture[33:])
        assert content_of_attachment(plan) == picture
        with_who = {"organisation": town.mining, "title": "图", "content": picture, "now": now}
        assert codes(actions.set_plan, town.qian, **with_who) == ["pledges.no_mandate"]
        assert Attachment.objects.count() == 1


class TestFloors:
    def test_each_title_is_a_plan_of_its_own_and_a_zone_lies_on_one(self, town, now, picture):
        ground, upper = planned(town, now, picture, "一楼"), planned(town, now, picture, "二楼")
        below, above = drawn(town, now), drawn(town, now, title="化验岗", plan=upper.pk)
        drawn(town, now, title="门卫", shape="")
        floors = lambda: [
            (each.title, [zone.zone.title for zone in each.zones])
            for each in queries.floors(town.mining, queries.zones(town.mining, now.date()))
        ]
        assert (below.plan, above.plan) == (ground, upper)
        assert floors() == [("一楼", ["三号泵房"]), ("二楼", ["化验岗"]), ("", ["门卫"])]
        # another picture of the ground floor leaves the upper one alone, and keeps its place
        anew = planned(town, now, picture, " 一楼 ", keep=True)
        assert floors() == [("一楼", ["三号泵房"]), ("二楼", ["化验岗"]), ("", ["门卫"])]
        assert codes(drawn, town, now, plan=ground.pk) == ["pledges.no_such_plan"]
        assert drawn(town, now, zone=above, shape=PLACE, plan=anew.pk, title="化验岗").plan == anew
        assert floors() == [("一楼", ["三号泵房", "化验岗"]), ("二楼", []), ("", ["门卫"])]

    def test_the_map_of_the_year_is_filed_with_the_first_zone_drawn_or_looked_at_in_it(
        self, town, now, picture
    ):
        filed = lambda: [
            (each.kind, each.title, each.covers_on) for each in FiledDocument.objects.order_by("covers_on")
        ]
        drawn(town, now, shape="")
        planned(town, now, picture)
        assert filed() == []
        row = drawn(town, now)
        drawn(town, now, title="四号泵房")
        first = ("zone_map", "2026年党员责任区图", date(2026, 7, 1))
        assert filed() == [first]
        later = now + timedelta(days=200)
        actions.check_zone(town.li, zone=row, checked_on=later.date(), now=later)
        assert filed() == [first, ("zone_map", "2027年党员责任区图", date(2027, 2, 1))]

    def test_one_put_away_takes_no_zone_with_it_and_does_not_come_back(self, town, now, picture):
        planned(town, now, picture, "一楼")
        plan = planned(town, now, picture, "一楼")
        drawn(town, now)
        away = {"organisation": town.mining, "plan": plan.pk, "now": now}
        assert codes(actions.remove_plan, town.qian, **away) == ["pledges.no_mandate"]
        assert codes(actions.remove_plan, member(town, "chen"), **away) == ["pledges.no_mandate"]
        actions.remove_plan(town.li, **away)
        assert (queries.plans_of(town.mining), states(town, now.date())) == ([], [(1, "unseen", "")])
        assert codes(actions.remove_plan, town.li, **away) == ["pledges.no_such_plan"]
        assert Entry.objects.latest("id").act == "pledges.remove_plan"

    def test_a_plan_has_a_short_name_and_there_are_not_too_many(self, town, now, picture):
        for title in (" ", "长" * 31):
            assert codes(planned, town, now, picture, title) == ["pledges.plan_title"]
        for number in range(12):
            planned(town, now, picture, f"{number}/层")
        assert codes(planned, town, now, picture, "十三层") == ["pledges.too_many_plans"]
        planned(town, now, picture, "3/层")
        assert [queries.title_of(each) for each in queries.plans_of(town.mining)] == [
            f"{number}／层" for number in range(12)
        ]


class TestLooking:
    def test_refused_to_the_holder_to_members_and_on_other_days(self, town, now):
        row = drawn(town, now, holder="li")
        look = {"zone": row, "checked_on": now.date(), "now": now}
        assert codes(actions.check_zone, town.li, **look) == ["pledges.own_zone"]
        assert codes(actions.check_zone, member(town, "chen"), **look) == ["pledges.no_mandate"]
        for day in (now.date() + timedelta(days=1), now.date() - timedelta(days=1)):
            assert codes(actions.check_zone, town.wang, **look | {"checked_on": day}) == ["pledges.wrong_day"]

    def test_its_state_follows_what_was_found(self, town, now):
        row, today = drawn(town, now), now.date()
        at = lambda days: states(town, today + timedelta(days=days))[0][1]
        assert at(0) == "unseen"
        assert actions.check_zone(town.li, zone=row, checked_on=today, now=now) is None
        assert (at(0), at(31), at(32)) == ("order", "order", "unseen")
        put_right = actions.check_zone(town.li, zone=row, checked_on=today, found="地面有油", now=now)
        assert (put_right.kind, put_right.owner_id, put_right.due_on, put_right.problem, put_right.visibility) == (
            "rectification", town.people["chen"].pk, today + timedelta(days=7), "地面有油", "committee",
        )  # fmt: skip
        assert (at(0), at(7), at(8)) == ("found", "found", "late")
        undertakings.report_done(member(town, "chen"), undertaking=put_right, result="已清", now=now)
        assert (at(0), at(8)) == ("found", "found")
        undertakings.close(town.li, undertaking=put_right, now=now)
        assert at(8) == "order"
        assert [(each.kind, each.text) for each in queries.looked_at(row)] == [
            ("checked", "发现问题，已立整改"), ("checked", "正常"), ("opened", ""),
        ]  # fmt: skip

    def test_ended_it_is_gone_and_what_was_found_stays(self, town, now):
        row, own = drawn(town, now), drawn(town, now, holder="li")
        end = {"reason": "岗位撤并", "now": now}
        assert codes(actions.end_zone, town.li, zone=own, **end) == ["pledges.own_zone"]
        assert codes(actions.end_zone, member(town, "zhao"), zone=row, **end) == ["pledges.no_mandate"]
        actions.end_zone(town.li, zone=row, **end)
        assert [each.zone for each in queries.zones(town.mining, now.date())] == [own]
        assert codes(actions.check_zone, town.li, zone=row, checked_on=now.date(), now=now) == [
            "pledges.zone_over"
        ]
        assert Zone.objects.count() == 2


class TestOnTheBoard:
    def test_names_only_beside_a_published_pledge_and_no_states(self, town, now, picture, client, settings):
        settings.ZHIBU_TODAY = "2026-07-20"
        assert codes(actions.publish_zones, town.li, organisation=town.mining, now=now) == [
            "pledges.no_zones"
        ]
        planned(town, now, picture)
        row = drawn(town, now)
        drawn(town, now, holder="zhao", title="一号岗", kind="model_post")
        actions.check_zone(town.li, zone=row, checked_on=now.date(), found="地面有油", now=now)
        assert codes(actions.publish_zones, town.qian, organisation=town.mining, now=now) == [
            "pledges.no_mandate"
        ]
        notice = actions.publish_zones(town.li, organisation=town.mining, now=now)
        assert (notice.kind, notice.reply, notice.closes_on) == ("zones", "comment", date(2026, 12, 31))
        assert codes(actions.publish_zones, town.li, organisation=town.mining, now=now) == [
            "pledges.zones_shown"
        ]
        board = f"/board/{Board.objects.get().address}/"
        pledge = made(town, now, "chen")
        assert shown(client, board) == (200, {"三号泵房", "一号岗"})
        actions.publish(town.li, organisation=town.mining, pledges=[pledge.pk], now=now)
        assert shown(client, board) == (200, {"三号泵房", "一号岗", "陈预备"})
        page = client.get(f"{board}zones/")
        assert page.cookies == {}
        assert "油" not in page.content.decode().replace("地面无油污", "")
        plan = client.get(f"{board}zones/plan/1/")
        assert plan.content == picture
        again = client.get(f"{board}zones/plan/1/", headers={"If-None-Match": plan["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert "看详情" in client.get(f"{board}{Notice.objects.get(kind='zones').address}/").content.decode()
        actions.withdraw(town.li, pledge=pledge, reason="本人要求", now=now)
        assert shown(client, board) == (200, {"三号泵房", "一号岗"})
        off = lambda day: queries.off_the_board(town.mining, day)
        assert (off(date(2026, 12, 31)), off(date(2027, 1, 1))) == (False, True)
        settings.ZHIBU_TODAY = "2027-01-01"
        assert shown(client, board)[0] == client.get(f"{board}zones/plan/1/").status_code == 404


def shown(client, board):
    answer = client.get(f"{board}zones/")
    text = answer.content.decode()
    return answer.status_code, {each for each in ("三号泵房", "一号岗", "陈预备", "赵党员") if each in text}


class TestPages:
    def test_from_the_plan_to_the_finding(self, town, now, picture, enter):
        desk = enter(town.people["li"])
        assert "上传平面图" in desk.get("/pledges/zones/").content.decode()
        planned(town, now, picture)
        values = {
            "kind": "zone", "title": "三号泵房", "holder": town.people["zhao"].pk, "asks": "", "shape": PLACE,
            "zb_token": "a",
        }  # fmt: skip
        wrong = desk.post("/pledges/zones/new/", values | {"shape": "9,9 5000,1", "zb_token": "w"})
        assert (wrong.status_code, "超出了平面图" in wrong.content.decode()) == (409, True)
        answer = desk.post("/pledges/zones/new/", values)
        row = Zone.objects.get()
        assert answer["Location"] == f"/pledges/zones/{row.pk}/"
        told = {"checked_on": "2026-07-20", "found": "地面有油", "fix_by": "2026-07-25", "zb_token": "b"}
        assert desk.post(f"/pledges/zones/{row.pk}/check/", told).status_code == 302
        page = desk.get(f"/pledges/zones/{row.pk}/").content.decode()
        assert ("地面有油" in page, "整改中" in page) == (True, True)
        assert 'class="zb-site-found"' in desk.get("/pledges/zones/").content.decode()
        assert "整改中" not in desk.get("/pledges/zones/sheet/?paper=A4").content.decode()
        edit = desk.get(f"/pledges/zones/{row.pk}/edit/").content.decode()
        assert 'value="100,100 400,100 400,300 100,300"' in edit
        # another member sees the state, not what was found
        other = enter(town.people["chen"]).get(f"/pledges/zones/{row.pk}/").content.decode()
        assert ("整改中" in other, "地面有油" in other) == (True, False)

    def test_closed_to_other_branches_and_the_doing_to_members(self, town, now, picture, enter):
        plan = planned(town, now, picture)
        row = drawn(town, now)
        of = f"?organisation={town.mining.pk}"
        reads = [f"zones/{of}", f"zones/sheet/{of}", f"zones/{row.pk}/", f"zones/picture/{plan.pk}/"]
        does = [f"zones/new/{of}", f"zones/plan/{of}", f"zones/{row.pk}/edit/", f"zones/{row.pk}/check/"]
        seen = lambda who, pages: [
            enter(town.people[who]).get(f"/pledges/{page}").status_code for page in pages
        ]
        assert seen("qian", reads + does) == [404] * 8
        assert seen("chen", does) == [404] * 4
        away = f"/pledges/zones/picture/{plan.pk}/remove/"
        assert [enter(town.people[who]).post(away, {"zb_token": "a"}).status_code for who in ("qian", "chen")] == [
            404, 404,
        ]  # fmt: skip
        assert seen("chen", reads) == [200] * 4


def test_a_zone_is_not_begun_without_its_place(town):
    assert {"zone", "model_post"} & {
        name for name, _title in undertaken.kind_choices(town.li, town.mining)
    } == set()
