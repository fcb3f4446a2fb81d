"""The outbox: what is to be told outside is written down with the act, and sent afterwards.

A letter is a row. An act writes it in its own transaction, so that nothing is told that did not happen and nothing that
happened is forgotten. `zhibu deliver` claims one letter at a time, in a transaction of its own, before it is sent:

    waiting → sending → sent
                      → waiting (it was refused: again later, each time after a longer while) … → failed
                      → unsure  (the line broke, or the process ended, after it may have gone)

So a letter is never sent twice by us knowingly: what may have arrived waits for a person, who can send it `again`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, models, transaction

from zhibu.record.models import Letter, LetterState
from zhibu.record.writing import Node

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=4)
MOST_ATTEMPTS = 12
"""With these pauses a letter is tried for about a day."""
TOO_LONG_SENDING = timedelta(minutes=10)
OPEN = (LetterState.WAITING, LetterState.SENDING)


class NotSent(Exception):
    """A letter did not go out; the sentence says why, without secrets. It may be tried again."""


class Unsure(Exception):
    """A letter may have gone out and may not: the line broke after it was handed over."""


class NoWay(Exception):
    """There is no longer a way to this recipient (no address, channel disconnected): trying again is of no use."""


@dataclass(frozen=True, slots=True)
class Message:
    """A letter about to be written. `key` names it once and for ever."""

    key: str
    channel: str
    recipient: int
    title: str
    body: str


def post(messages: Iterable[Message], *, subject: models.Model, organisation: Node, now: datetime) -> int:
    """Write letters about a row, within the act's transaction; how many were new.

    A letter of the same subject to the same recipient that still waits is replaced: nobody needs yesterday's hour.
    Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("record.outbox.post belongs inside the transaction of the act it tells of")
    found = list(messages)
    if not found:
        return 0
    about = Letter.objects.filter(subject_table=subject._meta.db_table, subject_id=subject.pk)
    recipients = {(each.channel, each.recipient) for each in found}
    stale = [
        row["pk"]
        for row in about.filter(state=LetterState.WAITING).values("pk", "channel", "recipient_id")
        if (row["channel"], row["recipient_id"]) in recipients
    ]
    Letter.objects.filter(pk__in=stale).update(state=LetterState.REPLACED, settled_at=now)
    written = Letter.objects.bulk_create(
        [
            Letter(
                key=each.key[:120], organisation_id=organisation.pk, subject_table=subject._meta.db_table,
                subject_id=subject.pk, channel=each.channel, recipient_id=each.recipient, title=each.title[:160],
                body=each.body, next_at=now, written_at=now,
            )
            for each in found
        ],
        batch_size=500,
        ignore_conflicts=True,
    )  # fmt: skip
    return len(written)


def withdraw(subject: models.Model, now: datetime) -> int:
    """Nothing more is to be said of a row for now: letters that still wait are put aside, and stay visible."""
    return Letter.objects.filter(
        subject_table=subject._meta.db_table, subject_id=subject.pk, state=LetterState.WAITING
    ).update(state=LetterState.REPLACED, settled_at=now)


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts: twice as long each time, never longer than LONGEST_PAUSE."""
    doubled: timedelta = FIRST_PAUSE * 2 ** min(max(attempts, 1) - 1, 16)
    return min(doubled, LONGEST_PAUSE)


def claim(now: datetime) -> Letter | None:
    """The letter that has waited longest and is due, now being sent by the caller alone; None when none is due."""
    due = Letter.objects.filter(state=LetterState.WAITING, next_at__lte=now).order_by("next_at", "id")
    # looked for without a lock first: nearly always there is none
    return _claimed(due, now) if due.exists() else None


@transaction.atomic
def _claimed(due: models.QuerySet[Letter], now: datetime) -> Letter | None:
    letter = due.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked).first()
    if letter is None:
        return None
    letter.state, letter.claimed_at, letter.attempts = LetterState.SENDING, now, letter.attempts + 1
    letter.save(update_fields=["state", "claimed_at", "attempts"])
    return letter


def settle(letter: Letter, now: datetime, outcome: Exception | None) -> None:
    """What became of a claimed letter."""
    letter.error = str(outcome)[:200] if outcome else ""
    letter.settled_at = now
    if outcome is None:
        letter.state = LetterState.SENT
    elif isinstance(outcome, Unsure):
        letter.state = LetterState.UNSURE
    elif isinstance(outcome, NoWay) or letter.attempts >= MOST_ATTEMPTS:
        letter.state = LetterState.FAILED
    else:
        letter.state, letter.settled_at = LetterState.WAITING, None
        letter.next_at = now + pause(letter.attempts)
    fields = ["state", "error", "settled_at", "next_at"]
    # only as long as it is still ours: a person may have settled it meanwhile
    Letter.objects.filter(pk=letter.pk, state=LetterState.SENDING, attempts=letter.attempts).update(
        **{name: getattr(letter, name) for name in fields}
    )


def abandoned(now: datetime) -> int:
    """Letters whose sender ended in the middle: whether they went out nobody knows."""
    return Letter.objects.filter(state=LetterState.SENDING, claimed_at__lt=now - TOO_LONG_SENDING).update(
        state=LetterState.UNSURE, settled_at=now, error="发送程序在中途结束"
    )


def again(letters: models.QuerySet[Letter], now: datetime) -> int:
    """Send once more what failed or is unsure; the person who asks for it takes the risk of a second copy."""
    asked = letters.filter(state__in=(LetterState.FAILED, LetterState.UNSURE)).values_list("pk", flat=True)
    return Letter.objects.filter(pk__in=list(asked)).update(
        state=LetterState.WAITING, attempts=0, next_at=now, settled_at=None, error=""
    )


def deliver(
    ways: Mapping[str, Callable[[Letter], None]], clock: Callable[[], datetime], *, most: int = 1000
) -> dict[str, int]:
    """Send what is due, one letter after another; how many ended in which state. `ways`: channel to sender."""
    counts: dict[str, int] = {}
    counts[LetterState.UNSURE] = abandoned(clock())
    for _each in range(most):
        letter = claim(clock())
        if letter is None:
            break
        settle(letter, clock(), _tried(ways, letter))
        counts[letter.state] = counts.get(letter.state, 0) + 1
    return {str(state): number for state, number in counts.items() if number}


def _tried(ways: Mapping[str, Callable[[Letter], None]], letter: Letter) -> Exception | None:
    way = ways.get(letter.channel)
    if way is None:
        return NoWay("没有这种通道")
    try:
        way(letter)
    except (NotSent, Unsure, NoWay) as outcome:
        return outcome
    except Exception as error:  # noqa: BLE001 - a defect in one way must not stop the letters of the others
        return Unsure(f"发送时出错：{type(error).__name__}")
    return None
