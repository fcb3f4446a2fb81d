"""Which rulebook a run was judged by."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from zhibu import rulebook
from zhibu.core.norms import Rulebook

from .models import RulebookSnapshot, Run


@lru_cache(maxsize=8)
def by_digest(digest: str) -> Rulebook:
    """The rulebook of a digest, from its snapshot; the one in use now is not read again."""
    current = rulebook.load()
    if current.digest == digest:
        return current
    return Rulebook.from_json(RulebookSnapshot.objects.get(pk=digest).content)


def of_run(run: Run) -> Rulebook:
    """The rulebook the run rests on."""
    return by_digest(run.rulebook_id)


def snapshot(book: Rulebook, now: datetime) -> RulebookSnapshot:
    """The stored text of a rulebook, written the first time it is used."""
    kept, _created = RulebookSnapshot.objects.get_or_create(
        digest=book.digest, defaults={"content": book.to_json(), "saved_at": now}
    )
    return kept
