"""Tickets: each is a blind signature; those asked for at the same moment are kept in one transaction.

The arithmetic is done by whoever asks. Then one of those who wait takes everyone's ticket to the database at once:
the ballot and the head of the chain are locked once, the disk is asked once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from django.db import connection, transaction
from django.utils.translation import gettext as _

from zhibu.ballots import policies, queries, slips
from zhibu.ballots.blind import BlindError, PrivateKey
from zhibu.ballots.models import Ballot, BallotState, Voter
from zhibu.ballots.queries import Line
from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, Refused, or_refuse, refuse_if
from zhibu.record import vault
from zhibu.record.writing import Draft, write_many

SEALED_IN = "zb_ballot.key_sealed"
_TURN, _GUARD = Lock(), Lock()


def take_ticket(actor: Actor, *, line: Line | None, blinded: bytes, now: datetime) -> bytes:
    """Take one's ticket: the blind signature of what the browser hid. Asked again with the same, the same answer."""
    line = or_refuse(line if line and line.person == actor.person else None, policies.no_voter())
    refuse_if(policies.may_vote(line))
    return _given(line, blinded, Draft(actor, "ballots.take_ticket", *_subject(line), now))


def take_slip_ticket(actor: None, *, code: str, blinded: bytes, now: datetime) -> bytes:
    """Take a ticket with the code of a slip: nobody is signed in, and nobody is recorded."""
    unknown = Refusal("ballots.slip_unknown", _("没有这个代码"), remedy=_("照投票单上的十二位代码再输一次"))
    line = or_refuse(queries.line_of_slip(slips.digest(code)), unknown)
    return _given(line, blinded, Draft(actor, "ballots.take_slip_ticket", *_subject(line), now))


# -------------------------------------------------------------------------------------------- pieces
@dataclass(frozen=True, slots=True)
class _Asked:
    """A ticket asked for: by which line of which roll, under which digest, what is to be recorded; and the answer."""

    line: Line
    digest: str
    signature: bytes
    draft: Draft
    answer: Future[bytes] = field(default_factory=Future)


_WAITING: list[_Asked] = []


def _subject(line: Line) -> tuple[tuple[str, int], int]:
    return (Ballot._meta.db_table, line.ballot), line.organisation


def _given(line: Line, blinded: bytes, draft: Draft) -> bytes:
    asked = _Asked(line, hashlib.sha256(blinded).hexdigest(), _signed(line, blinded), draft)
    if connection.in_atomic_block:
        # a transaction of the caller's: nobody else's ticket may stand or fall with it
        _keep([asked])
        return asked.answer.result()
    with _GUARD:
        _WAITING.append(asked)
    with _TURN:
        if not asked.answer.done():
            _keep_waiting()
    return asked.answer.result()


def _signed(line: Line, blinded: bytes) -> bytes:
    """The blind signature, made before the transaction so that nobody waits for arithmetic; empty when none is due."""
    if line.ticket or line.state != BallotState.ISSUING:
        return b""
    key = PrivateKey.from_bytes(bytes.fromhex(vault.open_sealed(line.key_sealed, SEALED_IN)))
    try:
        return key.blind_sign(blinded)
    except BlindError:
        raise Refused(_not_blinded()) from None


def _keep_waiting() -> None:
    """Keep the tickets of all who wait. What goes wrong is told to each of them: they ask again."""
    with _GUARD:
        waiting = _WAITING[:]
        _WAITING.clear()
    try:
        with transaction.atomic():
            answers = _judged(waiting)
    except BaseException as error:  # noqa: BLE001 - told to everyone who waits
        for each in waiting:
            each.answer.set_exception(error)
        return
    _tell(waiting, answers)


def _keep(asked: Sequence[_Asked]) -> None:
    _tell(asked, _judged(asked))


def _tell(asked: Sequence[_Asked], answers: Sequence[bytes | Refusal]) -> None:
    for each, answer in zip(asked, answers, strict=True):
        if isinstance(answer, Refusal):
            each.answer.set_exception(Refused(answer))
        else:
            each.answer.set_result(answer)


def _judged(asked: Sequence[_Asked]) -> list[bytes | Refusal]:
    """Give each the signature, unless one was given; the ballots' rows are held, so that issuing cannot end now."""
    ballots = _locked_ballots({each.line.ballot for each in asked})
    kept = _locked_lines({each.line.voter for each in asked})
    answers: list[bytes | Refusal] = []
    given: list[_Asked] = []
    for each in asked:
        digest, ticket = kept[each.line.voter]
        if ticket and digest == each.digest:
            answers.append(bytes.fromhex(ticket))
            continue
        refusal = policies.in_state(ballots[each.line.ballot], BallotState.ISSUING)
        refusal = refusal or (_taken() if ticket else None)
        # without a signature it was asked before issuing began, and is looked at after
        refusal = refusal or (None if each.signature else _not_blinded())
        if refusal is None:
            kept[each.line.voter] = each.digest, each.signature.hex()
            given.append(each)
        answers.append(refusal or each.signature)
    _write_down(given)
    return answers


def _locked_ballots(keys: set[int]) -> Mapping[int, Ballot]:
    rows = (
        Ballot.objects.select_for_update(of=("self",))
        .filter(pk__in=keys)
        .only("state", "title")
        .order_by("pk")
    )
    return {each.pk: each for each in rows}


def _locked_lines(keys: set[int]) -> dict[int, tuple[str, str]]:
    """The digest asked with, and the ticket given, of lines of a roll."""
    rows = Voter.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    return {key: (digest, ticket) for key, digest, ticket in rows.values_list("pk", "asked", "ticket")}


def _write_down(given: Sequence[_Asked]) -> None:
    if not given:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE zb_ballot_voter SET asked = %s, ticket = %s WHERE id = %s",
            [(each.digest, each.signature.hex(), each.line.voter) for each in given],
        )
    write_many(each.draft for each in given)


def _not_blinded() -> Refusal:
    return Refusal("ballots.not_blinded", _("浏览器送来的领票请求不成立"), remedy=_("刷新页面后再领一次"))


def _taken() -> Refusal:
    return Refusal(
        "ballots.ticket_taken", _("您已经领过票，一人一票，不能再领"),
        remedy=_("请用领票时的那台设备投票；设备丢失的，本次按未投票计，或请主持人作废后重新组织投票"),
    )  # fmt: skip
