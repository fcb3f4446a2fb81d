"""Someone promises."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.notices.actions.checks import no_numbers
from zhibu.pledges import policies, queries
from zhibu.record.files import picture
from zhibu.record.files.scaling import PAPER_SIDE
from zhibu.record.writing import write
from zhibu.register.models import Organisation, Person
from zhibu.undertakings import actions as undertakings
from zhibu.undertakings.models import Undertaking
from zhibu.undertakings.told import Undertaken

PHOTO_BYTES = policies.PHOTO_BYTES


@transaction.atomic
def make(
    actor: Actor,
    *,
    organisation: Organisation,
    person: int,
    text: str,
    now: datetime,
    photo: tuple[str, bytes] | None = None,
) -> Undertaking:
    """Make the pledge of this year: in words, with a photograph of the handwritten sheet when there is one.

    The photograph is bared of what the camera wrote and stays within the branch; what is published later is the text.
    """
    year = timezone.localtime(now).year
    Person.objects.select_for_update().filter(pk=person).first()
    text = text.strip()
    refuse_if(
        policies.may_make(actor, organisation, person),
        _long_enough(text),
        no_numbers(text),
        _first(person, organisation, year),
    )
    bared = None if photo is None else picture(photo[1], PHOTO_BYTES, PAPER_SIDE)
    row = undertakings.undertake(
        actor, organisation=organisation, now=now,
        what=Undertaken(queries.KIND, text, person, due_on=date(year, 12, 31)),
    )  # fmt: skip
    if photo is not None and bared is not None:
        undertakings.attach(actor, undertaking=row, name=photo[0], content=bared, now=now)
    write(
        actor,
        "pledges.make",
        row,
        organisation=organisation,
        now=now,
        year=year,
        handwritten=photo is not None,
    )
    return row


def _long_enough(text: str) -> Refusal | None:
    if policies.LEAST <= len(text) <= policies.MOST_TEXT:
        return None
    return Refusal(
        "pledges.say_what", _("承诺要写 {least} 到 {most} 个字"), {"least": policies.LEAST, "most": policies.MOST_TEXT},
        remedy=_("写自己岗位上做得到、看得见的几件事"),
    )  # fmt: skip


def _first(person: int, organisation: Organisation, year: int) -> Refusal | None:
    if queries.pledge_of(person, organisation, year) is None:
        return None
    return Refusal(
        "pledges.made_already", _("{year} 年的承诺已经作过"), {"year": year},
        remedy=_("要改的，请支部先撤回原来的"),
    )  # fmt: skip
