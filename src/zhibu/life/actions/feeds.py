"""One's own calendar under a secret address: opened, renewed, shut. The address is shown once and kept nowhere."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.life import queries
from zhibu.life.planned import CalendarFeed
from zhibu.record.writing import write

BYTES = 32
"""Of chance in an address: nobody finds one by trying."""


@transaction.atomic
def open_feed(actor: Actor, *, now: datetime) -> str:
    """Open one's calendar feed, or renew it: the address before is dead from now on. Returns the secret token."""
    refuse_if(_is_somebody(actor))
    person = actor.person or 0
    token = secrets.token_urlsafe(BYTES)
    feed, made = CalendarFeed.objects.update_or_create(
        person_id=person, defaults={"digest": queries.digest_of(token), "opened_at": now}
    )
    write(actor, "life.open_feed", feed, organisation=None, now=now, renewed=not made)
    return token


@transaction.atomic
def revoke_feed(actor: Actor, *, now: datetime) -> None:
    """Shut one's calendar feed."""
    found = queries.feed_of(actor.person)
    refuse_if(
        _is_somebody(actor),
        None if found else Refusal(code="life.no_feed", message=_("没有开通日历订阅")),
    )
    if found is not None:
        write(actor, "life.revoke_feed", found, organisation=None, now=now)
        found.delete()


def _is_somebody(actor: Actor) -> Refusal | None:
    if actor.person is not None:
        return None
    return Refusal(code="life.no_person", message=_("您的账号没有关联人员，没有自己的日历"))
