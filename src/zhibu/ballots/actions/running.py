"""A vote runs one way: started with its roll frozen, tickets issued, papers cast, closed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.ballots import box, marks, policies, queries, slips
from zhibu.ballots.blind import BlindError, PrivateKey
from zhibu.ballots.envelope import Terms
from zhibu.ballots.models import Ballot, BallotState, Duty, Voter, Way
from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.core.tally import Paper, why_void
from zhibu.record import vault
from zhibu.record.writing import write

from .setting_up import locked

SEALED_IN = "zb_ballot.key_sealed"
_TURN = Lock()
"""Threads of a process take turns: a database in one file has one writer, and waiting in line is fairer than asking."""

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


def take_ticket(actor: Actor, *, ballot: Ballot, blinded: bytes, now: datetime) -> bytes:
    """Take one's ticket: the blind signature of what the browser hid. Asked again with the same, the same answer."""
    voter = policies.voter_of(actor, ballot)
    refuse_if(policies.may_vote(voter))
    assert voter is not None  # noqa: S101 - refused above
    signature = _signed(ballot, voter, blinded)
    with _TURN, transaction.atomic():
        kept = _keep(voter, blinded, signature)
        if kept.is_new:
            write(actor, "ballots.take_ticket", ballot, organisation=ballot.organisation_id, now=now)
    return kept.signature


def take_slip_ticket(actor: None, *, code: str, blinded: bytes, now: datetime) -> bytes:
    """Take a ticket with the code of a slip: nobody is signed in, and nobody is recorded."""
    voter = Voter.objects.filter(slip=slips.digest(code)).select_related("ballot").first()
    if voter is None:
        refuse_if(
            Refusal("ballots.slip_unknown", _("没有这个代码"), remedy=_("照投票单上的十二位代码再输一次"))
        )
    assert voter is not None  # noqa: S101 - refused above
    ballot = voter.ballot
    signature = _signed(ballot, voter, blinded)
    with _TURN, transaction.atomic():
        kept = _keep(voter, blinded, signature)
        if kept.is_new:
            write(None, "ballots.take_slip_ticket", ballot, organisation=ballot.organisation_id, now=now)
    return kept.signature


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
    voter = ballot.voters.select_for_update().filter(person_id=actor.person).first() if actor.person else None
    refuse_if(
        policies.in_state(ballot, BallotState.CASTING),
        None if ballot.way == Way.NAMED else Refusal("ballots.not_named", _("这不是实名投票")),
        policies.may_vote(voter),
        Refusal("ballots.voted_already", _("您已经投过票")) if voter and voter.named_choice else None,
        _fits(ballot, choices),
    )
    assert voter is not None  # noqa: S101 - refused above
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
@dataclass(frozen=True, slots=True)
class _Given:
    """A blind signature, and whether it was given just now."""

    signature: bytes
    is_new: bool


def _signed(ballot: Ballot, voter: Voter, blinded: bytes) -> bytes:
    """The blind signature, made before the transaction so that nobody waits for arithmetic; empty when none is due."""
    ballot = Ballot.objects.only("state", "key_sealed").get(pk=ballot.pk)
    if voter.ticket or ballot.state != BallotState.ISSUING:
        return b""
    key = PrivateKey.from_bytes(bytes.fromhex(vault.open_sealed(ballot.key_sealed, SEALED_IN)))
    try:
        return key.blind_sign(blinded)
    except BlindError:
        refuse_if(
            Refusal("ballots.not_blinded", _("浏览器送来的领票请求不成立"), remedy=_("刷新页面后再领一次"))
        )
        raise


def _keep(voter: Voter, blinded: bytes, signature: bytes) -> _Given:
    """Give the signature to the voter, unless one was given; the ballot's row is held, so that issuing cannot end now."""
    ballot = Ballot.objects.select_for_update().only("state", "title").get(pk=voter.ballot_id)
    voter = Voter.objects.select_for_update(of=("self",)).get(pk=voter.pk)
    asked = hashlib.sha256(blinded).hexdigest()
    if voter.ticket and voter.asked == asked:
        return _Given(bytes.fromhex(voter.ticket), is_new=False)
    refuse_if(policies.in_state(ballot, BallotState.ISSUING), _taken() if voter.ticket else None)
    voter.asked, voter.ticket = asked, signature.hex()
    voter.save(update_fields=["asked", "ticket"])
    return _Given(signature, is_new=True)


def _taken() -> Refusal:
    return Refusal(
        "ballots.ticket_taken", _("您已经领过票，一人一票，不能再领"),
        remedy=_("请用领票时的那台设备投票；设备丢失的，本次按未投票计，或请主持人作废后重新组织投票"),
    )  # fmt: skip


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
