"""Honours of a branch and of its members, as far as each may be seen."""

from __future__ import annotations

from datetime import date

from django.http import Http404

from zhibu.core.authority import Actor
from zhibu.notices import queries as notices
from zhibu.notices.told import Purpose
from zhibu.premises import policies
from zhibu.premises.models import Honour, HonourLevel
from zhibu.register.models import MEMBER_STAGES, Membership, Organisation

TABLE = "zb_honour"
MOST = 500


def honours(actor: Actor, branch: Organisation) -> list[Honour]:
    """Honours of a branch that the actor may see, newest first; revoked ones stand with their reason."""
    rows = policies.visible_to(
        actor, Honour.objects.select_related("organisation", "person", "photo")
    ).filter(organisation=branch)
    return [row for row in rows.order_by("-given_on", "-id")[:MOST] if policies.sees(actor, row)]


def honour_for(actor: Actor, pk: int, verb: str = "premises.view") -> Honour:
    """One honour in reach, or 404."""
    rows = policies.visible_to(actor, Honour.objects.select_related("organisation", "person", "photo"), verb)
    found = rows.filter(pk=pk).first()
    if found is None or not policies.sees(actor, found):
        raise Http404(pk)
    return found


def published(honour: Honour, today: date) -> bool:
    """Whether it hangs on the public board, or hung there."""
    return notices.opened_for(Purpose(TABLE, honour.pk), today) is not None


def members_of(branch: Organisation) -> list[tuple[int, str, str]]:
    """Members of today to whom an honour can be given: (id, name, stage)."""
    rows = Membership.objects.filter(organisation=branch, until__isnull=True, stage__in=MEMBER_STAGES)
    labels = dict(Membership.stage.field.flatchoices)
    return [
        (person, name, str(labels[stage]))
        for person, name, stage in rows.order_by("person__initials").values_list(
            "person_id", "person__name", "stage"
        )
    ]


def levels() -> list[tuple[str, str]]:
    """Levels with their labels."""
    return [(value, str(label)) for value, label in HonourLevel.choices]
