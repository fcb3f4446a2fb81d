"""The library as it is listed, searched and opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.http import Http404

from zhibu.core.authority import Actor
from zhibu.record.models import Attachment
from zhibu.register.models import Organisation
from zhibu.search.excerpts import Piece, excerpt, marked
from zhibu.search.finding import Found, find
from zhibu.study import policies
from zhibu.study.models import Material, MaterialTag

LISTED = (
    "id", "kind", "subject", "audience", "title", "summary", "minutes", "published_on", "organisation__name",
    "attachment__name", "withdrawn",
)  # fmt: skip
MOST_TAGS = 24
PAGE = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """A material that was found: its title and the place in it, what was looked for set apart."""

    id: int
    kind: str
    subject: str
    audience: str
    organisation: str
    published_on: date
    minutes: int
    address: str | None
    title: tuple[Piece, ...]
    place: tuple[Piece, ...]


def seen(actor: Actor, *, kind: str = "", subject: str = "", tag: str = "") -> QuerySet[Material]:
    """Materials in the library that one may see."""
    rows = policies.visible_to(actor, Material.objects.filter(withdrawn=0))
    return narrowed(rows, kind=kind, subject=subject, tag=tag)


def narrowed(
    rows: QuerySet[Material], *, kind: str = "", subject: str = "", tag: str = ""
) -> QuerySet[Material]:
    """Only of a kind, about a subject, under a tag."""
    if kind:
        rows = rows.filter(kind=kind)
    if subject:
        rows = rows.filter(subject=subject)
    if tag:
        rows = rows.filter(pk__in=MaterialTag.objects.filter(word=tag).values("material_id"))
    return rows


def listed(
    actor: Actor, *, kind: str = "", subject: str = "", tag: str = "", withdrawn: bool = False
) -> QuerySet[Any, Any]:
    """Materials one may see, newest first, as plain rows; the withdrawn ones for whoever keeps the library."""
    rows = policies.visible_to(actor, Material.objects.filter(withdrawn=int(withdrawn)))
    return (
        narrowed(rows, kind=kind, subject=subject, tag=tag).order_by("-published_on", "-id").values(*LISTED)
    )


def searched(rows: QuerySet[Material], question: str, *, page: int = 1) -> tuple[Found, list[Hit]]:
    """A page of the materials among `rows` that hold what is looked for, best first."""
    found = find(rows, question, start=(page - 1) * PAGE, size=PAGE)
    return found, hits(found.keys, question)


def hits(keys: Sequence[int], question: str) -> list[Hit]:
    """Materials by their keys, in that order, with the place where they were found."""
    rows = Material.objects.filter(pk__in=keys).values_list(
        "id", "kind", "subject", "audience", "organisation__name", "published_on", "minutes", "address", "title", "text__body"
    )  # fmt: skip
    by_key = {
        row[0]: Hit(*row[:8], title=marked(row[8], question), place=excerpt(row[9], question)) for row in rows
    }
    return [by_key[key] for key in keys if key in by_key]


def open_materials(organisation: Organisation) -> QuerySet[Material]:
    """What anyone may read on the portal of an organisation: its own and that of those above it, newest first."""
    rows = policies.open_to_all(Material.objects.all(), policies.lineage(organisation.path))
    return rows.select_related("organisation", "attachment").order_by("-published_on", "-id")


def open_material(organisation: Organisation, address: str) -> Material:
    """One material on the portal, or 404."""
    found = open_materials(organisation).filter(address=address).first()
    if found is None:
        raise Http404(address)
    return found


def tags_used(actor: Actor) -> list[str]:
    """The tags of what one may see, the most used first."""
    rows = MaterialTag.objects.filter(material__in=seen(actor).values("pk"))
    counted = rows.values_list("word").annotate(n=Count("id")).order_by("-n", "word")
    return [word for word, _n in counted[:MOST_TAGS]]


def material_for(actor: Actor, pk: int) -> Material:
    """One material one may see, or 404."""
    rows = policies.visible_to(actor, Material.objects.select_related("organisation", "attachment"))
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found


def attachment_for(actor: Actor, pk: int) -> Attachment:
    """The file of a material one may see, or 404."""
    found = Attachment.objects.filter(pk=pk, subject_table=Material._meta.db_table).first()
    if found is None:
        raise Http404(pk)
    material = material_for(actor, found.subject_id)
    if material.attachment_id != found.pk:
        raise Http404(pk)
    return found
