"""Portraits for the supervision board and the cards: given by the member or with consent, and deleted when taken back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.pledges import policies, queries
from zhibu.record.attachments import attach, erase
from zhibu.record.files import PICTURES, picture
from zhibu.record.models import Attachment
from zhibu.record.writing import write
from zhibu.register.models import Organisation, Person


@transaction.atomic
def set_portrait(
    actor: Actor,
    *,
    organisation: Organisation,
    person: int,
    content: bytes,
    now: datetime,
    agreed: bool = False,
) -> Attachment:
    """Give a portrait, one's own or, with the member's consent, a member's; the one before is deleted."""
    today = timezone.localtime(now).date()
    refuse_if(
        policies.may_show(actor, policies.SET_PORTRAIT, organisation, person),
        None
        if person in {each.person for each in queries.promises(organisation, today.year, today)}
        else Refusal("pledges.not_one_of_us", _("只给本支部现在的党员放照片"), remedy=_("请从名单里选择")),
        None
        if agreed or person == actor.person
        else Refusal(
            "pledges.ask_first", _("要本人同意才能放照片"), remedy=_("问过本人，勾选“本人同意”后再交")
        ),
    )
    erase(queries.portraits(person))
    row = attach(
        actor, subject=Person(pk=person), organisation=organisation, read_verb=policies.VIEW, name="照片.jpg",
        content=picture(content, policies.PHOTO_BYTES, policies.PORTRAIT_SIDE), now=now, kinds=PICTURES,
    )  # fmt: skip
    write(actor, "pledges.set_portrait", Person(pk=person), organisation=organisation, now=now)
    return row


@transaction.atomic
def remove_portrait(actor: Actor, *, organisation: Organisation, person: int, now: datetime) -> None:
    """Take a portrait back: rows and bytes are deleted."""
    refuse_if(policies.may_show(actor, policies.REMOVE_PORTRAIT, organisation, person))
    erase(queries.portraits(person))
    write(actor, "pledges.remove_portrait", Person(pk=person), organisation=organisation, now=now)


@transaction.atomic
def forget_portraits(now: datetime) -> int:
    """Delete portraits that a branch still has of people who are its members no more. For the nightly job."""
    left = queries.left_behind()
    for person, branch in sorted(left):
        erase(queries.portraits(person).filter(organisation_id=branch.pk))
        write(None, "pledges.forget_portrait", Person(pk=person), organisation=branch, now=now)
    return len(left)
