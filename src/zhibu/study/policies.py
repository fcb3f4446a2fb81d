"""Who sees what of the library, whose hours, and who may keep them."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from zhibu.core.authority import STEP, Actor, grants, may, may_for_self, ranges, reaches
from zhibu.core.refusal import Refusal
from zhibu.register.models import Organisation
from zhibu.study.models import Audience

Rows = TypeVar("Rows", bound=QuerySet[Any])

VIEW, KEEP = "study.view", "study.edit_material"
"""Whoever may edit the materials of an organisation keeps its library: all of it, withdrawn ones too."""


def visible_to(actor: Actor, rows: Rows) -> Rows:
    """Materials one may see: of the own organisation and those below it, of those above it, and what is public.

    What is for the committee alone, and what was withdrawn, is seen by whoever keeps the library.
    """
    seen = Q(audience=Audience.PUBLIC)
    seen |= Q(organisation__path__in=above(actor), audience=Audience.BRANCH)
    for low, end in ranges(actor, VIEW):
        seen |= Q(organisation__path__gte=low, organisation__path__lt=end, audience=Audience.BRANCH)
    condition = Q(withdrawn=0) & seen
    for low, end in ranges(actor, KEEP):
        condition |= Q(organisation__path__gte=low, organisation__path__lt=end)
    return rows.filter(condition)


def open_to_all(rows: Rows, paths: list[str]) -> Rows:
    """Materials that anyone may see, of these organisations."""
    return rows.filter(audience=Audience.PUBLIC, withdrawn=0, organisation__path__in=paths)


def above(actor: Actor) -> list[str]:
    """The paths of the organisations above those one belongs to: what they give out is for everyone below."""
    found: set[str] = set()
    for mandate in actor.mandates:
        if grants(mandate, VIEW):
            found.update(lineage(mandate.path)[:-1])
    return sorted(found)


def lineage(path: str) -> list[str]:
    """A path and all above it, the highest first."""
    return [path[:length] for length in range(STEP, len(path) + 1, STEP)]


def holds_anywhere(actor: Actor, verb: str) -> bool:
    """Whether a button for this verb is worth showing at all."""
    return bool(reaches(actor, verb))


def holds_elsewhere(actor: Actor, verb: str) -> bool:
    """Whether one holds a verb for more than oneself."""
    return bool(ranges(actor, verb))


def may_act(actor: Actor, verb: str, organisation: Organisation) -> Refusal | None:
    """The mandate itself."""
    if may(actor, verb, organisation.path):
        return None
    return Refusal(
        "study.no_mandate", _("您的职务不能在“{name}”办理这件事"), {"name": organisation.name},
        remedy=_("请由有权的人办理"), who=_("党支部书记、宣传委员或其他支部委员"),
    )  # fmt: skip


def may_for(actor: Actor, verb: str, organisation: Organisation, person: int) -> Refusal | None:
    """For oneself, or for somebody of an organisation where one holds the verb."""
    if may_for_self(actor, verb) and actor.person == person:
        return None
    return may_act(actor, verb, organisation)


def for_oneself(actor: Actor, verb: str, person: int) -> Refusal | None:
    """For oneself alone, whatever post one holds."""
    if may_for_self(actor, verb) and actor.person == person:
        return None
    return Refusal("study.own_only", _("这件事只能由本人办理"), who=_("本人"))
