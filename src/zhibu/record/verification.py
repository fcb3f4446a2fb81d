"""Finding what was done to the chains: edits, deletions, insertions, exchanges, truncation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from django.db import connection, transaction
from django.db.models import Max

from zhibu.record import past
from zhibu.record.canonical import BEGINNING, canonical, digest_of, merkle_root
from zhibu.record.models import Anchor, Entry, Head
from zhibu.record.writing import content_of

GUARDED = {
    "zb_entry": (), "zb_chain_head": ("forward",), "zb_anchor": (), "zb_dues_voucher": ("closed",),
    "zb_dues_posting": ("closed", "stray", "crooked"), "zb_dues_effect": (), "zb_dues_closing": (),
}  # fmt: skip
"""Tables that only grow, and what their triggers refuse beside a change."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing found wrong. `kind`: edited, broken, missing, truncated, head, anchor or guard."""

    kind: str
    organisation_id: int
    sequence: int
    text: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What was looked at, and what was found."""

    chains: int
    entries: int
    anchors: int
    faults: tuple[Fault, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.faults


def verify(organisation_id: int | None = None, *, root: str = "", last_entry: int = 0) -> Verification:
    """Compute every digest again, of one organisation or of all.

    For all, the anchors kept in the database are checked too. `root` and `last_entry` come from an anchor kept
    elsewhere (a printed report): they show what someone who rewrote entries, heads and anchors alike has done.
    """
    entries = Entry.objects.order_by("organisation_id", "sequence")
    heads = Head.objects.all()
    if organisation_id is not None:
        entries = entries.filter(organisation_id=organisation_id)
        heads = heads.filter(organisation_id=organisation_id)
    known = {head.organisation_id: head for head in heads}
    faults: list[Fault] = []
    chains = counted = 0
    for chain, rows in groupby(entries.iterator(chunk_size=5000), key=attrgetter("organisation_id")):
        chains += 1
        walk = _Walk(chain, faults)
        for entry in rows:
            walk.step(entry)
        counted += walk.counted
        walk.end(known.pop(chain, None))
    for chain, head in known.items():
        if head.sequence:
            faults.append(Fault("truncated", chain, head.sequence, "the whole chain is missing"))
    anchors = (
        [] if organisation_id is not None else [(a.last_entry, a.root) for a in Anchor.objects.order_by("id")]
    )
    if root:
        anchors.append((last_entry, root))
    faults.extend(_anchor_faults(anchors))
    faults.extend(Fault("guard", 0, 0, text) for text in missing_guards())
    return Verification(chains, counted, len(anchors), tuple(faults))


class _Walk:
    """One chain from its beginning to its head."""

    def __init__(self, chain: int, faults: list[Fault]) -> None:
        self.chain, self.faults = chain, faults
        self.previous, self.sequence, self.counted = BEGINNING, 0, 0

    def step(self, entry: Entry) -> None:
        self.counted += 1
        if entry.sequence != self.sequence + 1:
            self._fault(
                "missing", entry.sequence, f"entries {self.sequence + 1} to {entry.sequence - 1} are missing"
            )
        elif entry.previous != self.previous:
            self._fault("broken", entry.sequence, "does not follow the entry before it")
        if digest_of(entry.previous, content_of(entry)) != entry.digest:
            self._fault("edited", entry.sequence, "says something else than when it was written")
        self.previous, self.sequence = entry.digest, entry.sequence

    def end(self, head: Head | None) -> None:
        if head is None:
            self._fault("head", self.sequence, "the chain has no head")
        elif head.sequence > self.sequence:
            self._fault(
                "truncated", head.sequence, f"entries {self.sequence + 1} to {head.sequence} are missing"
            )
        elif (head.sequence, head.digest) != (self.sequence, self.previous):
            self._fault("head", self.sequence, "the head names another entry")

    def _fault(self, kind: str, sequence: int, text: str) -> None:
        self.faults.append(Fault(kind, self.chain, sequence, text))


@transaction.atomic
def anchor(now: datetime) -> Anchor:
    """Take the state of all chains into one number and keep it; print it and store it off the machine."""
    if connection.vendor == "postgresql":
        # wait for acts under way and hold new ones: below the highest number, nothing can then appear later
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE zb_entry IN SHARE MODE")
    last = Entry.objects.aggregate(last=Max("id"))["last"] or 0
    leaves = list(_leaves(last))
    return Anchor.objects.create(at=now, last_entry=last, chains=len(leaves), root=merkle_root(leaves))


def _leaves(last_entry: int) -> Iterator[str]:
    """The newest entry of each chain among those up to `last_entry`, in the order of the chains."""
    newest = (
        Entry.objects.filter(id__lte=last_entry)
        .order_by()
        .values("organisation_id")
        .annotate(newest=Max("id"))
        .values("newest")
    )
    rows = Entry.objects.filter(id__in=newest).order_by("organisation_id")
    for row in rows.values_list("organisation_id", "sequence", "digest").iterator(chunk_size=5000):
        yield canonical(list(row))


def _anchor_faults(anchors: Iterable[tuple[int, str]]) -> Iterator[Fault]:
    for last, root in anchors:
        if merkle_root(_leaves(last)) != root:
            yield Fault(
                "anchor", 0, last, f"the chains up to entry {last} are not those of anchor {root[:16]}…"
            )


def missing_guards() -> list[str]:
    """Tables whose triggers are gone: the database would no longer refuse a change."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        there = {row[0] for row in cursor.fetchall()}
    return [
        *(
            f"{table}: the trigger against changes is missing"
            for table in GUARDED
            if not _guards(table, connection.vendor) <= there
        ),
        *(
            f"{table}: the trigger that keeps earlier versions is missing"
            for table in past.missing(connection)
        ),
    ]


def _guards(table: str, vendor: str) -> set[str]:
    """The names of the triggers a table must have."""
    if vendor == "postgresql":
        refusing: tuple[str, ...] = ("keep", "whole")
    else:
        # a trigger of SQLite has one event; the head of a chain may go forward
        refusing = ("keep",) if table == "zb_chain_head" else ("keep_UPDATE", "keep_DELETE")
        refusing += ("replacing",) if table.startswith("zb_dues_") else ()
    return {f"{table}_{name}" for name in (*refusing, *GUARDED[table])}
