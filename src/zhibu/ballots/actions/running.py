"""A vote runs one way: started with its roll frozen, tickets issued, papers cast, closed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.ballots import box, marks, policies, queries
from zhibu.ballots.blind import PrivateKey
from zhibu.ballots.envelope import Terms
from zhibu.ballots.models import Ballot, BallotState, Duty, RollSource, Voter, Way
from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, or_refuse, refuse_if
from zhibu.core.tally import Paper, why_void
from zhibu.record import vault
from zhibu.record.writing import write

from .issuing import SEALED_IN
from .setting_up import locked

TELLERS = 2
"""Two count, each on their own, and the two counts are compared."""


@transaction.atomic
def start(actor: Actor, *, ballot: Ballot, now: datetime, is_safe: bool = True) -> Ballot:
    """Freeze the roll and begin: a secret vote issues tickets, every other takes votes at once."""
    ballot = locked(ballot)
    refuse_if(
        policies.may_act(actor, "ballots.start", ballot.organisation),
        policies.in_state(ballot, BallotState.DRAFT),
        None
        if ballot.voters.exists()
        else Refusal("ballots.empty_roll", _("名册是空的"), remedy=_("先核对名册")),
        _officials_there(ballot),
        _safe(ballot, is_safe=is_safe),
    )
    ballot.roll_digest = roll_digest(ballot)
    ballot.state = BallotState.CASTING
    if ballot.way == Way.SECRET:
        key = PrivateKey.generate()
        ballot.state = BallotState.ISSUING
        ballot.key_modulus = key.public.to_hex()
        ballot.key_sealed = vault.seal(key.to_bytes().hex(), SEALED_IN)
        ballot.paper_bytes = marks.width(len(queries.names(ballot)), ballot.seats)
    _save(ballot, now)
    write(
        actor, "ballots.start", ballot, organisation=ballot.organisation, now=now, state=ballot.state,
        roll=ballot.roll_digest, key=fingerprint(ballot),
    )  # fmt: skip
    return ballot


@transaction.atomic
def mark_present(actor: Actor, *, ballot: Ballot, present: Collection[int], now: datetime) -> Ballot:
    """Record which voters are in the room."""
    ballot = locked(ballot)
    refuse_if(
        policies.may_act(actor, "ballots.mark_present", ballot.organisation),
        policies.in_state(ballot, BallotState.DRAFT, BallotState.CASTING),
    )
    ballot.voters.update(present=0)
    ballot.voters.filter(pk__in=present, written_opinion="").update(present=1)
    write(
        actor, "ballots.mark_present", ballot, organisation=ballot.organisation, now=now,
        present=queries.numbers(ballot).present,
    )  # fmt: skip
    return ballot


@transaction.atomic
def open_casting(actor: Actor, *, ballot: Ballot, now: datetime) -> Ballot:
    """End the issuing of tickets, destroy the signing key, and open the box."""
    ballot = locked(ballot)
    refuse_if(
        policies.may_act(actor, "ballots.open_casting", ballot.organisation),
        policies.in_state(ballot, BallotState.ISSUING),
    )
    ballot.issued = queries.numbers(ballot).tickets
    terms = Terms(
        ballot.code, ballot.key_modulus, ballot.officials.filter(duty=Duty.TELLER).count(), ballot.paper_bytes
    )
    # a box may be left from an opening that was cut off before its transaction ended; nobody could cast into it
    if box.exists(ballot.code) and not box.count(ballot.code):
        box.destroy(ballot.code)
    if not box.exists(ballot.code):
        box.make(terms, ballot.issued)
    box.set_open(ballot.code, is_open=True)
    ballot.state, ballot.key_sealed = BallotState.CASTING, ""
    _save(ballot, now)
    write(
        actor, "ballots.open_casting", ballot, organisation=ballot.organisation, now=now, issued=ballot.issued
    )
    return ballot


@transaction.atomic
def cast_named(actor: Actor, *, ballot: Ballot, choices: Mapping[str, str], now: datetime) -> Voter:
    """Vote by name: who votes how is recorded and shown. Once."""
    ballot = locked(ballot)
    voter = or_refuse(policies.voter_of(actor, ballot), policies.no_voter())
    refuse_if(
        policies.in_state(ballot, BallotState.CASTING),
        None if ballot.way == Way.NAMED else Refusal("ballots.not_named", _("这不是实名投票")),
        policies.may_vote(voter),
        Refusal("ballots.voted_already", _("您已经投过票")) if voter.named_choice else None,
        _fits(ballot, choices),
    )
    voter.named_choice = json.dumps(dict(choices), ensure_ascii=False, sort_keys=True)
    voter.save(update_fields=["named_choice"])
    write(
        actor, "ballots.cast_named", ballot, organisation=ballot.organisation, now=now, choices=dict(choices)
    )
    return voter


@transaction.atomic
def close(actor: Actor, *, ballot: Ballot, now: datetime) -> Ballot:
    """Close the vote: nothing more is taken. Only now can it be counted."""
    ballot = locked(ballot)
    refuse_if(
        policies.may_act(actor, "ballots.close", ballot.organisation),
        policies.in_state(ballot, BallotState.CASTING),
        _somebody_there(ballot),
    )
    ballot.state = BallotState.CLOSED
    if ballot.way == Way.SECRET:
        # first the box, then the row: should the second fail, closing again finds the box closed and counts the same
        box.set_open(ballot.code, is_open=False)
        ballot.returned = box.count(ballot.code)
    _save(ballot, now)
    write(actor, "ballots.close", ballot, organisation=ballot.organisation, now=now, returned=ballot.returned)
    return ballot


# -------------------------------------------------------------------------------------------- pieces
def _somebody_there(ballot: Ballot) -> Refusal | None:
    """Nobody is said to be present at a vote of papers or hands: once closed it could only be void."""
    counted = ballot.way in {Way.PAPER, Way.SHOW_OF_HANDS} and ballot.roll_source != RollSource.SLIPS
    if not counted or queries.numbers(ballot).present:
        return None
    return Refusal(
        "ballots.nobody_present",
        _("还没有登记实到，计票会无效"),
        remedy=_("先点“登记实到”，勾出到会的人，再截止"),
    )


def roll_digest(ballot: Ballot) -> str:
    """SHA-256 of the roll as it is printed: number, name, why no vote, why not counted."""
    rows = ballot.voters.order_by("number").values_list("number", "name", "no_vote", "excluded", "slip")
    text = json.dumps([list(row) for row in rows], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprint(ballot: Ballot) -> str:
    """SHA-256 of the ballot's public key; empty when it has none."""
    return hashlib.sha256(bytes.fromhex(ballot.key_modulus)).hexdigest() if ballot.key_modulus else ""


def _officials_there(ballot: Ballot) -> Refusal | None:
    if ballot.way not in {Way.PAPER, Way.SECRET}:
        return None
    duties = list(ballot.officials.values_list("duty", "key"))
    tellers = [key for duty, key in duties if duty == Duty.TELLER]
    if len(tellers) == len(duties) or len(tellers) != TELLERS:
        return Refusal(
            "ballots.officials_needed", _("须有监票人，并有 {number} 名计票人"), {"number": TELLERS},
            remedy=_("先指定监票人、计票人；候选人不能担任"),
        )  # fmt: skip
    if ballot.way == Way.SECRET and not all(tellers):
        return Refusal(
            "ballots.keys_needed", _("计票人还没有在自己的浏览器里生成密钥"),
            remedy=_("请两名计票人各自打开“计票”页面，按“生成密钥”"),
        )  # fmt: skip
    return None


def _safe(ballot: Ballot, *, is_safe: bool) -> Refusal | None:
    if is_safe or ballot.way != Way.SECRET:
        return None
    return Refusal(
        "ballots.https_needed", _("无记名电子投票须用 HTTPS：不加密的网页里，浏览器不提供加密功能，选票也会被窃看"),
        remedy=_("请管理员启用 HTTPS（ZHIBU_HTTPS=1），或改用纸质选票"), who=_("系统管理员"),
    )  # fmt: skip


def _fits(ballot: Ballot, choices: Mapping[str, str]) -> Refusal | None:
    row, kind = queries.row_of(ballot), queries.kind_of(ballot)
    why = why_void(row, kind, Paper(dict(choices)), queries.names(ballot), ballot.seats)
    if not why:
        return None
    told = _("所选人数多于应选名额 {seats} 名") if why == "too_many_chosen" else _("选票填写不成立")
    return Refusal("ballots.paper_void", told, {"seats": ballot.seats}, remedy=_("改正后再投"))


def _save(ballot: Ballot, now: datetime) -> None:
    ballot.known_at = round(now.timestamp() * 1000)
    ballot.version += 1
    ballot.save()
