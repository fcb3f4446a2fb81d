"""Adding entries to the chains: the only code that does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Protocol

from django.db import connection, models
from django.utils import timezone

from zhibu.core.authority import Actor, Reach, grants, span_of
from zhibu.record.canonical import canonical, digest_of, moment, plain
from zhibu.record.growth import grew
from zhibu.record.models import Entry, Head

INSTALLATION = 0
"""The chain of acts that concern no organisation: accounts of operators, imports, upgrades."""

BATCH = 2000
SYSTEM_NAME = "系统"
SYSTEM_POST = "system"


class Node(Protocol):
    """What the record needs to know of an organisation; register.Organisation fits."""

    pk: Any
    path: Any


@dataclass(frozen=True, slots=True)
class Draft:
    """An act about to be recorded. `subject` is a saved row, or (table, id); no actor means the system itself."""

    actor: Actor | None
    act: str
    subject: models.Model | tuple[str, int] | None
    organisation: Node | int | None
    at: datetime
    values: Mapping[str, Any] = field(default_factory=dict)


def write(
    actor: Actor | None,
    act: str,
    subject: models.Model | tuple[str, int] | None,
    /,
    *,
    organisation: Node | int | None,
    also: Iterable[Node] = (),
    now: datetime | None = None,
    **values: Any,
) -> Entry:
    """Record one act in the chain of an organisation (none: of the installation), within the act's transaction.

    `values` are what a later reader needs to understand the act: numbers, texts, dates. Identity and mobile numbers
    found in texts are masked. What the act changes `also` at other organisations, neither above nor below, stands in
    their chains too: sums of a place are kept until its own chain grows (`record.kept`). One call, which locks all
    chains in one order: two calls in different orders could wait for each other for ever. The entry of `organisation`
    is returned; its `pk` is known when it is the only one.
    Raises RuntimeError outside a transaction: an act and its entry stand or fall together.
    """
    at = now or timezone.now()
    others = {each.pk: each for each in also}
    if organisation is not None:
        others.pop(_chain(organisation), None)
    places = (organisation, *others.values())
    return write_many([Draft(actor, act, subject, place, at, values) for place in places])[0]


def write_many(drafts: Iterable[Draft]) -> list[Entry]:
    """Record acts in the order given, one entry each, in as few statements as possible (imports, demonstrations).

    The entries returned know their place in the chain; their `pk` is known only when there is one.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(
            "record.write belongs inside the transaction of the act it records (@transaction.atomic)"
        )
    drafts = list(drafts)
    heads = _locked({_chain(draft.organisation) for draft in drafts})
    entries = []
    for draft in drafts:
        head = heads[_chain(draft.organisation)]
        entry = _entry(draft, head)
        head.sequence, head.digest = entry.sequence, entry.digest
        entries.append(entry)
    if len(entries) == 1:
        entries[0].save(force_insert=True)
    else:
        _insert(entries)
    _keep(heads)
    grew()
    return entries


def _insert(entries: list[Entry]) -> None:
    """Plain executemany: the preparation of each value by bulk_create takes longer than everything else together."""
    quote = connection.ops.quote_name
    columns = [str(field.column) for field in Entry._meta.concrete_fields if not field.primary_key]
    instant = connection.ops.adapt_datetimefield_value
    statement = (
        f"INSERT INTO {quote(Entry._meta.db_table)} ({', '.join(quote(column) for column in columns)})"  # noqa: S608
        f" VALUES ({', '.join(['%s'] * len(columns))})"
    )
    rows = [
        [instant(value) if isinstance(value, datetime) else value for value in _values(entry, columns)]
        for entry in entries
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def _values(entry: Entry, columns: list[str]) -> list[Any]:
    return [entry.__dict__[column] for column in columns]


def _chain(organisation: Node | int | None) -> int:
    if organisation is None:
        return INSTALLATION
    return organisation if isinstance(organisation, int) else int(organisation.pk)


def _locked(chains: set[int]) -> dict[int, Head]:
    """The heads of the chains, locked in ascending order, made where there are none yet."""
    heads: dict[int, Head] = {}
    for some in _portions(sorted(chains)):
        found = _select(some)
        missing = [chain for chain in some if chain not in found]
        if missing:
            Head.objects.bulk_create(
                [Head(organisation_id=chain) for chain in missing], ignore_conflicts=True
            )
            found.update(_select(missing))
        heads.update(found)
    return heads


def _select(chains: list[int]) -> dict[int, Head]:
    # SQLite has no FOR UPDATE and needs none: an IMMEDIATE transaction is the only writer
    rows = Head.objects.select_for_update().filter(organisation_id__in=chains).order_by("organisation_id")
    return {head.organisation_id: head for head in rows}


def _portions(chains: list[int]) -> Iterator[list[int]]:
    each = iter(chains)
    while some := list(islice(each, 500)):
        yield some


def _keep(heads: Mapping[int, Head]) -> None:
    if len(heads) == 1:
        for head in heads.values():
            Head.objects.filter(pk=head.pk).update(sequence=head.sequence, digest=head.digest)
        return
    Head.objects.bulk_create(
        heads.values(),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["organisation_id"],
        update_fields=["sequence", "digest"],
    )


def _entry(draft: Draft, head: Head) -> Entry:
    table, row = _subject(draft.subject)
    actor = draft.actor
    entry = Entry(
        organisation_id=head.organisation_id,
        sequence=head.sequence + 1,
        act=draft.act,
        actor_user=actor.user if actor else None,
        actor_person=actor.person if actor else None,
        actor_name=actor.name[:150] if actor else SYSTEM_NAME,
        actor_post=_post(actor, draft.act, getattr(draft.organisation, "path", None))
        if actor
        else SYSTEM_POST,
        subject_table=table,
        subject_id=row,
        values=canonical(plain(draft.values)),
        at=draft.at,
        previous=head.digest,
    )
    entry.digest = digest_of(entry.previous, content_of(entry))
    return entry


def content_of(entry: Entry) -> tuple[Any, ...]:
    """Everything an entry says, in the order in which it is digested."""
    return (
        entry.organisation_id,
        entry.sequence,
        entry.act,
        entry.actor_user,
        entry.actor_person,
        entry.actor_name,
        entry.actor_post,
        entry.subject_table,
        entry.subject_id,
        entry.values,
        moment(entry.at),
    )


def _subject(subject: models.Model | tuple[str, int] | None) -> tuple[str, int | None]:
    if subject is None:
        return "", None
    if isinstance(subject, tuple):
        return subject
    if not isinstance(subject.pk, int):
        raise TypeError(
            f"{subject!r} is not saved, or its key is not a number: it cannot be recorded as a subject"
        )
    return subject._meta.db_table, subject.pk


def _post(actor: Actor, act: str, path: str | None) -> str:
    """The post by which the actor did this: the first mandate that grants the act there."""
    granting = [mandate for mandate in actor.mandates if grants(mandate, act)]
    for mandate in granting:
        span = span_of(mandate)
        if path is not None and span is not None and span[0] <= path < span[1]:
            return mandate.post
    own = [mandate for mandate in granting if mandate.reach is Reach.SELF or path is None]
    return own[0].post if own else ""
