"""A secret vote from its opening to the destruction of its papers; and everything that is refused on the way."""

import secrets
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.rooms.ballots.voting import Device, open_paper, public_of, teller_key
from zhibu.ballots import actions, box, envelope, queries
from zhibu.ballots.models import Ballot
from zhibu.core.authority import Actor
from zhibu.core.refusal import Refused
from zhibu.record.models import Entry
from zhibu.record.verification import verify


def as_voter(town, person):
    """The person as an actor with a member's mandates."""
    return replace(town.chen, user=person.pk, person=person.pk, name=person.name)


@pytest.fixture
def crowd(big_town):
    return big_town(6)


@pytest.fixture
def ballot(crowd, now):
    """An admission by secret vote, its two tellers with keys, not yet started."""
    made = actions.open_ballot(
        crowd.li, organisation=crowd.mining, rule="admission", title="接收周积极为预备党员", way="secret",
        voted_on=now.date(), now=now,
    )  # fmt: skip
    people = crowd.people
    actions.name_officials(
        crowd.li,
        ballot=made,
        scrutineers=[people["zhao"].pk],
        tellers=[people["wang"].pk, people["m0"].pk],
        now=now,
    )
    for place, name in enumerate(("wang", "m0")):
        actions.register_key(
            as_voter(crowd, people[name]), ballot=made, key=public_of(teller_key(place)), now=now
        )
    return made


def fresh(ballot):
    return Ballot.objects.get(pk=ballot.pk)


def take(actor, ballot, blinded, now):
    """As the view does: the line of the roll, then the ticket."""
    return actions.take_ticket(actor, line=queries.line_of(actor, ballot.pk), blinded=blinded, now=now)


def issue(crowd, ballot, now, names):
    found = {}
    for name in names:
        device = Device(ballot.code, fresh(ballot).key_modulus)
        device.take(take(as_voter(crowd, crowd.people[name]), ballot, device.blinded.message, now))
        found[name] = device
    return found


def body(ballot, device, marks):
    keys = [teller_key(place).public_key() for place in range(2)]
    return device.paper(marks, keys, fresh(ballot).paper_bytes)


def count_both(crowd, ballot, now):
    for place, name in enumerate(("wang", "m0")):
        found = sorted(
            open_paper(each, place, teller_key(place), 2, ballot.code) for each in box.papers(ballot.code)
        )
        actions.enter_tally(
            as_voter(crowd, crowd.people[name]), ballot=ballot, entry={"papers": found}, now=now
        )


VOTERS = ("li", "wang", "zhao", "m0", "m1", "m2", "m3")


def codes(call):
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.codes


def test_it_needs_officials_keys_and_https(crowd, now):
    made = actions.open_ballot(
        crowd.li,
        organisation=crowd.mining,
        rule="admission",
        title="接收",
        way="secret",
        voted_on=now.date(),
        now=now,
    )
    assert codes(lambda: actions.start(crowd.qian, ballot=made, now=now))[0] == "ballots.no_mandate"
    assert codes(lambda: actions.start(crowd.li, ballot=made, now=now)) == ("ballots.officials_needed",)
    people = crowd.people
    actions.name_officials(
        crowd.li,
        ballot=made,
        scrutineers=[people["zhao"].pk],
        tellers=[people["wang"].pk, people["m0"].pk],
        now=now,
    )
    assert codes(lambda: actions.start(crowd.li, ballot=made, now=now)) == ("ballots.keys_needed",)
    assert codes(
        lambda: actions.register_key(
            as_voter(crowd, people["m1"]), ballot=made, key=public_of(teller_key(0)), now=now
        )
    ) == ("ballots.not_teller",)
    assert codes(
        lambda: actions.register_key(as_voter(crowd, people["wang"]), ballot=made, key="bm8=", now=now)
    ) == ("ballots.bad_key",)


def test_plain_http_is_refused(crowd, ballot, now):
    assert codes(lambda: actions.start(crowd.li, ballot=ballot, now=now, is_safe=False)) == (
        "ballots.https_needed",
    )


def test_a_ticket_is_given_once_and_only_to_voters(crowd, ballot, now):
    device = Device(ballot.code, actions.start(crowd.li, ballot=ballot, now=now).key_modulus)
    chen = as_voter(crowd, crowd.people["chen"])
    assert codes(lambda: take(chen, ballot, device.blinded.message, now)) == ("ballots.no_vote",)
    outsider = as_voter(crowd, crowd.people["qian"])
    assert codes(lambda: take(outsider, ballot, device.blinded.message, now)) == ("ballots.not_on_roll",)
    nobody = Actor(0, None, "操作员", ())
    assert codes(lambda: take(nobody, ballot, device.blinded.message, now)) == ("ballots.not_on_roll",)
    zhao = as_voter(crowd, crowd.people["zhao"])
    assert codes(lambda: take(zhao, ballot, b"no", now)) == ("ballots.not_blinded",)
    first = take(zhao, ballot, device.blinded.message, now)
    assert take(zhao, ballot, device.blinded.message, now) == first
    second = Device(ballot.code, fresh(ballot).key_modulus)
    assert codes(lambda: take(zhao, ballot, second.blinded.message, now)) == ("ballots.ticket_taken",)
    assert Entry.objects.filter(act="ballots.take_ticket").count() == 1


def test_a_lost_answer_is_given_again_after_issuing_but_no_new_ticket(crowd, ballot, now):
    actions.start(crowd.li, ballot=ballot, now=now)
    device = issue(crowd, ballot, now, ("zhao",))["zhao"]
    actions.open_casting(crowd.li, ballot=ballot, now=now)
    zhao = as_voter(crowd, crowd.people["zhao"])
    assert take(zhao, ballot, device.blinded.message, now)
    late = Device(ballot.code, fresh(ballot).key_modulus)
    m1 = as_voter(crowd, crowd.people["m1"])
    assert codes(lambda: take(m1, ballot, late.blinded.message, now)) == ("ballots.wrong_state",)
    assert fresh(ballot).key_sealed == ""


def test_the_whole_of_a_secret_vote(crowd, ballot, now):
    actions.start(crowd.li, ballot=ballot, now=now)
    devices = issue(crowd, ballot, now, VOTERS)
    assert box.cast(ballot.code, b"") is box.Answer.NONE
    actions.open_casting(crowd.li, ballot=ballot, now=now)
    marks = dict(zip(VOTERS, "yyyyynb", strict=True))
    papers = {name: body(ballot, devices[name], marks[name]) for name in VOTERS}
    assert {len(each) for each in papers.values()} == {box.terms_of(ballot.code).length}
    assert [box.cast(ballot.code, papers[name]) for name in VOTERS] == [box.Answer.TAKEN] * 7
    assert box.cast(ballot.code, papers["li"]) is box.Answer.SAME
    assert box.cast(ballot.code, body(ballot, devices["li"], "n")) is box.Answer.OTHER
    assert queries.outcome_of(fresh(ballot)) is None
    wang = as_voter(crowd, crowd.people["wang"])
    assert codes(lambda: actions.enter_tally(wang, ballot=ballot, entry={"papers": []}, now=now))[0] == (
        "ballots.wrong_state"
    )
    actions.close(crowd.li, ballot=ballot, now=now)
    assert (
        box.cast(ballot.code, body(ballot, Device(ballot.code, fresh(ballot).key_modulus), "y"))
        is box.Answer.REFUSED
    )
    assert codes(lambda: actions.enter_tally(wang, ballot=ballot, entry={"papers": ["y"]}, now=now)) == (
        "ballots.papers_missing",
    )
    assert codes(lambda: actions.enter_tally(crowd.li, ballot=ballot, entry={"papers": []}, now=now))[0] == (
        "ballots.not_teller"
    )
    count_both(crowd, ballot, now)
    done = fresh(ballot)
    outcome = queries.outcome_of(done)
    # nine voters: three named, six miners; seven took tickets
    assert (done.state, done.issued, done.returned, outcome.carried, outcome.void) == (
        "counted",
        7,
        7,
        True,
        False,
    )
    assert (outcome.majority.count, outcome.majority.needed) == (5, 5)
    assert done.trackers.split() == sorted(each.tracker for each in devices.values())
    assert verify(crowd.mining.pk).faults == ()


def test_two_tellers_must_find_the_same(crowd, ballot, now):
    actions.start(crowd.li, ballot=ballot, now=now)
    devices = issue(crowd, ballot, now, ("li", "zhao"))
    actions.open_casting(crowd.li, ballot=ballot, now=now)
    for name in devices:
        box.cast(ballot.code, body(ballot, devices[name], "y"))
    actions.close(crowd.li, ballot=ballot, now=now)
    for name, papers in (("wang", ["n", "y"]), ("m0", ["y", "y"])):
        actions.enter_tally(
            as_voter(crowd, crowd.people[name]), ballot=ballot, entry={"papers": papers}, now=now
        )
    assert fresh(ballot).state == "closed"
    wang = as_voter(crowd, crowd.people["wang"])
    actions.enter_tally(wang, ballot=ballot, entry={"papers": ["y", "y"]}, now=now)
    assert fresh(ballot).state == "counted"


def test_forged_altered_and_mixed_papers_are_not_taken(crowd, ballot, now):
    actions.start(crowd.li, ballot=ballot, now=now)
    devices = issue(crowd, ballot, now, ("li", "zhao"))
    actions.open_casting(crowd.li, ballot=ballot, now=now)
    good, other = body(ballot, devices["li"], "y"), body(ballot, devices["zhao"], "n")
    head, rest = envelope.HEAD, envelope.HEAD + 64
    mixed = [
        good[:head] + other[head:],
        good[:rest] + other[rest:],
        other[:66] + good[66:],
        good[:66] + other[66:98] + good[98:],
        good[:-1],
        good + b"\x00",
        b"\x02" + good[1:],
        secrets.token_bytes(len(good)),
    ]
    for place in range(0, len(good), 41):
        altered = bytearray(good)
        altered[place] ^= 1 << secrets.randbelow(8)
        mixed.append(bytes(altered))
    assert {box.cast(ballot.code, each) for each in mixed} == {box.Answer.REFUSED}
    assert box.count(ballot.code) == 0
    assert box.cast("../../etc", good) is box.Answer.NONE


def test_papers_are_destroyed_when_their_time_is_over(crowd, ballot, now, django_capture_on_commit_callbacks):
    actions.start(crowd.li, ballot=ballot, now=now)
    devices = issue(crowd, ballot, now, VOTERS)
    actions.open_casting(crowd.li, ballot=ballot, now=now)
    for name in VOTERS:
        box.cast(ballot.code, body(ballot, devices[name], "y"))
    actions.close(crowd.li, ballot=ballot, now=now)
    count_both(crowd, ballot, now)
    assert codes(lambda: actions.destroy(crowd.li, ballot=ballot, now=now)) == ("ballots.kept_still",)
    with django_capture_on_commit_callbacks(execute=True):
        actions.destroy(crowd.li, ballot=ballot, now=now + timedelta(days=181))
    assert not box.exists(ballot.code)
    assert not fresh(ballot).officials.exclude(entry="").exists()
    assert queries.outcome_of(fresh(ballot)).carried
    assert len(fresh(ballot).trackers.split()) == 7


def test_an_appraisal_of_four_answers_says_nothing(crowd, now):
    made = actions.open_ballot(
        crowd.li, organisation=crowd.mining, rule="member-appraisal", title="民主评议", way="secret", voted_on=now.date(),
        now=now, names=[actions.Named("王副书记", crowd.people["wang"].pk), actions.Named("赵党员")],
    )  # fmt: skip
    people = crowd.people
    actions.name_officials(
        crowd.li,
        ballot=made,
        scrutineers=[people["zhao"].pk],
        tellers=[people["wang"].pk, people["m0"].pk],
        now=now,
    )
    for place, name in enumerate(("wang", "m0")):
        actions.register_key(
            as_voter(crowd, people[name]), ballot=made, key=public_of(teller_key(place)), now=now
        )
    actions.start(crowd.li, ballot=made, now=now)
    devices = issue(crowd, made, now, ("li", "zhao", "m1", "m2"))
    actions.open_casting(crowd.li, ballot=made, now=now)
    for device in devices.values():
        assert box.cast(made.code, body(made, device, "12")) is box.Answer.TAKEN
    actions.close(crowd.li, ballot=made, now=now)
    count_both(crowd, made, now)
    done = fresh(made)
    assert (done.state, done.vote, queries.outcome_of(done)) == ("counted", '{"withheld": true}', None)
    assert not done.officials.exclude(entry="").exists()
