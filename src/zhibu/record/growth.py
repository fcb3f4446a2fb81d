"""How far the record has grown: a number by which what was computed can be told to be still right."""

from __future__ import annotations

from zhibu.record.models import Entry


def last_entry() -> int:
    """The number of the newest entry, 0 for none.

    Every act writes an entry in its own transaction, so nothing that acts change is different while this number
    stands still. Aggregates that a first page shows are kept beside it instead of being computed at every look.
    """
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
