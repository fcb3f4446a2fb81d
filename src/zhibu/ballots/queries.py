"""Ballots as they are listed, shown and judged."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from zhibu import record, rulebook
from zhibu.ballots import policies, strokes
from zhibu.ballots.models import Ballot, BallotState, Official, RollSource, Voter, Way
from zhibu.core.authority import Actor
from zhibu.core.norms import VoteKind, VoteRow, VoteRule
from zhibu.core.snapshot import restored
from zhibu.core.tally import Outcome, RunOffKind, Vote, count, vote_from
from zhibu.register.models import BRANCH_KINDS, COMMITTEE_POSTS, MEMBER_STAGES, Membership, Organisation, Post


def listed(actor: Actor) -> QuerySet[Ballot]:
    """Ballots in reach, newest first."""
    rows = policies.visible_to(actor, Ballot.objects.select_related("organisation"))
    return rows.order_by("-voted_on", "-id")


def ballot_for(actor: Actor, pk: int, verb: str = "ballots.view") -> Ballot:
    """One ballot in reach; to be looked at, also one the actor votes or counts in; otherwise 404."""
    found = Ballot.objects.select_related("organisation").filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    if policies.visible_to(actor, Ballot.objects.filter(pk=pk), verb).exists():
        return found
    if (
        verb == "ballots.view"
        and actor.person
        and (
            found.voters.filter(person_id=actor.person).exists()
            or found.officials.filter(person_id=actor.person).exists()
        )
    ):
        return found
    raise Http404(pk)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a roll with what a ticket needs of its vote: read by thousands at once, so no more than that."""

    voter: int
    person: int | None
    ballot: int
    organisation: int
    state: str
    key_sealed: str
    ticket: str
    no_vote: str
    excluded: str


LINE = (
    "id", "person_id", "ballot_id", "ballot__organisation_id", "ballot__state", "ballot__key_sealed", "ticket",
    "no_vote", "excluded",
)  # fmt: skip


def line_of(actor: Actor, pk: int) -> Line | None:
    """The actor's own line of a roll; None when not on that roll."""
    return _line(Voter.objects.filter(ballot=pk, person_id=actor.person)) if actor.person else None


def line_of_slip(digest: str) -> Line | None:
    """The line a slip stands for; None when there is no such slip."""
    return _line(Voter.objects.filter(slip=digest))


def _line(rows: QuerySet[Voter]) -> Line | None:
    found = list(rows.order_by().values_list(*LINE)[:1])
    return Line(*found[0]) if found else None


def slip_ballot(code: str) -> Ballot:
    """The vote people with slips take part in, once it has begun; otherwise 404."""
    rows = Ballot.objects.filter(code=code, roll_source=RollSource.SLIPS, way=Way.SECRET)
    found = rows.exclude(state__in=(BallotState.DRAFT, BallotState.CANCELLED)).first()
    if found is None:
        raise Http404(code)
    return found


def organisation_for(actor: Actor, pk: int | None, verb: str = "ballots.open_ballot") -> Organisation:
    """The organisation asked for, or the first in reach; 404 when there is none."""
    rows = Organisation.objects.filter(closed_on=None).exclude(kind="party_group")
    rows = policies.within(rows, policies.ranges(actor, verb), "path")
    found = (rows.filter(pk=pk) if pk else rows.filter(kind__in=BRANCH_KINDS).order_by("path")).first()
    if found is None:
        raise Http404(pk)
    return found


# -------------------------------------------------------------------------------------------- the rule
def rule_of(ballot: Ballot) -> VoteRule:
    """The rule as it stood when the ballot was opened."""
    found: VoteRule = restored(VoteRule, json.loads(ballot.rule_text))
    return found


def row_of(ballot: Ballot) -> VoteRow:
    """The terms in force on the day of the vote."""
    row = rule_of(ballot).row_on(ballot.voted_on)
    if row is None:
        raise ValueError(f"ballot {ballot.pk} was opened under terms that are not in force")
    return row


def usable_rules(day: date) -> list[VoteRule]:
    """Rules of votes in force on a day."""
    return [each for each in rulebook.load().votes.values() if each.row_on(day)]


def least_answers(day: date) -> int:
    """Fewer answers than this, and an appraisal shows nothing."""
    return rulebook.load().limit("ballots.least_answers", day) or 0


# -------------------------------------------------------------------------------------------- roll
@dataclass(frozen=True, slots=True)
class OnRoll:
    """Someone who would be on the roll of a vote."""

    person: int
    name: str
    probationary: bool


def members_on(organisation: Organisation, day: date) -> list[OnRoll]:
    """The members of a branch on a day, in stroke order of surnames."""
    rows = Membership.objects.filter(organisation=organisation, stage__in=MEMBER_STAGES, since__lte=day)
    rows = rows.exclude(until__lte=day)
    found = {
        person: OnRoll(person, name, stage == "probationary_member")
        for person, name, stage in rows.values_list("person_id", "person__name", "stage")
    }
    return sorted(found.values(), key=lambda each: (strokes.key(each.name), each.person))


def committee_on(organisation: Organisation, day: date) -> list[OnRoll]:
    """Those with a seat of the committee on a day."""
    rows = Post.objects.filter(
        organisation=organisation, kind__in=COMMITTEE_POSTS, in_committee=1, since__lte=day
    )
    rows = rows.exclude(until__lte=day)
    found = {
        person: OnRoll(person, name, False) for person, name in rows.values_list("person_id", "person__name")
    }
    return sorted(found.values(), key=lambda each: (strokes.key(each.name), each.person))


def roll_from(organisation: Organisation, source: str, day: date) -> list[OnRoll]:
    """The people of a source; none for slips, which belong to nobody."""
    if source == RollSource.COMMITTEE:
        return committee_on(organisation, day)
    return members_on(organisation, day) if source == RollSource.MEMBERS else []


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a roll."""

    all: int
    expected: int
    present: int
    tickets: int


def numbers(ballot: Ballot) -> Numbers:
    """How many are on the roll, expected, present, and took a ticket."""
    rows = list(ballot.voters.values_list("no_vote", "excluded", "present", "ticket", "named_choice"))
    counted = [row for row in rows if not row[0] and not row[1]]
    tickets = sum(1 for row in counted if row[3])
    present = sum(row[2] for row in counted)
    if ballot.way == Way.SECRET:
        present = tickets
    elif ballot.way == Way.NAMED:
        present = sum(1 for row in counted if row[4])
    return Numbers(len(rows), len(counted), present, tickets)


def frame(ballot: Ballot) -> dict[str, Any]:
    """What is known before the count, in the words of `zhibu tally`."""
    found = numbers(ballot)
    written = list(ballot.voters.exclude(written_opinion="").values_list("written_opinion", flat=True))
    data: dict[str, Any] = {
        "expected": found.expected,
        "present": found.present,
        "all_members": ballot.all_members,
        "round": ballot.round,
    }
    if written:
        data["written"] = {each: written.count(each) for each in ("yes", "no", "abstain")}
    if ballot.seats:
        data["seats"] = ballot.seats
    if ballot.reduce is not None:
        data["reduce"] = ballot.reduce
    return data


def names(ballot: Ballot) -> list[str]:
    """The names on the paper, in their order; a motion has the one name ""."""
    found = list(ballot.choices.values_list("name", flat=True))
    return found or [""]


def roll_names(ballot: Ballot) -> list[str]:
    """The names of the roll by their number, namesakes told apart."""
    rows = list(ballot.voters.order_by("number").values_list("name", "number"))
    seen = [name for name, _number in rows]
    return [f"{name}（{number}）" if seen.count(name) > 1 else name for name, number in rows]


# -------------------------------------------------------------------------------------------- outcome
def vote_of(ballot: Ballot) -> Vote | None:
    """What was counted; None before the count, and when too few answered to show anything."""
    data = json.loads(ballot.vote) if ballot.state == BallotState.COUNTED and ballot.vote else {}
    if not data or data.get("withheld"):
        return None
    return vote_from(data, row_of(ballot), rule_of(ballot).kind)


def outcome_of(ballot: Ballot) -> Outcome | None:
    """What came of a ballot, explained; None before the count and when too few answered."""
    vote = vote_of(ballot)
    return None if vote is None else count(rule_of(ballot), ballot.voted_on, vote)


def decided(ballot: Ballot) -> str:
    """The result in one sentence, for minutes; empty before the count."""
    outcome = outcome_of(ballot)
    if outcome is None:
        return _("人数少于规定，不显示结果。") if is_withheld(ballot) else ""
    if outcome.void:
        return _("投票无效。")
    kind, numbers_told = rule_of(ballot).kind, outcome.words[0].zh.partition("：")[0]
    if kind is VoteKind.ELECTION:
        names = "、".join(outcome.elected) or _("无人")
        return _("{numbers}。当选：{names}。").replace("{numbers}", numbers_told).replace("{names}", names)
    vote = vote_of(ballot)
    if kind is VoteKind.APPRAISAL or vote is None:
        return _("{numbers}。已测评。").replace("{numbers}", numbers_told)
    yes = outcome.majority.count if outcome.majority else vote.yes
    told = _("通过") if outcome.carried else _("未通过")
    marks = f"赞成 {yes}，不赞成 {vote.no + vote.written.no}，弃权 {vote.abstain + vote.written.abstain}"
    return f"{numbers_told}；{marks}。{told}。"


def is_withheld(ballot: Ballot) -> bool:
    """Whether the result is kept from everyone because too few answered."""
    return bool(ballot.vote) and bool(json.loads(ballot.vote).get("withheld"))


def needs_run_off(outcome: Outcome | None) -> bool:
    """Whether another vote must follow."""
    return outcome is not None and outcome.run_off is not None and outcome.run_off.kind in RunOffKind


def tellers(ballot: Ballot) -> list[Official]:
    """The tellers in their order."""
    return list(ballot.officials.filter(duty="teller").select_related("person").order_by("id"))


def my_ballots(actor: Actor) -> list[Voter]:
    """Lines of rolls on which the actor may vote now."""
    if not actor.person or not record.rows(_on_rolls, actor.person):
        return []
    return list(_voting(actor.person).select_related("ballot").order_by("-ballot_id"))


def _on_rolls(person: int) -> QuerySet[Voter, Any]:
    return _voting(person).values_list("pk")[:1]


def _voting(person: int) -> QuerySet[Voter]:
    rows = Voter.objects.filter(person_id=person, no_vote="", excluded="")
    open_ = (BallotState.ISSUING, BallotState.CASTING)
    return rows.filter(ballot__way__in=(Way.SECRET, Way.NAMED), ballot__state__in=open_)


def kind_of(ballot: Ballot) -> VoteKind:
    """What is decided: a motion, an election, an appraisal."""
    return rule_of(ballot).kind
