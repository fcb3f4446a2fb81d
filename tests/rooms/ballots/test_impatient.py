"""Voters on slow phones: who taps twice has one ticket, and an answer that comes late leads nobody back."""

import pytest

from tests.browsers import into
from tests.people import township
from tests.rooms.ballots.conftest import NOW, granted
from tests.rooms.ballots.devices import devices
from tests.rooms.ballots.voting import public_of, teller_key
from zhibu.ballots import actions, showing
from zhibu.ballots.models import Ballot, Official

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# a telephone that takes a third of a second to make a key, and a second tap before it has one
SLOW_KEYS = """const make = crypto.subtle.generateKey.bind(crypto.subtle);
crypto.subtle.generateKey = async (...told) => {
    await new Promise((on) => setTimeout(on, 300));
    return make(...told);
};"""
TWICE = "(button) => { button.click(); setTimeout(() => button.click(), 100); }"
# what comes to nothing within this time was never begun
A_WHILE = "() => new Promise((on) => setTimeout(on, 1000))"


@pytest.fixture
def device(browser, live_server):
    yield from devices(browser, live_server)


@pytest.fixture
def issuing(transactional_db, settings):
    """A secret vote whose tickets are being taken."""
    settings.ZHIBU_TODAY = NOW.date().isoformat()
    hall = granted(township(members=2))
    hall.ballot = actions.open_ballot(
        hall.li, organisation=hall.mining, rule="admission", title="接收周积极为预备党员", way="secret",
        voted_on=NOW.date(), now=NOW,
    )  # fmt: skip
    for place, (name, duty) in enumerate((("wang", "teller"), ("m0", "teller"), ("zhao", "scrutineer"))):
        key = public_of(teller_key(place)) if duty == "teller" else ""
        Official.objects.create(ballot=hall.ballot, person=hall.people[name], duty=duty, key=key)
    actions.start(hall.li, ballot=Ballot.objects.get(), now=NOW)
    return hall


def test_who_taps_twice_has_one_ticket(device, issuing):
    page = device(issuing.people["m1"])
    page.add_init_script(SLOW_KEYS)
    page.goto(f"/ballots/{issuing.ballot.pk}/vote/")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    page.locator('[data-do="ticket"]').evaluate(TWICE)
    page.locator('[data-step="wait"]').wait_for(state="visible")
    page.evaluate(A_WHILE)
    assert (page.locator("[data-say]").is_hidden(), len(asked)) == (True, 1)
    # the ticket that is kept is the one that was sealed
    page.reload()
    page.locator('[data-step="wait"]').wait_for(state="visible")
    assert page.problems == []


def test_the_box_is_asked_again_only_when_it_has_answered(device, issuing, monkeypatch):
    monkeypatch.setattr(showing, "asks_every", lambda _expected: 50)
    page, held = device(issuing.people["m1"]), []
    page.goto(f"/ballots/{issuing.ballot.pk}/vote/")
    page.locator('[data-step="ticket"]').wait_for(state="visible")
    page.route("**/box/**", into(held))
    page.evaluate(A_WHILE)
    assert len(held) == 1
    with page.expect_request("**/box/**"):
        held[0].continue_()
    assert page.problems == []
