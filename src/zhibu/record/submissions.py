"""A form is acted on once: the second submission of the same token gets the answer of the first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from zhibu.record.models import Submission

KEPT_FOR = timedelta(days=2)
"""How long an answer is remembered: a page left open over a night must still not act twice."""


@dataclass(slots=True)
class Held:
    """A submission being answered. `before`: the address the first one was answered with, if this is a second."""

    before: str | None = None
    url: str = ""


@contextmanager
def hold(token: str, user: int, now: datetime | None = None) -> Iterator[Held]:
    """Answer a form within one transaction that owns its token.

    A concurrent second submission waits for the first one's transaction (a unique row on PostgreSQL, the write lock
    on SQLite) and then finds its address in `before`. The body sets `url` when the act is done; otherwise, and when
    it raises, everything is rolled back, the token included.
    """
    held = Held()
    with transaction.atomic():
        row, made = Submission.objects.get_or_create(
            token=token, user=user, defaults={"at": now or timezone.now()}
        )
        if not made:
            held.before = row.url
        yield held
        if made and held.url:
            Submission.objects.filter(pk=row.pk).update(url=held.url)
        elif made:
            # not acted on (errors, a refusal): the token may be used again
            transaction.set_rollback(True)


def forget(now: datetime) -> int:
    """Delete what nobody will send again; the number of rows deleted."""
    return Submission.objects.filter(at__lt=now - KEPT_FOR).delete()[0]
