"""Who said what: each remark is a row of its own, so that two may write at once and neither loses a word."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.life import policies
from zhibu.life.actions.planning import locked
from zhibu.life.models import Remark, Session
from zhibu.record.writing import write
from zhibu.register.models import Person
from zhibu.ui.doors import Stale

LONGEST = 5000


@transaction.atomic
def note_remark(
    actor: Actor, *, session: Session, text: str, now: datetime, person: int | None = None, speaker: str = "",
    item: str = "",
) -> Remark:  # fmt: skip
    """Write down what someone said, on an item or on none. `speaker`: the name of someone not on the list."""
    session = locked(session)
    name = Person.objects.filter(pk=person).values_list("name", flat=True).first() if person else None
    refuse_if(*_may(actor, "life.note_remark", session), _said(name or speaker, text))
    remark = Remark.objects.create(
        session=session, item=item[:160], person_id=person if name else None, speaker=(name or speaker.strip())[:60],
        text=text.strip()[:LONGEST], by_name=actor.name[:60], at=now,
    )  # fmt: skip
    write(actor, "life.note_remark", session, organisation=session.organisation, now=now, remark=remark.pk)
    return remark


@transaction.atomic
def amend_remark(actor: Actor, *, remark: Remark, text: str, version: int, now: datetime) -> Remark:
    """Change a remark before the minutes are closed; no text takes it away. Raises Stale with both versions."""
    session = locked(remark.session)
    refuse_if(*_may(actor, "life.amend_remark", session))
    remark = Remark.objects.select_for_update().get(pk=remark.pk)
    if remark.version != version and remark.text != text.strip():
        raise Stale(
            [(remark.speaker, remark.text, text.strip())], back=reverse("life:conduct", args=[session.pk]),
            who=remark.by_name,
        )  # fmt: skip
    gone = not text.strip()
    write(
        actor,
        "life.amend_remark",
        session,
        organisation=session.organisation,
        now=now,
        remark=remark.pk,
        gone=gone,
    )
    if gone:
        remark.delete()
        return remark
    remark.text, remark.by_name, remark.at = text.strip()[:LONGEST], actor.name[:60], now
    remark.version += 1
    remark.save()
    return remark


def _may(actor: Actor, verb: str, session: Session) -> tuple[Refusal | None, Refusal | None]:
    return policies.may_act_on(actor, verb, session), policies.must_be(session, *policies.OPEN)


def _said(name: str, text: str) -> Refusal | None:
    if name.strip() and text.strip():
        return None
    return Refusal(code="life.remark_empty", message=_("请写明谁发言、说了什么"))
