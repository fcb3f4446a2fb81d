"""Whose dues somebody may look at: every object of a page comes through here, with the actor."""

from __future__ import annotations

from django.http import Http404

from zhibu.core.authority import Actor
from zhibu.dues import policies
from zhibu.dues.models import DuesEffect, Hardship, PayOrder, Remittance, Voucher
from zhibu.register.models import BRANCH_KINDS, MEMBER_STAGES, Membership, Organisation, Person


def branches(actor: Actor, verb: str = "dues.view") -> list[tuple[int, str]]:
    """Branches in reach, in the order of the tree."""
    rows = policies.visible_to(actor, Organisation.objects.filter(kind__in=BRANCH_KINDS), verb, field="path")
    return list(rows.order_by("path").values_list("id", "name"))


def branch_for(actor: Actor, pk: int | None, verb: str = "dues.view") -> Organisation:
    """The branch asked for, or the first in reach; 404 when there is none."""
    return _one_of(actor, BRANCH_KINDS, pk, verb)


def book_for(actor: Actor, pk: int | None, verb: str = "dues.export") -> Organisation:
    """An organisation that keeps a book, branch or committee: the one asked for, or the first in reach."""
    return _one_of(actor, (*BRANCH_KINDS, "general_branch", "primary_committee"), pk, verb)


def _one_of(actor: Actor, kinds: tuple[str, ...], pk: int | None, verb: str) -> Organisation:
    rows = policies.visible_to(
        actor, Organisation.objects.select_related("parent").filter(kind__in=kinds), verb, field="path"
    )
    found = (rows.filter(pk=pk) if pk else rows.order_by("path")).first()
    if found is None:
        raise Http404(pk)
    return found


def effect_for(actor: Actor, pk: int) -> DuesEffect:
    """One evidence row within reach, or 404."""
    found = (
        policies.visible_to(actor, DuesEffect.objects.select_related("organisation")).filter(pk=pk).first()
    )
    if found is None:
        raise Http404(pk)
    return found


def voucher_for(actor: Actor, pk: int) -> Voucher:
    """One voucher, with names: for whoever collects or inspects there."""
    rows = Voucher.objects.select_related("organisation")
    for verb in ("dues.collect", "dues.export"):
        found = policies.visible_to(actor, rows, verb).filter(pk=pk).first()
        if found is not None:
            return found
    raise Http404(pk)


def hardship_for(actor: Actor, pk: int) -> Hardship:
    """One request for relief, for whoever may decide on it."""
    rows = Hardship.objects.select_related("organisation", "person")
    found = policies.visible_to(actor, rows, "dues.approve_relief").filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found


def remittance_for(actor: Actor, pk: int) -> Remittance:
    """One remittance, for whoever may accept it."""
    rows = Remittance.objects.select_related("sender", "receiver")
    found = (
        policies.visible_to(actor, rows, "dues.accept_remittance", field="receiver__path")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404(pk)
    return found


def order_for(actor: Actor, number: str) -> PayOrder:
    """One's own order."""
    found = PayOrder.objects.select_related("organisation", "person").filter(
        number=number, person_id=actor.person or 0
    )
    order = found.first()
    if order is None:
        raise Http404(number)
    return order


def review_for(actor: Actor, pk: int) -> PayOrder:
    """One order that waits for a person."""
    rows = PayOrder.objects.select_related("organisation", "person")
    found = policies.visible_to(actor, rows, "dues.resolve_order").filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found


def belonging(person: int | None) -> Membership | None:
    """Where a member pays: the present membership."""
    rows = Membership.objects.filter(person_id=person or 0, until__isnull=True, stage__in=MEMBER_STAGES)
    return rows.select_related("organisation", "person").order_by("-since").first()


def member_for(actor: Actor, pk: int, verb: str = "dues.declare_base") -> Membership:
    """A member whose base one may declare: oneself, or of one's branch."""
    found = belonging(pk)
    if found is None:
        raise Http404(pk)
    if actor.person == pk:
        return found
    if policies.may_act(actor, verb, found.organisation) is not None:
        raise Http404(pk)
    return found


def person_for(organisation: Organisation, pk: int) -> Person:
    """A member of a branch that came through its own door."""
    found = Person.objects.filter(
        pk=pk, memberships__organisation=organisation, memberships__stage__in=MEMBER_STAGES
    ).first()
    if found is None:
        raise Http404(pk)
    return found
