"""Votes on paper, by show of hands and by name: opened, run, counted by two, run off, cancelled."""

from dataclasses import replace
from datetime import date

import pytest

from tests.rooms.ballots.test_secret import as_voter, codes, fresh
from zhibu.ballots import actions, queries
from zhibu.ballots.models import Ballot
from zhibu.record.models import Entry

NAMES = ("li", "wang", "zhao", "m0")


@pytest.fixture
def hall(big_town):
    """Twenty voters: three officers and seventeen miners; Chen is on probation."""
    return big_town(17)


def opened(hall, now, **changes):
    values = {
        "organisation": hall.mining, "rule": "branch-election", "title": "选举支部委员会", "way": "paper",
        "voted_on": now.date(), "now": now, "seats": 3,
        "names": [actions.Named(hall.people[each].name, hall.people[each].pk) for each in NAMES],
    }  # fmt: skip
    return actions.open_ballot(hall.li, **(values | changes))


def officials(hall, ballot, now):
    people = hall.people
    actions.name_officials(
        hall.li,
        ballot=ballot,
        scrutineers=[people["m1"].pk],
        tellers=[people["m2"].pk, people["m3"].pk],
        now=now,
    )


def to_closed(hall, ballot, now, absent=0):
    officials(hall, ballot, now)
    actions.start(hall.li, ballot=ballot, now=now)
    voters = [each.pk for each in ballot.voters.filter(no_vote="", excluded="")]
    actions.mark_present(hall.li, ballot=ballot, present=voters[absent:], now=now)
    actions.close(hall.li, ballot=ballot, now=now)


def sheet(hall, ballot, now, teller, entry):
    actions.enter_tally(as_voter(hall, hall.people[teller]), ballot=ballot, entry=entry, now=now)


def candidates(yes, valid):
    return {name: {"yes": count, "no": valid - count, "abstain": 0} for name, count in yes.items()}


def test_who_may_not_and_what_may_not_be_opened(hall, now):
    assert codes(
        lambda: actions.open_ballot(
            hall.chen,
            organisation=hall.mining,
            rule="admission",
            title="x",
            way="paper",
            voted_on=now.date(),
            now=now,
        )
    ) == ("ballots.no_mandate",)
    assert codes(lambda: opened(hall, now, organisation=hall.depot))[0] == "ballots.no_mandate"
    assert codes(lambda: opened(hall, now, rule="nothing")) == ("ballots.rule_unknown",)
    assert codes(lambda: opened(hall, now, names=[])) == ("candidates_do_not_fit", "ballots.names_needed")
    assert codes(lambda: opened(hall, now, seats=4)) == ("candidates_do_not_fit",)
    assert codes(lambda: opened(hall, now, way="show_of_hands")) == ("ballots.must_be_secret",)
    assert codes(lambda: opened(hall, now, way="secret")) == ("ballots.superior_must_allow",)
    assert codes(lambda: opened(hall, now, voted_on=date(1980, 1, 1))) == ("rule_not_in_force",)
    assert Ballot.objects.count() == 0


def test_names_and_roll_stand_in_stroke_order(hall, now):
    ballot = opened(hall, now)
    assert queries.names(ballot) == ["王副书记", "李书记", "矿工00", "赵党员"]
    probationer = ballot.voters.get(person=hall.people["chen"])
    assert (probationer.no_vote, queries.numbers(ballot).expected, ballot.all_members) == (
        "probationary",
        20,
        21,
    )


def test_exclusions_need_consent_and_only_before_the_start(hall, now):
    ballot = opened(hall, now)
    voter = ballot.voters.get(person=hall.people["m9"])
    assert codes(
        lambda: actions.exclude(hall.li, ballot=ballot, voter=voter, excluded="abroad", now=now)
    ) == ("ballots.consent_needed",)
    actions.exclude(hall.li, ballot=ballot, voter=voter, excluded="abroad", consent="党委7月1日同意", now=now)
    suspended = ballot.voters.get(person=hall.people["m8"])
    actions.exclude(hall.li, ballot=ballot, voter=suspended, no_vote="suspended", now=now)
    assert queries.numbers(ballot).expected == 18
    officials(hall, ballot, now)
    actions.start(hall.li, ballot=ballot, now=now)
    assert codes(lambda: actions.exclude(hall.li, ballot=ballot, voter=voter, now=now)) == (
        "ballots.wrong_state",
    )
    assert fresh(ballot).roll_digest


def test_candidates_may_not_count_and_nobody_has_two_duties(hall, now):
    ballot, people = opened(hall, now), hall.people
    wrong = {"ballot": ballot, "now": now}
    assert codes(
        lambda: actions.name_officials(
            hall.li, scrutineers=[people["li"].pk], tellers=[people["m2"].pk], **wrong
        )
    ) == ("ballots.candidate_counts",)
    assert codes(
        lambda: actions.name_officials(
            hall.li, scrutineers=[people["m2"].pk], tellers=[people["m2"].pk], **wrong
        )
    ) == ("ballots.two_duties",)


def test_an_election_on_paper_with_a_tie_and_its_run_off(hall, now):
    ballot = opened(hall, now)
    to_closed(hall, ballot, now, absent=4)
    yes = {"王副书记": 14, "李书记": 12, "矿工00": 11, "赵党员": 11}
    entry = {"issued": 16, "returned": 16, "void": 0, "candidates": candidates(yes, 16)}
    stranger = as_voter(hall, hall.people["m4"])
    assert codes(lambda: actions.enter_tally(stranger, ballot=ballot, entry=entry, now=now)) == (
        "ballots.not_teller",
    )
    sheet(hall, ballot, now, "m2", entry)
    assert fresh(ballot).state == "closed"
    sheet(hall, ballot, now, "m3", {**entry, "void": 1})
    assert fresh(ballot).state == "closed"
    sheet(hall, ballot, now, "m3", entry)
    outcome = queries.outcome_of(fresh(ballot))
    assert (outcome.elected, outcome.run_off.among, outcome.run_off.seats) == (
        ("王副书记", "李书记"), ("矿工00", "赵党员"), 1,
    )  # fmt: skip
    again = actions.run_off(hall.li, ballot=ballot, now=now)
    assert (again.round, again.seats, queries.names(again), again.follows_id) == (
        "revote",
        1,
        ["矿工00", "赵党员"],
        ballot.pk,
    )
    assert codes(lambda: actions.run_off(hall.li, ballot=ballot, now=now)) == ("ballots.run_off_made",)
    to_closed(hall, again, now)
    for teller in ("m2", "m3"):
        sheet(
            hall,
            again,
            now,
            teller,
            {
                "issued": 20,
                "returned": 20,
                "void": 0,
                "candidates": candidates({"矿工00": 9, "赵党员": 8}, 20),
            },
        )
    assert queries.outcome_of(fresh(again)).elected == ("矿工00",)
    assert queries.decided(fresh(again)) == "全体 21，应到会有表决权 20，实到 20。当选：矿工00。"


def test_fewer_than_four_fifths_is_no_election(hall, now):
    ballot = opened(hall, now)
    to_closed(hall, ballot, now, absent=5)
    entry = {
        "issued": 15,
        "returned": 15,
        "void": 0,
        "candidates": candidates(dict.fromkeys(("王副书记", "李书记", "矿工00", "赵党员"), 11), 15),
    }
    for teller in ("m2", "m3"):
        sheet(hall, ballot, now, teller, entry)
    assert queries.outcome_of(fresh(ballot)).codes == ("no_quorum",)
    assert fresh(ballot).void == 1


def test_seats_left_open_may_be_reduced(hall, now):
    ballot = opened(hall, now)
    to_closed(hall, ballot, now)
    yes = {"王副书记": 15, "李书记": 12, "矿工00": 10, "赵党员": 5}
    for teller in ("m2", "m3"):
        sheet(
            hall,
            ballot,
            now,
            teller,
            {"issued": 20, "returned": 20, "void": 0, "candidates": candidates(yes, 20)},
        )
    assert queries.outcome_of(fresh(ballot)).run_off.kind == "gap"
    actions.reduce_seats(hall.li, ballot=ballot, agreed=11, now=now)
    outcome = queries.outcome_of(fresh(ballot))
    assert (outcome.elected, outcome.run_off, outcome.carried) == (("王副书记", "李书记"), None, True)


def test_a_general_meeting_admits_with_two_written_opinions(hall, now):
    ballot = opened(hall, now, rule="admission", title="接收周积极", names=[], seats=0)
    for name, opinion in (("m15", "yes"), ("m16", "yes")):
        voter = ballot.voters.get(person=hall.people[name])
        actions.record_opinion(hall.li, ballot=ballot, voter=voter, opinion=opinion, now=now)
    officials(hall, ballot, now)
    actions.start(hall.li, ballot=ballot, now=now)
    present = [each.pk for each in ballot.voters.all() if each.counts]
    actions.mark_present(hall.li, ballot=ballot, present=present, now=now)
    assert queries.numbers(ballot).present == 18
    actions.close(hall.li, ballot=ballot, now=now)
    for teller in ("m2", "m3"):
        sheet(
            hall,
            ballot,
            now,
            teller,
            {"issued": 18, "returned": 18, "void": 0, "yes": 9, "no": 6, "abstain": 3},
        )
    outcome = queries.outcome_of(fresh(ballot))
    assert (outcome.carried, outcome.majority.count, outcome.majority.needed) == (True, 11, 11)
    # whose opinion said what is in no entry of the record
    assert not Entry.objects.filter(act="ballots.record_opinion", values__contains='"yes"').exists()


def test_a_show_of_hands_is_counted_by_the_chair(hall, now):
    ballot = opened(
        hall, now, rule="general-meeting", title="通过年度计划", way="show_of_hands", names=[], seats=0
    )
    actions.start(hall.li, ballot=ballot, now=now)
    voters = [each.pk for each in ballot.voters.all() if each.counts]
    actions.mark_present(hall.li, ballot=ballot, present=voters[:15], now=now)
    actions.close(hall.li, ballot=ballot, now=now)
    member = as_voter(hall, hall.people["m4"])
    entry = {"yes": 11, "no": 4, "abstain": 0}
    assert codes(lambda: actions.enter_tally(member, ballot=ballot, entry=entry, now=now)) == (
        "ballots.not_teller",
    )
    assert codes(
        lambda: actions.enter_tally(hall.li, ballot=ballot, entry={**entry, "yes": -1}, now=now)
    ) == ("ballots.entry_unreadable",)
    actions.enter_tally(hall.li, ballot=ballot, entry=entry, now=now)
    assert (
        queries.decided(fresh(ballot))
        == "全体 21，应到会有表决权 20，实到 15；赞成 11，不赞成 4，弃权 0。通过。"
    )


def test_a_vote_by_name_is_recorded_once(hall, now):
    ballot = opened(hall, now, rule="general-meeting", title="通过年度计划", way="named", names=[], seats=0)
    actions.start(hall.li, ballot=ballot, now=now)
    assert codes(
        lambda: actions.cast_named(
            as_voter(hall, hall.people["chen"]), ballot=ballot, choices={"": "yes"}, now=now
        )
    ) == ("ballots.no_vote",)
    for number in range(12):
        voter = as_voter(hall, hall.people[f"m{number}"])
        actions.cast_named(voter, ballot=ballot, choices={"": "yes" if number < 11 else "no"}, now=now)
    assert codes(lambda: actions.cast_named(voter, ballot=ballot, choices={"": "yes"}, now=now)) == (
        "ballots.voted_already",
    )
    assert codes(
        lambda: actions.cast_named(
            as_voter(hall, hall.people["m13"]), ballot=ballot, choices={"": "perhaps"}, now=now
        )
    ) == ("ballots.paper_void",)
    actions.close(hall.li, ballot=ballot, now=now)
    actions.enter_tally(hall.li, ballot=ballot, entry={}, now=now)
    assert queries.outcome_of(fresh(ballot)).carried


def test_a_cancelled_vote_says_why_and_ends(hall, now):
    ballot = opened(hall, now)
    assert codes(lambda: actions.cancel(hall.li, ballot=ballot, reason=" ", now=now)) == (
        "ballots.reason_needed",
    )
    actions.cancel(hall.li, ballot=ballot, reason="人数不齐", now=now)
    assert codes(lambda: actions.start(hall.li, ballot=ballot, now=now))[0] == "ballots.wrong_state"
    assert fresh(ballot).cancelled_because == "人数不齐"


def test_slips_let_people_without_an_account_take_one_ticket_each(hall, now):
    from tests.rooms.ballots.voting import Device, public_of, teller_key

    ballot = opened(
        hall,
        now,
        rule="masses-approval",
        title="群众公认票",
        way="secret",
        roll_source="slips",
        names=[],
        seats=0,
    )
    printed = actions.add_slips(hall.li, ballot=ballot, number=6, now=now)
    officials(hall, ballot, now)
    for place, name in enumerate(("m2", "m3")):
        teller = replace(hall.chen, user=hall.people[name].pk, person=hall.people[name].pk, name=name)
        actions.register_key(teller, ballot=ballot, key=public_of(teller_key(place)), now=now)
    actions.start(hall.li, ballot=ballot, now=now)
    device = Device(ballot.code, fresh(ballot).key_modulus)
    assert codes(
        lambda: actions.take_slip_ticket(None, code="AAAA-BBBB-CCCC", blinded=device.blinded.message, now=now)
    ) == ("ballots.slip_unknown",)
    device.take(
        actions.take_slip_ticket(None, code=printed[0].lower(), blinded=device.blinded.message, now=now)
    )
    other = Device(ballot.code, fresh(ballot).key_modulus)
    assert codes(
        lambda: actions.take_slip_ticket(None, code=printed[0], blinded=other.blinded.message, now=now)
    ) == ("ballots.ticket_taken",)
    assert not set(printed) & set(ballot.voters.values_list("slip", flat=True))
