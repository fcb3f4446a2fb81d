"""axe-core finds nothing on the public pages and on the main pages of a member, on a desk and on a phone.

axe-core is a development dependency of package.json; it is not part of what is shipped.
"""

from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from tests.people import township
from tests.rooms.notices.test_browser import sign_in
from zhibu.core.authority import Actor, Mandate, Reach
from zhibu.letters import actions as letters
from zhibu.notices import actions as notices
from zhibu.notices.models import Board
from zhibu.pledges import actions as pledges
from zhibu.undertakings import actions as undertakings
from zhibu.undertakings.told import Undertaken

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
DAY = date(2026, 7, 20)
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
FINDS = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(
  each => each.id + ": " + each.nodes.slice(0, 4).map(node => node.target.join(" ") + " " + node.html.slice(0, 160)).join(" | "))"""
MINE = (
    "/", "/life/", "/undertakings/", "/undertakings/small/", "/undertakings/new/?kind=small_task", "/pledges/", "/pledges/new/",
    "/integrity/", "/integrity/promise/", "/letters/write/", "/notices/", "/study/",
)  # fmt: skip

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not AXE.exists(), reason="no axe-core; ./dev up installs it"),
]


@pytest.fixture
def public():
    """A board with a notice, a pledge, an answer and a post; its public addresses."""
    town, now = township(), timezone.make_aware(timezone.datetime(2026, 7, 20, 9))
    place, verbs = town.mining, frozenset({"notices.*", "letters.*", "pledges.*", "undertakings.*"})
    officer = lambda name: Actor(
        town.people[name].pk,
        town.people[name].pk,
        name,
        (Mandate("secretary", place.pk, place.path, verbs, Reach.OWN),),
    )
    li, wang = officer("li"), officer("wang")
    subject = town.people["zhou"].pk
    notice = notices.publish(li, organisation=place, kind="admission", subject=subject, opens_on=DAY, now=now)
    row = pledges.make(
        li, organisation=place, person=town.people["chen"].pk, text="班前会必讲一条安全要点。", now=now
    )
    (pledge,) = pledges.publish(li, organisation=place, pledges=[row.pk], now=now)
    letter = letters.receive(organisation=place, kind="question", text="问", receipt="r", now=now)
    letters.answer_letter(li, letter=letter, answer="答", now=now)
    letter = letters.publish_answer(
        li, letter=letter, asked="转正要准备什么？", answer="申请书等三件。", now=now
    )
    post = letters.write_bulletin(
        li, organisation=place, kind="news", title="义务植树", body="五十棵。", now=now
    )
    letters.submit_bulletin(li, bulletin=post, now=now)
    post = letters.publish_bulletin(wang, bulletin=post, now=now)
    what = Undertaken("small_task", "修好楼道灯", town.people["li"].pk, due_on=DAY)
    undertakings.undertake(li, organisation=place, what=what, now=now)
    board = Board.objects.get(organisation=place).address
    return town, (
        f"/board/{board}/", f"/board/{board}/{notice.address}/", f"/board/{board}/{notice.address}/objection/",
        f"/board/{board}/{pledge.address}/", "/board/receipt/", f"/portal/{board}/", f"/portal/{board}/posts/",
        f"/portal/{board}/posts/{post.address}/", f"/portal/{board}/ask/", f"/portal/{board}/ask/{letter.address}/",
        f"/portal/{board}/ask/new/question/", f"/portal/{board}/ask/new/suggestion/",
        f"/portal/{board}/ask/new/complaint/", f"/portal/{board}/ask/receipt/", "/sign-in/",
    )  # fmt: skip


def test_axe_finds_nothing(desk, live_server, settings, public):
    settings.ZHIBU_TODAY = DAY.isoformat()
    town, addresses = public
    desk.add_init_script(path=AXE)
    # it must find what is planted before its silence means anything
    desk.goto(addresses[0])
    desk.evaluate("document.querySelector('main').append(document.createElement('img'))")
    assert [told.partition(":")[0] for told in desk.evaluate(FINDS)] == ["image-alt"]
    found = look(desk, addresses)
    sign_in(desk, town.people["wang"], live_server)
    found |= look(desk, MINE)
    assert found == {}


def look(page, addresses):
    """What axe finds on each page at each width, and pages that run over the side."""
    found = {}
    for address in addresses:
        answer = page.goto(address)
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            told = page.evaluate(FINDS)
            if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
                told.append("runs over the side")
            if told or answer.status != 200:
                found[address, size["width"], answer.status] = told
    return found
