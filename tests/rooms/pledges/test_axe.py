"""axe-core looks at the pages of zones and marks, and at the plan before everyone: it finds nothing."""

import pytest

from tests.people import township
from tests.rooms.ballots.test_axe import found
from tests.rooms.notices.test_browser import sign_in
from tests.rooms.pledges.test_marks import JUNE
from tests.rooms.pledges.test_pledges import made
from zhibu.notices.models import Board
from zhibu.pledges import actions, queries
from zhibu.project.demo.zones import floor

pytestmark = [pytest.mark.browser, pytest.mark.release, pytest.mark.django_db(transaction=True)]


def test_axe_finds_nothing(phone, live_server, settings):
    settings.ZHIBU_TODAY = "2026-06-20"
    town = township()
    chen = town.people["chen"].pk
    made(town, JUNE)
    actions.set_plan(town.li, organisation=town.mining, title="一楼", content=floor(), now=JUNE)
    zone = actions.draw_zone(
        town.li,
        organisation=town.mining,
        kind="zone",
        title="三号泵房",
        holder=chen,
        shape="0,0 500,500",
        now=JUNE,
    )
    actions.check_zone(town.li, zone=zone, checked_on=JUNE.date(), found="地面有油", now=JUNE)
    actions.publish_zones(town.li, organisation=town.mining, now=JUNE)
    phone.goto(f"{live_server.url}/board/{Board.objects.get().address}/zones/")
    assert found(phone) == []
    sign_in(phone, town.people["li"], live_server)
    zones = [f"zones/{each}" for each in ("", "new/", "plan/", "sheet/", f"{zone.pk}/", f"{zone.pk}/check/")]
    marks = ("half-year/", "half-year/own/", "half-year/own/?half=2025H2", "half-year/group/")
    plan = queries.plans_of(town.mining)[0].pk
    printed = ("cards/", "cards/?form=badge", "wall/", "publish/", "new/?for=others")
    for address in ("", *zones, f"zones/plan/?plan={plan}", *marks, *printed, f"year/{chen}/"):
        phone.goto(f"/pledges/{address}")
        assert (address, found(phone)) == (address, [])
