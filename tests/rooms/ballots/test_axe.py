"""axe-core looks at every page of a secret vote, and at every step of the voter's page: it finds nothing."""

from pathlib import Path

import pytest

from tests.people import township
from tests.rooms.ballots.conftest import NOW, granted
from tests.rooms.ballots.devices import devices
from tests.rooms.ballots.voting import public_of, teller_key
from zhibu.ballots import actions
from zhibu.ballots.models import Ballot, Official

pytestmark = [pytest.mark.browser, pytest.mark.release, pytest.mark.django_db(transaction=True)]
AXE = Path(__file__).parents[3] / "node_modules" / "axe-core" / "axe.min.js"
LOOK = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
    .map((each) => [each.id, each.nodes.map((node) => node.html.slice(0, 120))])"""
ALL_STEPS = (
    'document.querySelectorAll("[data-step], [data-question]").forEach((each) => { each.hidden = false; })'
)


@pytest.fixture
def device(browser, live_server):
    yield from devices(browser, live_server)


def found(page):
    """What axe says of a page; it is put in from a file, the page loads nothing for it."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate(LOOK)


@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing(transactional_db, settings, device, width):
    settings.ZHIBU_TODAY = NOW.date().isoformat()
    hall = granted(township(members=2))
    people = hall.people
    ballot = actions.open_ballot(
        hall.li, organisation=hall.mining, rule="member-appraisal", title="民主评议", way="secret", voted_on=NOW.date(),
        now=NOW, names=[actions.Named("王副书记", people["wang"].pk), actions.Named("赵党员")],
    )  # fmt: skip
    for place, (name, duty) in enumerate((("wang", "teller"), ("m0", "teller"), ("zhao", "scrutineer"))):
        key = public_of(teller_key(place)) if duty == "teller" else ""
        Official.objects.create(ballot=ballot, person=people[name], duty=duty, key=key)
    chair, voter, teller = (
        device(people["li"], width),
        device(people["m1"], width),
        device(people["wang"], width),
    )
    at = f"/ballots/{ballot.pk}/"
    chair.goto(at)
    assert found(chair) == []
    actions.start(hall.li, ballot=Ballot.objects.get(), now=NOW)
    for address in (at, at + "screen/", at + "close/", "/ballots/", "/ballots/open/"):
        chair.goto(address)
        assert (address, found(chair)) == (address, [])
    teller.goto(at + "teller/")
    assert found(teller) == []
    voter.goto(at + "vote/")
    assert found(voter) == []
    voter.evaluate(ALL_STEPS)
    assert found(voter) == []
    # a look that sees nothing wrong where something is would see nothing
    voter.evaluate('document.querySelector("main").insertAdjacentHTML("beforeend", "<img src=x>")')
    assert [name for name, _nodes in found(voter)] == ["image-alt"]
