"""Reading the record, within one's part of the tree and in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db.models import Max, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from zhibu import record, rulebook
from zhibu.accounts import policies
from zhibu.accounts.models import User
from zhibu.core.authority import Actor
from zhibu.record.models import Attachment, Entry
from zhibu.register.models import Organisation, Person
from zhibu.ui import doors, language

PERSON = "zb_person"
REVEAL = "register.reveal"


@dataclass(frozen=True, slots=True)
class Told:
    """An entry in the reader's words. `what` is the person it speaks of, or the kind of thing with its number."""

    sequence: int
    at: datetime
    act: str
    word: str
    name: str
    post: str
    what: str
    values: tuple[tuple[str, str], ...]
    digest: str


def told(entries: Iterable[Entry]) -> list[Told]:
    """Entries as a page shows them. One query for the names of the people they speak of."""
    book = rulebook.load()
    models = _models()
    entries = list(entries)
    people = {entry.subject_id for entry in entries if entry.subject_table == PERSON and entry.subject_id}
    names = dict(Person.objects.filter(pk__in=people).values_list("pk", "name"))
    return [
        Told(
            entry.sequence,
            entry.at,
            entry.act,
            language.pick(book.word("acts", entry.act)),
            entry.actor_name,
            language.pick(book.word("posts", entry.actor_post)) if entry.actor_post else "",
            names.get(entry.subject_id or 0, "")
            if entry.subject_table == PERSON
            else _what(entry, book, models),
            tuple((key, _shown(value)) for key, value in json.loads(entry.values).items()),
            entry.digest,
        )
        for entry in entries
    ]


def _what(entry: Entry, book: rulebook.Rulebook, models: dict[str, str]) -> str:
    if entry.subject_id is None:
        return ""
    word = language.pick(book.word("models", models.get(entry.subject_table, entry.subject_table)))
    return f"{word} {entry.subject_id}"


@lru_cache(maxsize=1)
def _models() -> dict[str, str]:
    """Names of models by their tables."""
    return {model._meta.db_table: model.__name__ for model in apps.get_models()}


def _shown(value: Any) -> str:
    if value is True or value is False:
        return _("是") if value else _("否")
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def chain_for(actor: Actor, chain: int | None, verb: str = "record.view") -> tuple[int, str]:
    """The chain asked for, or the first one the actor may read, with its name. Raises Http404.

    Chain 0, of the installation, is for those who hold the verb everywhere.
    """
    if policies.everywhere(actor, verb) and chain in (None, record.INSTALLATION):
        return record.INSTALLATION, _("本系统")
    places = doors.within(Organisation.objects.all(), policies.spans(actor, verb), "path").order_by("path")
    place = places.first() if chain is None else places.filter(pk=chain).first()
    if place is None:
        raise Http404("chain")
    return place.pk, place.name


def looks_shown(user: User) -> list[Told]:
    """Who looked at one's own sensitive data, the newest first; nothing for an account without a person."""
    return told(looks_at(user.person_id)[:20]) if user.person_id is not None else []


def organisations_with_record(actor: Actor) -> QuerySet[Organisation, Any]:
    """Organisations whose record the actor may read, by path."""
    scoped = doors.within(Organisation.objects.all(), policies.spans(actor, "record.view"), "path")
    return scoped.order_by("path").values_list("id", "name", "path", named=True)


def entries(
    chain: int,
    act: str = "",
    person: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
) -> QuerySet[Entry, Any]:
    """Entries of one chain, the newest first; `before` is the sequence the page before ended with."""
    rows = Entry.objects.filter(organisation_id=chain)
    if act:
        rows = rows.filter(act__startswith=act)
    if person:
        rows = rows.filter(actor_name__contains=person)
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    if before is not None:
        rows = rows.filter(sequence__lt=before)
    return rows.order_by("-sequence")


def acts_of(chain: int) -> list[tuple[str, str]]:
    """The acts that occur in a chain with their words, for the filter; by how lately they were done."""
    newest = Entry.objects.filter(organisation_id=chain).values("act").annotate(newest=Max("sequence"))
    book = rulebook.load()
    return [
        (row["act"], language.pick(book.word("acts", row["act"]))) for row in newest.order_by("-newest")[:30]
    ]


def looks_at(person_id: int) -> QuerySet[Entry]:
    """Who looked at the sensitive data of a person, the newest first (act register.reveal)."""
    return Entry.objects.filter(subject_table=PERSON, subject_id=person_id, act=REVEAL).order_by("-id")


def attachment_for(actor: Actor, pk: int) -> Attachment:
    """A file the actor may read: who holds its verb at its organisation. Raises Http404."""
    attachment: Attachment = doors.one(Attachment.objects.all(), pk=pk)
    place = Organisation.objects.filter(pk=attachment.organisation_id)
    if not doors.within(place, policies.spans(actor, attachment.read_verb), "path").exists():
        raise Http404("attachment")
    return attachment
