"""What the engine may ask of a branch and of a person, as the register has it on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from zhibu.life.queries import in_force
from zhibu.register.models import (
    MEMBER_STAGES,
    Membership,
    Organisation,
    Person,
    Post,
    PostKind,
    Stage,
    Term,
)

HEADS = (PostKind.SECRETARY, PostKind.DEPUTY_SECRETARY)


def branch_values(organisation: Organisation, day: date) -> dict[str, Any]:
    """Kind, numbers of members, the committee and its term."""
    stages = list(
        Membership.objects.filter(in_force(day), organisation=organisation, stage__in=MEMBER_STAGES)
        .values_list("stage", flat=True)
    )  # fmt: skip
    posts = list(
        Post.objects.filter(in_force(day), organisation=organisation, in_committee=1).values_list("kind", "person")
    )  # fmt: skip
    term = Term.objects.filter(organisation=organisation, elected_on__lte=day).order_by("-elected_on").first()
    return {
        "kind": organisation.kind,
        "unit_type": organisation.unit_type,
        "members": len(stages),
        "full_members": sum(stage == Stage.FULL_MEMBER for stage in stages),
        "committee": any(kind not in HEADS for kind, _person in posts),
        "committee_size": len({person for _kind, person in posts}),
        "expires_on": term.valid_until if term else None,
        "founded_on": organisation.founded_on,
        "can_approve": _superior_approves(organisation),
    }


def _superior_approves(organisation: Organisation) -> bool:
    """Whether the committee directly above may approve members itself."""
    parent = organisation.parent
    return bool(organisation.can_approve or (parent is not None and parent.can_approve))


def subject_values(person: int | None, day: date) -> dict[str, Any]:
    """Birth day, stage on the day, the days of admission and conversion."""
    if person is None:
        return {}
    found = Person.objects.filter(pk=person).values("born_on", "joined_on", "full_since").first()
    if found is None:
        return {}
    return {**found, "stage": stage_on(person, day)}


def subjects_values(people: Sequence[int], day: date) -> dict[int, dict[str, Any]]:
    """The same for many persons: two queries."""
    rows = Person.objects.filter(pk__in=people).values_list("pk", "born_on", "joined_on", "full_since")
    found: dict[int, dict[str, Any]] = {
        pk: {"born_on": born, "joined_on": joined, "full_since": full, "stage": ""}
        for pk, born, joined, full in rows
    }
    spells = Membership.objects.filter(person__in=people, since__lte=day).order_by("since", "pk")
    for person, stage in spells.values_list("person_id", "stage"):
        found[person]["stage"] = stage
    return found


def stage_on(person: int, day: date) -> str:
    """The stage of a person on a day; that of the last spell begun by then."""
    spells = Membership.objects.filter(person=person, since__lte=day).order_by("-since", "-pk")
    return spells.values_list("stage", flat=True).first() or ""


def people_on(ids: list[int], day: date) -> list[dict[str, Any]]:
    """Persons as a step names them, in the order given: number, name, stage on the day."""
    names = dict(Person.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [
        {"person": each, "name": names[each], "stage": stage_on(each, day)} for each in ids if each in names
    ]
