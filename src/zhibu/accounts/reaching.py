"""On which ways people are reached outside: their own mailbox, the group robots of their branch. Writes letters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings

from zhibu.accounts.channels import Channel, Mailbox
from zhibu.accounts.models import User
from zhibu.record.outbox import Message, post

if TYPE_CHECKING:
    from django.db import models

    from zhibu.register.models import Organisation

EMAIL = "email"


def mail_is_on() -> bool:
    """Whether this installation sends e-mail at all."""
    return bool(settings.ZHIBU_MAIL_FROM)


def channels_of(organisation: Organisation) -> list[Channel]:
    """The groups of a branch that are connected."""
    rows = Channel.objects.filter(organisation=organisation, disconnected_at__isnull=True)
    return list(rows.order_by("id"))


def without_account(people: Iterable[int]) -> set[int]:
    """Those of the people who cannot sign in, so that nothing shown on a desk reaches them."""
    keys = set(people)
    active = User.objects.filter(person__in=keys, is_active=True).values_list("person_id", flat=True)
    return keys - set(active)


def with_mailbox(people: Iterable[int]) -> list[int]:
    """Those of the people who confirmed an address; nobody when no e-mail is sent."""
    if not mail_is_on():
        return []
    rows = Mailbox.objects.filter(person__in=list(people), confirmed_at__isnull=False)
    return list(rows.order_by("person_id").values_list("person_id", flat=True))


def write_letters(
    *,
    subject: models.Model,
    organisation: Organisation,
    people: Sequence[int],
    occasion: str,
    title: str,
    body: str,
    now: datetime,
    groups: bool = True,
) -> int:
    """Write what is to be told about a row to people and, with `groups`, to the branch's groups; how many letters.

    `occasion` names what is told ("convene.3"): the same occasion is written once. Within the act's transaction.
    """
    table = subject._meta.db_table
    key = f"{table}:{subject.pk}:{occasion}"
    messages = [
        Message(f"{key}:{EMAIL}:{person}", EMAIL, person, title, body) for person in with_mailbox(people)
    ]
    if groups:
        messages += [
            Message(f"{key}:{each.kind}:{each.pk}", each.kind, each.pk, title, body)
            for each in channels_of(organisation)
        ]
    return post(messages, subject=subject, organisation=organisation, now=now)
