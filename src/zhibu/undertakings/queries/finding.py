"""One undertaking, what belongs to it, and who may be named in it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.http import Http404

from zhibu import rulebook
from zhibu.core.authority import Actor, ranges, reaches
from zhibu.core.norms import Opener
from zhibu.record.models import Attachment
from zhibu.register.models import BRANCH_KINDS, MEMBER_STAGES, Membership, Organisation, Post
from zhibu.ui.doors import within
from zhibu.ui.language import pick
from zhibu.undertakings import policies
from zhibu.undertakings.models import Undertaking

RELATED = ("organisation", "party_group", "owner", "about", "keeper")


def undertaking_for(actor: Actor, pk: int) -> Undertaking:
    """One the actor may see, or 404."""
    found = policies.visible_to(actor, Undertaking.objects.select_related(*RELATED)).filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found


def history(undertaking: Undertaking) -> list[dict[str, Any]]:
    """What happened, oldest first."""
    return [
        dict(row) for row in undertaking.steps.order_by("id").values("kind", "taken_on", "text", "by_name")
    ]


def forgotten_on(undertaking: Undertaking, today: date) -> date | None:
    """The last day on which it is still there: so long after its end, or after the day it is due; none: it stays."""
    kind = policies.kinds().get(undertaking.kind)
    days = kind.kept_on(today) if kind else 0
    last = undertaking.ended_on or undertaking.due_on
    return last + timedelta(days=days) if days and last else None


def attachments(undertaking: Undertaking) -> list[dict[str, Any]]:
    """The files given with it."""
    rows = Attachment.objects.filter(subject_table=Undertaking._meta.db_table, subject_id=undertaking.pk)
    return [dict(row) for row in rows.order_by("id").values("id", "name", "kind", "size", "actor_name", "at")]


def attachment_for(actor: Actor, pk: int) -> Attachment:
    """A file of an undertaking the actor may see, or 404."""
    found = Attachment.objects.filter(pk=pk, subject_table=Undertaking._meta.db_table).first()
    if found is None:
        raise Http404(pk)
    undertaking_for(actor, found.subject_id)
    return found


def branches(actor: Actor, verb: str = policies.UNDERTAKE) -> list[tuple[int, str]]:
    """Branches where the actor holds the verb, in the order of the tree."""
    rows = within(Organisation.objects.filter(kind__in=BRANCH_KINDS), ranges(actor, verb), "path")
    return list(rows.order_by("path").values_list("id", "name"))


def branch_for(actor: Actor, pk: int | None, verb: str = policies.UNDERTAKE) -> Organisation:
    """The branch asked for, or the first in reach; who may only undertake for oneself gets the own branch."""
    rows = within(
        Organisation.objects.filter(kind__in=BRANCH_KINDS, closed_on__isnull=True),
        ranges(actor, verb),
        "path",
    )
    found = (rows.filter(pk=pk) if pk else rows.order_by("path")).first()
    if found is None and actor.person is not None and reaches(actor, verb):
        mine = Membership.objects.filter(person=actor.person, until__isnull=True, stage__in=MEMBER_STAGES)
        spell = (mine.filter(organisation=pk) if pk else mine).select_related("organisation").first()
        found = spell.organisation if spell else None
    if found is None:
        raise Http404(pk)
    return found


def group_for(actor: Actor, pk: int | None) -> Organisation | None:
    """The Party group whose leader is about to act, when no branch is in reach."""
    rows = Organisation.objects.filter(kind="party_group", closed_on__isnull=True).select_related("parent")
    rows = within(rows, ranges(actor, policies.UNDERTAKE), "path")
    found = (rows.filter(pk=pk) if pk else rows.order_by("path")).first()
    if found is None and pk is not None:
        raise Http404(pk)
    return found


def people(organisation: Organisation, day: date) -> list[tuple[int, str, str, str]]:
    """Who may be named: members of the branch, then those who hold a post in it, as the people picker wants them."""
    current = Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gt=day))
    columns = ("person_id", "person__name", "person__pinyin", "person__initials")
    rows = Membership.objects.filter(current, organisation=organisation).order_by(
        "person__initials", "person_id"
    )
    found: dict[int, tuple[int, str, str, str]] = {}
    for person, name, pinyin, initials, stage in rows.values_list(*columns, "stage"):
        label = "" if stage == "full_member" else str(dict(Membership.stage.field.flatchoices)[stage])
        found.setdefault(person, (person, name, label, f"{pinyin} {initials}"))
    posts = Post.objects.filter(current, organisation=organisation).values_list(*columns, "kind")
    for person, name, pinyin, initials, kind in posts:
        label = str(dict(Post.kind.field.flatchoices)[kind])
        found.setdefault(person, (person, name, label, f"{pinyin} {initials}"))
    return list(found.values())


def kind_choices(actor: Actor, organisation: Organisation) -> list[tuple[str, str]]:
    """The kinds the actor may open in a branch: those of the branch, of the superior, of oneself.

    What stands for good begins on a page of its own room, with what else belongs to it.
    """
    within_branch = bool(
        within(Organisation.objects.filter(pk=organisation.pk), ranges(actor, policies.UNDERTAKE), "path")
    )
    above = policies.is_above(actor, policies.UNDERTAKE, organisation.path)
    found = []
    for kind in rulebook.load().undertakings.values():
        openers = set() if kind.standing else set(kind.opened_by)
        by_post = (within_branch and Opener.BRANCH in openers) or (above and Opener.SUPERIOR in openers)
        if by_post or (Opener.OWNER in openers and actor.person is not None):
            found.append((kind.id, pick(kind.title)))
    return found
