"""A secret vote in real browsers: two tellers, voters, reload, second device, the box, the network watched."""

import json
from pathlib import Path

import pytest

from tests.people import township
from tests.rooms.ballots.conftest import NOW
from tests.rooms.ballots.devices import devices, sign_in
from zhibu.ballots import actions, box, queries
from zhibu.ballots.models import Ballot
from zhibu.record.models import Entry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
VECTORS = Path(__file__).parents[2] / "data" / "rfc9474.json"


@pytest.fixture
def device(browser, live_server):
    """A browser of one person; `sent` collects what it asked for."""
    yield from devices(browser, live_server)


@pytest.fixture
def hall(transactional_db, settings, tmp_path):
    """Li's branch, and the folder of boxes; the tellers are Wang and a miner."""
    settings.ZHIBU_TODAY = NOW.date().isoformat()
    return township(members=2)


def test_the_client_keeps_the_standard_too(device, live_server, settings):
    """All vectors of RFC 9474, run by the client in Chromium."""
    page = device(None)
    page.goto("/sign-in/")
    source = (Path(actions.__file__).parents[2] / "ui/frontend/ballot.js").read_text()
    assert len(source.splitlines()) <= 200
    assert "import " not in source.replace("importKey", "")
    page.route("**/client.js", lambda route: route.fulfill(body=source, content_type="text/javascript"))
    found = page.evaluate(
        """async (vectors) => {
            const made = await import("/client.js");
            const told = [];
            for (const v of vectors) {
                const prepared = made.unhex(v.msg_prefix + v.msg);
                const kept = await made.blind(v.n, prepared, made.unhex(v.salt), BigInt("0x" + v.inv));
                told.push([made.hex(kept.blinded), made.hex(made.finalize(v.n, made.unhex(v.blind_sig), kept))]);
            }
            return told;
        }""",
        json.loads(VECTORS.read_text()),
    )
    assert found == [[each["blinded_msg"], each["sig"]] for each in json.loads(VECTORS.read_text())]


def test_a_whole_secret_vote(device, hall, live_server, tmp_path):
    people = hall.people
    ballot = actions.open_ballot(
        replace_mandates(hall), organisation=hall.mining, rule="admission", title="接收周积极为预备党员", way="secret",
        voted_on=NOW.date(), now=NOW,
    )  # fmt: skip
    actions.name_officials(
        replace_mandates(hall), ballot=ballot, scrutineers=[people["zhao"].pk],
        tellers=[people["wang"].pk, people["m0"].pk], now=NOW,
    )  # fmt: skip
    chair, wang, miner = device(people["li"], 1440), device(people["wang"]), device(people["m0"])
    for teller in (wang, miner):
        teller.goto(f"/ballots/{ballot.pk}/teller/")
        teller.click('[data-do="key"]')
        teller.locator("[data-has-key]").wait_for(state="visible")
    chair.goto(f"/ballots/{ballot.pk}/start/")
    chair.click("form .btn-primary")
    # five voters: the officers, one of them a teller, and a miner
    voters = {
        "li": device(people["li"]),
        "wang": wang,
        "zhao": device(people["zhao"]),
        "m1": device(people["m1"]),
    }
    for page in voters.values():
        page.goto(f"/ballots/{ballot.pk}/vote/")
        page.click('[data-do="ticket"]')
        page.locator('[data-step="wait"]').wait_for(state="visible")
    second = device(people["zhao"])
    second.goto(f"/ballots/{ballot.pk}/vote/")
    second.locator('[data-step="other"]').wait_for(state="visible")
    late = device(people["m0"])
    late.goto(f"/ballots/{ballot.pk}/vote/")
    late.locator('[data-step="ticket"]').wait_for(state="visible")
    voters["m1"].reload()
    chair.goto(f"/ballots/{ballot.pk}/casting/")
    chair.click("form .btn-primary")
    late.locator('[data-step="late"]').wait_for(state="visible")
    for name, page in voters.items():
        page.locator('[data-step="mark"]').wait_for(state="visible")
        page.sent.clear()
        page.check(f'input[value="{"n" if name == "m1" else "y"}"]')
        page.click('[data-do="next"]')
        page.click('[data-do="cast"]')
        page.locator('[data-step="done"]').wait_for(state="visible")
        posts = [each for each in page.sent if each.method == "POST"]
        assert [each.url.split("/box/")[0] for each in posts] == [live_server.url]
        headers = posts[0].all_headers()
        assert {"cookie", "referer", "x-csrftoken"} & set(headers) == set()
        assert len(posts[0].post_data_buffer) == box.terms_of(ballot.code).length
    voters["li"].reload()
    voters["li"].locator('[data-step="done"]').wait_for(state="visible")
    # someone else signs in on a device that has voted: it shows nothing of the first, and casts nothing in their name
    sign_in(voters["li"].context, people["m0"], live_server)
    voters["li"].reload()
    voters["li"].locator('[data-step="late"]').wait_for(state="visible")
    sign_in(voters["li"].context, people["li"], live_server)
    chair.goto(f"/ballots/{ballot.pk}/screen/")
    assert "赞成" not in chair.content()
    chair.goto(f"/ballots/{ballot.pk}/close/")
    chair.click("form .btn-primary")
    wang.goto(f"/ballots/{ballot.pk}/teller/")
    wang.click('[data-do="count"]')
    wang.locator("[data-say]").wait_for(state="visible")
    assert queries.outcome_of(Ballot.objects.get(pk=ballot.pk)) is None
    # the miner's phone is lost: another device has no key, and counts with the file of the teller who has one
    wang.click("[data-teller] summary")
    with wang.expect_download() as downloading:
        wang.click('[data-do="recount"]')
    file = tmp_path / "recount.json"
    downloading.value.save_as(file)
    lost = device(people["m0"])
    lost.goto(f"/ballots/{ballot.pk}/teller/")
    lost.click('[data-do="count"]')
    lost.get_by_text("这台设备上没有您的私钥").wait_for()
    lost.click("[data-teller] summary")
    for bad, told in (
        (spoiled(file, tmp_path), "钥匙与票对不上"),
        (short(file, tmp_path), "与票箱里的票不符"),
    ):
        lost.set_input_files("[data-file]", bad)
        lost.click('[data-do="file"]')
        lost.get_by_text(told).wait_for()
    lost.set_input_files("[data-file]", file)
    lost.click('[data-do="file"]')
    lost.get_by_text("两名计票人的结果相同").wait_for()
    entered = [
        json.loads(each.values)
        for each in Entry.objects.filter(act="ballots.enter_tally").order_by("sequence")
    ]
    assert [each["by_file"] for each in entered] == [False, True]
    outcome = queries.outcome_of(Ballot.objects.get(pk=ballot.pk))
    assert outcome.majority.count == 3
    check = voters["zhao"].locator("[data-check]")
    check.wait_for(state="visible")
    assert "您的票在票箱里" in check.inner_text()
    assert [each.problems for each in (*voters.values(), chair, lost, late, second)] == [[]] * 8


def spoiled(file, folder):
    """A file in which one key is another: as if the teller who had it wanted a paper not to count."""
    told = json.loads(file.read_text())
    told["papers"][0]["key"] = told["papers"][1]["key"]
    return written(folder / "spoiled.json", told)


def short(file, folder):
    """A file that leaves a paper out."""
    told = json.loads(file.read_text())
    return written(folder / "short.json", {**told, "papers": told["papers"][1:]})


def written(path, value):
    path.write_text(json.dumps(value))
    return path


def replace_mandates(town):
    """Li, who runs the votes of the branch."""
    from dataclasses import replace

    from zhibu.core.authority import Mandate, Reach

    mandate = Mandate("secretary", town.mining.pk, town.mining.path, frozenset({"ballots.*"}), Reach.OWN)
    return replace(town.li, mandates=(mandate,))


def test_people_without_an_account_vote_with_slips(device, hall, live_server):
    """Codes are printed once; a wrong one, one used twice, a second slip on one device."""
    people = hall.people
    ballot = actions.open_ballot(
        replace_mandates(hall), organisation=hall.mining, rule="masses-approval", title="群众公认票", way="secret",
        voted_on=NOW.date(), now=NOW, roll_source="slips",
    )  # fmt: skip
    officials = {"scrutineers": [people["zhao"].pk], "tellers": [people["wang"].pk, people["m0"].pk]}
    actions.name_officials(replace_mandates(hall), ballot=ballot, now=NOW, **officials)
    chair, tellers = device(people["li"], 1440), [device(people[name]) for name in ("wang", "m0")]
    for page in tellers:
        page.goto(f"/ballots/{ballot.pk}/teller/")
        page.click('[data-do="key"]')
        page.locator("[data-has-key]").wait_for(state="visible")
    chair.goto(f"/ballots/{ballot.pk}/slips/")
    chair.fill("#id_number", "6")
    chair.click("form[method=post] .btn-primary")
    slips = chair.locator(".zb-slip code").all_inner_texts()
    assert len(set(slips)) == 6
    chair.goto(f"/ballots/{ballot.pk}/start/")
    chair.click("form[method=post] .btn-primary")
    phones = [device(None) for _each in slips]
    for page, slip in zip(phones[:5], slips, strict=False):
        page.goto(f"/ballots/slip/{ballot.code}/")
        page.fill("#zb-slip", slip.lower())
        page.click('[data-do="ticket"]')
        page.locator('[data-step="wait"]').wait_for(state="visible")
    cheat = phones[5]
    cheat.goto(f"/ballots/slip/{ballot.code}/")
    for slip, told in (("AAAA-BBBB-CCCC", "没有这个代码"), (slips[0], "已经领过票")):
        cheat.fill("#zb-slip", slip)
        cheat.click('[data-do="ticket"]')
        cheat.get_by_text(told).wait_for()
    chair.goto(f"/ballots/{ballot.pk}/casting/")
    chair.click("form[method=post] .btn-primary")
    for page in phones[:5]:
        page.locator('[data-step="mark"]').wait_for(state="visible")
        page.check('input[value="y"]')
        page.click('[data-do="next"]')
        page.click('[data-do="cast"]')
        page.locator('[data-step="done"]').wait_for(state="visible")
        assert page.context.cookies() == [] or {each["name"] for each in page.context.cookies()} <= {
            "zhibu_csrf"
        }
    chair.goto(f"/ballots/{ballot.pk}/close/")
    chair.click("form[method=post] .btn-primary")
    for page in tellers:
        page.goto(f"/ballots/{ballot.pk}/teller/")
        page.click('[data-do="count"]')
        page.locator("[data-say]:visible, .zb-callout:visible").first.wait_for()
    tellers[1].get_by_text("两名计票人的结果相同").wait_for()
    vote = queries.vote_of(Ballot.objects.get(pk=ballot.pk))
    assert (vote.yes, vote.returned) == (5, 5)
