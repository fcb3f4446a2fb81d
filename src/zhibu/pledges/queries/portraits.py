"""Portraits of members, each the last one given to the branch of which they are members now."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from zhibu.pledges import policies
from zhibu.record.models import Attachment
from zhibu.register.models import MEMBER_STAGES, Membership, Organisation

PEOPLE = "zb_person"


def portraits(person: int) -> QuerySet[Attachment]:
    """Every portrait of somebody, whichever branch it was given to."""
    return Attachment.objects.filter(subject_table=PEOPLE, subject_id=person, read_verb=policies.VIEW)


def portrait_of(branch: Organisation, person: int) -> Attachment | None:
    """The portrait of a member as the branch may show it."""
    return portraits(person).filter(organisation_id=branch.pk).order_by("-id").first()


def left_behind() -> list[tuple[int, Organisation]]:
    """Portraits of people who are no members of the branch they were given to: person and branch."""
    there = Membership.objects.filter(
        person=OuterRef("subject_id"), organisation=OuterRef("organisation_id"), until__isnull=True,
        stage__in=MEMBER_STAGES,
    )  # fmt: skip
    rows = Attachment.objects.filter(~Exists(there), subject_table=PEOPLE, read_verb=policies.VIEW)
    found = set(rows.values_list("subject_id", "organisation_id"))
    branches = Organisation.objects.in_bulk({branch for _person, branch in found})
    return [(person, branches[branch]) for person, branch in sorted(found)]


def with_portrait(branch: Organisation) -> set[int]:
    """Who has given the branch a portrait."""
    rows = Attachment.objects.filter(subject_table=PEOPLE, organisation_id=branch.pk, read_verb=policies.VIEW)
    return set(rows.values_list("subject_id", flat=True))
