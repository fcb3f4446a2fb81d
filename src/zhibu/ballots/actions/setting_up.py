"""A vote is opened under a rule, its roll judged name by name, its scrutineers and tellers named."""

from __future__ import annotations

import base64
import json
import secrets
import string
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.db import transaction
from django.utils.translation import gettext as _

from zhibu import rulebook
from zhibu.ballots import policies, queries, slips, strokes
from zhibu.ballots.models import (
    Ballot,
    BallotState,
    Choice,
    Duty,
    Excluded,
    NoVote,
    Official,
    RollSource,
    Voter,
    Way,
)
from zhibu.core.authority import Actor
from zhibu.core.norms import VoteKind, VoteRule
from zhibu.core.refusal import Refusal, or_refuse, refuse_if
from zhibu.core.snapshot import plain
from zhibu.core.tally import Round, ready
from zhibu.record.writing import write
from zhibu.register.models import Organisation

ALPHABET = string.ascii_letters + string.digits
TELLER_KEY_BITS = 2048
ELECTRONIC = (Way.NAMED, Way.SECRET)


@dataclass(frozen=True, slots=True)
class Named:
    """A name for the paper: of a person of the register, or written out."""

    name: str
    person: int | None = None


@transaction.atomic
def open_ballot(
    actor: Actor,
    *,
    organisation: Organisation,
    rule: str,
    title: str,
    way: str,
    voted_on: date,
    now: datetime,
    names: Sequence[Named] = (),
    seats: int = 0,
    roll_source: str = RollSource.MEMBERS,
    allowed_by: str = "",
    origin: str = "",
    follows: Ballot | None = None,
    vote_round: str = Round.FIRST.value,
) -> Ballot:
    """Prepare a vote under a rule of the rulebook; the roll is proposed from the register and frozen at the start."""
    refuse_if(policies.may_act(actor, "ballots.open_ballot", organisation))
    unknown = Refusal("ballots.rule_unknown", _("规则库中没有这条表决规则"), remedy=_("从列表中选择"))
    found = or_refuse(rulebook.load().votes.get(rule), unknown)
    seats = seats if found.kind is VoteKind.ELECTION else 0
    refuse_if(
        *_unready(found, voted_on, seats, len(names), vote_round),
        _needs_names(found, names),
        _way_fits(found, way, roll_source),
        _allowed(found, way, allowed_by),
    )
    ballot = Ballot.objects.create(
        organisation=organisation, code="".join(secrets.choice(ALPHABET) for _each in range(22)), rule=rule,
        rule_text=json.dumps(plain(found), ensure_ascii=False), title=title.strip()[:160], way=Way(way),
        roll_source=RollSource(roll_source), voted_on=voted_on, seats=seats, allowed_by=allowed_by.strip()[:200],
        origin=origin, follows=follows, round=vote_round, known_at=_ms(now),
    )  # fmt: skip
    _put_names(ballot, names)
    _put_roll(ballot, organisation)
    write(
        actor, "ballots.open_ballot", ballot, organisation=organisation, now=now, rule=rule, way=way, seats=seats,
        names=[each.name for each in names], voted_on=voted_on.isoformat(),
    )  # fmt: skip
    return ballot


@transaction.atomic
def exclude(
    actor: Actor,
    *,
    ballot: Ballot,
    voter: Voter,
    now: datetime,
    no_vote: str = "",
    excluded: str = "",
    consent: str = "",
) -> Voter:
    """Say that someone on the roll has no vote, or is not counted among those who should attend, and why."""
    ballot = locked(ballot)
    refuse_if(
        policies.may_act(actor, "ballots.exclude", ballot.organisation),
        policies.in_state(ballot, BallotState.DRAFT),
        _consented(excluded, consent),
    )
    voter.no_vote = NoVote(no_vote) if no_vote else ""
    voter.excluded = Excluded(excluded) if excluded and not no_vote else ""
    voter.consent = consent.strip()[:200] if voter.excluded else ""
    voter.save(update_fields=["no_vote", "excluded", "consent"])
    write(
        actor, "ballots.exclude", ballot, organisation=ballot.organisation, now=now, name=voter.name,
        no_vote=voter.no_vote, excluded=voter.excluded, consent=voter.consent,
    )  # fmt: skip
    return voter


@transaction.atomic
def record_opinion(actor: Actor, *, ballot: Ballot, voter: Voter, opinion: str, now: datetime) -> Voter:
    """Record the written opinion of a voter who will be absent, received before the meeting."""
    ballot = locked(ballot)
    refuse_if(
        policies.may_act(actor, "ballots.record_opinion", ballot.organisation),
        policies.in_state(ballot, BallotState.DRAFT),
        _opinions_count(ballot),
        policies.may_vote(voter),
    )
    voter.written_opinion = opinion if opinion in {"yes", "no", "abstain"} else ""
    voter.present = 0
    voter.save(update_fields=["written_opinion", "present"])
    write(
        actor, "ballots.record_opinion", ballot, organisation=ballot.organisation, now=now, name=voter.name,
        received=bool(voter.written_opinion),
    )  # fmt: skip
    return voter


@transaction.atomic
def name_officials(
    actor: Actor, *, ballot: Ballot, scrutineers: Sequence[int], tellers: Sequence[int], now: datetime
) -> Ballot:
    """Name who watches the vote and who counts it; candidates may do neither."""
    ballot = locked(ballot)
    chosen = [*scrutineers, *tellers]
    refuse_if(
        policies.may_act(actor, "ballots.name_officials", ballot.organisation),
        policies.in_state(ballot, BallotState.DRAFT),
        _no_candidates(ballot, chosen),
        None
        if len(set(chosen)) == len(chosen)
        else Refusal("ballots.two_duties", _("同一个人不能既监票又计票，也不能重复")),
    )
    ballot.officials.exclude(person_id__in=chosen).delete()
    for duty, people in ((Duty.SCRUTINEER, scrutineers), (Duty.TELLER, tellers)):
        for person in people:
            Official.objects.update_or_create(ballot=ballot, person_id=person, defaults={"duty": duty})
    write(
        actor, "ballots.name_officials", ballot, organisation=ballot.organisation, now=now,
        scrutineers=list(scrutineers), tellers=list(tellers),
    )  # fmt: skip
    return ballot


@transaction.atomic
def register_key(actor: Actor, *, ballot: Ballot, key: str, now: datetime) -> Official:
    """Take the public key a teller's browser has made; the private half never leaves that browser."""
    ballot = locked(ballot)
    not_teller = Refusal("ballots.not_teller", _("您不是本次投票的计票人"))
    official = or_refuse(policies.duty_of(actor, ballot), not_teller)
    refuse_if(policies.in_state(ballot, BallotState.DRAFT), _good_key(key))
    official.key = key
    official.save(update_fields=["key"])
    write(actor, "ballots.register_key", ballot, organisation=ballot.organisation, now=now)
    return official


@transaction.atomic
def add_slips(actor: Actor, *, ballot: Ballot, number: int, now: datetime) -> list[str]:
    """Make one-time codes for people without an account. They are told once, for printing, and kept only as digests."""
    ballot = locked(ballot)
    refuse_if(
        policies.may_act(actor, "ballots.add_slips", ballot.organisation),
        policies.in_state(ballot, BallotState.DRAFT),
        None
        if ballot.roll_source == RollSource.SLIPS
        else Refusal("ballots.no_slips", _("只有群众投票使用一次性代码")),
    )
    ballot.voters.all().delete()
    codes = [slips.fresh() for _each in range(number)]
    # the roll is in the order of the digests, so that it says nothing of the order of the slips
    digests = sorted(slips.digest(each) for each in codes)
    Voter.objects.bulk_create(
        Voter(ballot=ballot, number=place, slip=digest) for place, digest in enumerate(digests, 1)
    )
    ballot.all_members = number
    ballot.save(update_fields=["all_members"])
    write(actor, "ballots.add_slips", ballot, organisation=ballot.organisation, now=now, number=number)
    return codes


# -------------------------------------------------------------------------------------------- pieces
def locked(ballot: Ballot) -> Ballot:
    """The ballot, locked for an act."""
    return Ballot.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=ballot.pk)


def _put_names(ballot: Ballot, names: Sequence[Named]) -> None:
    ordered = sorted(names, key=lambda each: strokes.key(each.name))
    Choice.objects.bulk_create(
        Choice(ballot=ballot, person_id=each.person, name=each.name.strip()[:60], position=place)
        for place, each in enumerate(ordered, 1)
    )


def _put_roll(ballot: Ballot, organisation: Organisation) -> None:
    people = queries.roll_from(organisation, ballot.roll_source, ballot.voted_on)
    Voter.objects.bulk_create(
        Voter(
            ballot=ballot, person_id=each.person, name=each.name, number=place,
            no_vote=NoVote.PROBATIONARY if each.probationary else "",
        )
        for place, each in enumerate(people, 1)
    )  # fmt: skip
    ballot.all_members = len(people)
    ballot.save(update_fields=["all_members"])


def _unready(rule: VoteRule, day: date, seats: int, names: int, vote_round: str) -> tuple[Refusal, ...]:
    if vote_round != Round.FIRST.value:
        return ()
    return ready(rule, day, seats=seats, candidates=names)


def _needs_names(rule: VoteRule, names: Sequence[Named]) -> Refusal | None:
    if rule.kind is VoteKind.MOTION or names:
        return None
    return Refusal("ballots.names_needed", _("请写明候选人或测评对象"))


def _way_fits(rule: VoteRule, way: str, source: str) -> Refusal | None:
    if rule.secret and way in {Way.SHOW_OF_HANDS, Way.NAMED}:
        return Refusal(
            "ballots.must_be_secret", _("“{title}”须无记名投票"), {"title": rule.title.zh},
            remedy=_("改用纸质选票或无记名电子投票"),
        )  # fmt: skip
    if source == RollSource.SLIPS and way == Way.NAMED:
        return Refusal("ballots.slips_are_nameless", _("凭代码投票不记名，不能选择实名投票"))
    return None


def _allowed(rule: VoteRule, way: str, allowed_by: str) -> Refusal | None:
    if rule.kind is not VoteKind.ELECTION or way not in ELECTRONIC or allowed_by.strip():
        return None
    return Refusal(
        "ballots.superior_must_allow", _("选举一般在会上用纸质选票；用电子投票须上级党组织同意"),
        remedy=_("写明上级同意的文号或日期，或改用纸质选票"), who=_("上级党组织"),
    )  # fmt: skip


def _consented(excluded: str, consent: str) -> Refusal | None:
    if not excluded or consent.strip():
        return None
    return Refusal(
        "ballots.consent_needed", _("不计入应到会人数，须报上级党组织同意并经会议通过"),
        remedy=_("写明上级同意的文号或日期，以及会议通过的情况"),
    )  # fmt: skip


def _opinions_count(ballot: Ballot) -> Refusal | None:
    if queries.row_of(ballot).written_opinions:
        return None
    return Refusal("ballots.opinions_do_not_count", _("本项表决不计书面意见"))


def _no_candidates(ballot: Ballot, people: Sequence[int]) -> Refusal | None:
    if queries.kind_of(ballot) is not VoteKind.ELECTION:
        return None
    found = ballot.choices.filter(person_id__in=people).first()
    if found is None:
        return None
    return Refusal("ballots.candidate_counts", _("候选人{name}不能担任监票人或计票人"), {"name": found.name})


def _good_key(key: str) -> Refusal | None:
    try:
        found = load_der_public_key(base64.b64decode(key, validate=True))
    except ValueError:
        found = None
    if isinstance(found, rsa.RSAPublicKey) and found.key_size == TELLER_KEY_BITS:
        return None
    return Refusal(
        "ballots.bad_key", _("浏览器送来的公钥不能使用"), remedy=_("换一个较新的浏览器，再生成一次")
    )


def _ms(now: datetime) -> int:
    return round(now.timestamp() * 1000)
