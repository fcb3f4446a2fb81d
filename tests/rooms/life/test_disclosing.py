"""A year of dues told to the members: who may not, sums only, on the board, proved, once at a time."""

from datetime import date

import pytest
from django.test import Client

from tests.people import dues_entry
from tests.town import enter, now, town
from zhibu.core.refusal import Refused
from zhibu.life import actions
from zhibu.notices.models import Board, Notice
from zhibu.record.models import Entry

__all__ = ["enter", "now", "town"]
UNTIL = date(2026, 8, 2)
TEXT = """现将采矿党支部2026年截至2026年7月20日的党费收缴、使用和管理情况公开如下，请党员和群众监督。
一、收缴情况。已登记2个月，应交党费350.44元，实交300.00元，收缴率85%，其中当月交纳250.00元。
二、上缴和留存情况。没有上缴。
三、使用情况。没有使用党费。
四、结存情况。截至当日账上结存0.00元。
公开时间：2026年7月20日至2026年8月2日。
采矿党支部"""


@pytest.fixture
def told(town):
    dues_entry(town.mining, date(2026, 5, 1), due=17522, received=15000, in_time=15000)
    dues_entry(town.mining, date(2026, 6, 1), due=17522, received=15000, in_time=10000)
    return town


def disclose(town, now, who=None, **more):
    given = {"organisation": town.mining, "year": 2026, "closes_on": UNTIL, "now": now, **more}
    return actions.disclose_dues(who or town.li, **given)


def refused(call, *codes):
    with pytest.raises(Refused) as caught:
        call()
    assert caught.value.codes == codes


def test_refused(told, now):
    for outsider in (told.qian, told.chen, told.sun, told.zhao):
        refused(lambda who=outsider: disclose(told, now, who), "life.no_mandate")
    refused(lambda: disclose(told, now, year=2025), "life.no_dues_to_tell")
    refused(lambda: disclose(told, now, closes_on=date(2026, 7, 19)), "notices.closes_before_opening")
    assert (Notice.objects.count(), Entry.objects.filter(act="life.disclose_dues").count()) == (0, 0)


def test_sums_hang_on_the_board_and_are_proved(told, now):
    made = disclose(told, now)
    assert (made.kind, made.text, made.opens_on, made.closes_on) == ("dues", TEXT, date(2026, 7, 20), UNTIL)
    acts = Entry.objects.order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["notices.publish", "life.disclose_dues"]
    refused(lambda: disclose(told, now), "life.dues_hang_already")


def test_from_the_page_of_dues_to_the_proof(told, enter):
    secretary = enter(told.people["li"])
    assert "/life/dues/?organisation=" in secretary.get("/dues/").content.decode()
    url = f"/life/dues/?organisation={told.mining.pk}&year=2026"
    page = secretary.get(url).content.decode()
    assert ("应交党费350.44元" in page, "李书记" in page.split("<main", 1)[1]) == (True, False)
    answer = secretary.post(url, {"closes_on": "2026-08-02"})
    notice = Notice.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/notices/{notice.pk}/")
    assert "应交党费350.44元" in secretary.get(answer["Location"]).content.decode()
    assert secretary.get(f"/notices/{notice.pk}/proof/").status_code == 200
    # whoever passes by needs no account
    public = Client().get(f"/board/{Board.objects.get().address}/").content.decode()
    assert notice.title in public
    assert notice.title in secretary.get(url).content.decode()
    assert secretary.post(url, {"closes_on": "2026-08-02", "zb_token": "again"}).status_code == 409


def test_nobody_else_opens_it(told, enter):
    for name in ("zhao", "chen", "qian"):
        answer = enter(told.people[name]).get(f"/life/dues/?organisation={told.mining.pk}")
        assert answer.status_code == 404, name
