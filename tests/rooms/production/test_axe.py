"""axe-core looks at the pages of production, premises, slogans and screens, and at what of them is public: it finds nothing."""

from datetime import timedelta

import pytest

from tests.people import township
from tests.rooms.ballots.test_axe import found
from tests.rooms.notices.test_browser import sign_in
from tests.rooms.production.test_work import JUNE, TOLD, campaign
from tests.town import NOW
from zhibu.notices import actions as notices
from zhibu.notices.models import Board
from zhibu.premises import actions as premises
from zhibu.premises.models import Honour
from zhibu.production import actions
from zhibu.production.models import Campaign

pytestmark = [pytest.mark.browser, pytest.mark.release, pytest.mark.django_db(transaction=True)]


def test_axe_finds_nothing(phone, live_server, settings):
    settings.ZHIBU_TODAY = NOW.date().isoformat()
    town = township()
    actions.enter_figures(town.li, organisation=town.mining, month_on=JUNE, figures=TOLD, now=NOW)
    campaign(town, NOW)
    premises.record_fixture(
        town.li, organisation=town.mining, item="flag", state="missing", seen_on=NOW.date(), lacking="没有党旗",
        cost_fen=20000, now=NOW,
    )  # fmt: skip
    honour = premises.record_honour(
        town.li, organisation=town.mining, title="先进班组", given_by="公司", level="committee", given_on=NOW.date(), now=NOW
    )  # fmt: skip
    premises.publish_honour(town.li, honour=honour, now=NOW)
    notices.publish(
        town.li, organisation=town.mining, kind="slogan_safety", title="安全第一", opens_on=NOW.date(),
        closes_on=NOW.date() + timedelta(days=10), now=NOW,
    )  # fmt: skip
    board = Board.objects.get()
    phone.goto(f"{live_server.url}/board/{board.address}/")
    assert found(phone) == []
    sign_in(phone, town.people["li"], live_server)
    first = {each: each.objects.get().pk for each in (Campaign, Honour)}
    for address in (
        "production/", "production/figures/", "production/figures/enter/", "production/campaigns/",
        "production/campaigns/new/", f"production/campaigns/{first[Campaign]}/", "letters/practices/",
        "premises/", "premises/sheet/",
        "premises/item/flag/", "premises/honours/", "premises/honours/wall/", "premises/honours/new/",
        f"premises/honours/{first[Honour]}/", "notices/screen/", "notices/board/", "undertakings/?problems=1",
    ):  # fmt: skip
        phone.goto(f"/{address}")
        assert (address, phone.locator("h1").count()) == (address, 1)
        assert (address, found(phone)) == (address, [])
