"""The pages: nobody from outside, members look, the chair acts; every page of every state renders."""

from datetime import date

import pytest

from tests.people import township
from tests.rooms.ballots.conftest import NOW
from zhibu.accounts.models import User
from zhibu.ballots import actions
from zhibu.ballots.models import Ballot
from zhibu.core.authority import Actor, Mandate, Reach

PAGES = (
    "", "officials/", "present/", "slips/", "start/", "casting/", "close/", "cancel/", "seats/", "again/", "destroy/",
    "tally/", "vote/", "teller/", "teller/papers/", "screen/", "print/", "sheet/",
)  # fmt: skip


@pytest.fixture
def town(db, settings):
    settings.ZHIBU_TODAY = NOW.date().isoformat()
    settings.ZHIBU_SECOND_FACTOR = "none"
    return township(members=6)


@pytest.fixture
def enter(client):
    def sign_in(person):
        user = User.objects.filter(person=person).first() or User.objects.create_user(
            person.name, person=person
        )
        client.force_login(user, backend="zhibu.accounts.backends.PhoneOrName")
        return client

    return sign_in


def chair(town):
    mandate = Mandate("secretary", town.mining.pk, town.mining.path, frozenset({"ballots.*"}), Reach.OWN)
    return Actor(1, town.people["li"].pk, "李书记", (mandate,))


def paper_vote(town):
    names = [
        actions.Named(town.people[each].name, town.people[each].pk) for each in ("wang", "li", "zhao", "m0")
    ]
    made = actions.open_ballot(
        chair(town), organisation=town.mining, rule="branch-election", title="换届选举", way="paper",
        voted_on=NOW.date(), now=NOW, names=names, seats=3,
    )  # fmt: skip
    people = town.people
    actions.name_officials(
        chair(town),
        ballot=made,
        scrutineers=[people["m1"].pk],
        tellers=[people["m2"].pk, people["m3"].pk],
        now=NOW,
    )
    return made


def statuses(client, ballot):
    return {page: client.get(f"/ballots/{ballot.pk}/{page}").status_code for page in PAGES}


def test_nobody_from_outside_sees_anything(town, enter):
    made = paper_vote(town)
    outside = enter(town.people["qian"])
    assert set(statuses(outside, made).values()) == {404}
    assert made.title not in outside.get("/ballots/").content.decode()


def test_nobody_signed_out_sees_anything(town, client):
    made = paper_vote(town)
    assert {client.get(f"/ballots/{made.pk}/{page}").status_code for page in PAGES} == {302}


def test_a_member_looks_and_does_not_act(town, enter):
    made = paper_vote(town)
    member = enter(town.people["m4"])
    found = statuses(member, made)
    assert (found[""], found["screen/"], found["tally/"]) == (200, 200, 404)
    assert {
        found[each] for each in ("start/", "close/", "officials/", "cancel/", "print/", "sheet/", "teller/")
    } == {404}
    assert "开始投票" not in member.get(f"/ballots/{made.pk}/").content.decode()


def test_the_chair_runs_an_election_on_paper_through_the_pages(town, enter):
    li = enter(town.people["li"])
    form = {
        "rule": "branch-election", "title": "换届选举", "voted_on": "2026-07-20", "way": "paper", "roll_source": "members",
        "names": [town.people[each].pk for each in ("wang", "li", "zhao", "m0")], "seats": "3", "allowed_by": "",
    }  # fmt: skip
    assert li.post("/ballots/open/", {**form, "seats": "4"}).status_code == 409
    assert li.post("/ballots/open/", {**form, "seats": ""}).status_code == 200
    assert li.post("/ballots/open/", form).status_code == 302
    made = Ballot.objects.get()
    people = town.people
    at = f"/ballots/{made.pk}"
    li.post(
        f"{at}/officials/", {"scrutineers": people["m1"].pk, "tellers": [people["m2"].pk, people["m3"].pk]}
    )
    voter = made.voters.get(person=people["m5"])
    li.post(f"{at}/roll/{voter.pk}/", {"excluded": "abroad", "consent": "党委同意，大会通过"})
    assert li.get(f"{at}/roll/{voter.pk}/").status_code == 200
    li.post(f"{at}/start/")
    assert li.get(f"{at}/print/").content.decode().count("zb-ballot-paper") == 8
    present = [each.pk for each in made.voters.all() if each.counts]
    li.post(f"{at}/present/", {"present": present})
    li.post(f"{at}/close/")
    sheet = {"issued": 8, "returned": 8, "void": 0, "write_ins": ""}
    for place, yes in enumerate((8, 7, 6, 3)):
        sheet |= {f"n{place}_yes": yes, f"n{place}_no": 8 - yes, f"n{place}_abstain": 0}
    for official in made.officials.filter(duty="teller"):
        assert li.post(f"{at}/tally/?teller={official.pk}", sheet).status_code == 302
    page = li.get(f"{at}/").content.decode()
    assert "赵党员：赞成 3，不赞成 5，弃权 0" in page
    assert page.count("，当选") == 3
    assert li.get(f"{at}/sheet/").status_code == 200
    assert set(statuses(li, made).values()) <= {200, 404}


def test_a_named_vote_and_a_show_of_hands(town, enter):
    who = chair(town)
    named = actions.open_ballot(who, organisation=town.mining, rule="general-meeting", title="年度计划", way="named", voted_on=NOW.date(), now=NOW)  # fmt: skip
    actions.start(who, ballot=named, now=NOW)
    for name in ("li", "wang", "zhao", "m0", "m1", "m2"):
        voter = enter(town.people[name])
        assert "实名投票" in voter.get(f"/ballots/{named.pk}/vote/").content.decode()
        assert voter.post(f"/ballots/{named.pk}/vote/named/", {"m0": "y"}).status_code == 302
    assert "您已经投票" in voter.get(f"/ballots/{named.pk}/vote/").content.decode()
    assert "年度计划" in voter.get("/ballots/").content.decode()
    li = enter(town.people["li"])
    li.post(f"/ballots/{named.pk}/close/")
    li.post(f"/ballots/{named.pk}/tally/")
    assert "赞成 6：通过" in li.get(f"/ballots/{named.pk}/").content.decode()
    hands = actions.open_ballot(who, organisation=town.mining, rule="general-meeting", title="决议", way="show_of_hands", voted_on=NOW.date(), now=NOW)  # fmt: skip
    li.post(f"/ballots/{hands.pk}/start/")
    li.post(
        f"/ballots/{hands.pk}/present/", {"present": [each.pk for each in hands.voters.all() if each.counts]}
    )
    li.post(f"/ballots/{hands.pk}/close/")
    li.post(f"/ballots/{hands.pk}/tally/", {"n0_yes": 4, "n0_no": 5, "n0_abstain": 0})
    assert "未通过" in li.get(f"/ballots/{hands.pk}/").content.decode()


def test_a_vote_held_at_a_meeting_is_shown_there(town, enter):
    from zhibu.life import actions as life
    from zhibu.life.told import Held, Item

    held = Held(date(2026, 7, 20), agenda=[Item("接收周积极为预备党员", tag="admission")])
    session = life.record(town.li, organisation=town.mining, kind="general_meeting", held=held, now=NOW)
    li = enter(town.people["li"])
    page = li.get(f"/life/{session.pk}/").content.decode()
    assert f"origin=life.session:{session.pk}" in page
    made = actions.open_ballot(
        chair(town), organisation=town.mining, rule="general-meeting", title="接收周积极为预备党员", way="show_of_hands",
        voted_on=NOW.date(), now=NOW, origin=f"life.session:{session.pk}",
    )  # fmt: skip
    actions.start(chair(town), ballot=made, now=NOW)
    actions.mark_present(
        chair(town), ballot=made, present=[each.pk for each in made.voters.all() if each.counts], now=NOW
    )
    actions.close(chair(town), ballot=made, now=NOW)
    actions.enter_tally(chair(town), ballot=made, entry={"yes": 9, "no": 0, "abstain": 0}, now=NOW)
    page = li.get(f"/life/{session.pk}/").content.decode()
    assert "赞成 9，不赞成 0，弃权 0。通过。" in page


def test_the_slips_are_shown_once(town, enter, client):
    made = actions.open_ballot(
        chair(town), organisation=town.mining, rule="masses-approval", title="群众公认票", way="secret", voted_on=NOW.date(),
        now=NOW, roll_source="slips",
    )  # fmt: skip
    li = enter(town.people["li"])
    page = li.post(f"/ballots/{made.pk}/slips/", {"number": 7}).content.decode()
    assert page.count('class="zb-slip"') == 7
    client.logout()
    assert client.get(f"/ballots/slip/{made.code}/").status_code == 404
    assert client.post("/ballots/slip/", {"slip": "x"}, content_type="application/json").status_code in {
        400,
        409,
    }
