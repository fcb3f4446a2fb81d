"""A letter arrives: from anyone, without a trace of who, or from a member in the own name."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.letters import policies, queries
from zhibu.letters.actions import checks
from zhibu.letters.models import LetterKind, Missive
from zhibu.record import vault
from zhibu.record.writing import write
from zhibu.register.models import Organisation

MOST_A_DAY = 200
"""Letters taken for one organisation in one day from the portal: a flood must not bury the others."""

LONGEST_TEXT, LONGEST_NAME, LONGEST_CONTACT = 2000, 30, 60


@transaction.atomic
def receive(
    *,
    organisation: Organisation,
    kind: str,
    text: str,
    receipt: str,
    now: datetime,
    name: str = "",
    contact: str = "",
) -> Missive:
    """Take a letter from the portal. Nobody acts: whoever sent it stays unknown, and no entry tells when.

    A second submission with the same receipt gives the first letter.
    """
    place = _held(organisation)
    digest = queries.receipt_digest(receipt)
    before = Missive.objects.filter(receipt=digest).first()
    if before is not None:
        return before
    today = timezone.localtime(now).date()
    refuse_if(_from_public(kind), _said(text), _stands(place, today), _flooded(place, today))
    return _keep(place, kind, today, text=text, name=name, contact=contact, receipt=digest)


@transaction.atomic
def write_letter(
    actor: Actor, *, organisation: Organisation, kind: str, text: str, now: datetime, contact: str = ""
) -> Missive:
    """Write to an organisation in one's own name. Without a name one writes on the portal, where nobody is known."""
    place, today = _held(organisation), timezone.localtime(now).date()
    refuse_if(policies.may_write(actor), _said(text), _stands(place, today))
    letter = _keep(place, kind, today, text=text, name=actor.name, contact=contact, person=actor.person)
    write(
        actor,
        "letters.write_letter",
        letter,
        organisation=place,
        now=now,
        kind=letter.kind,
        number=letter.number,
    )
    return letter


def _held(organisation: Organisation) -> Organisation:
    """The organisation, locked so that its letters are numbered one after another."""
    return Organisation.objects.select_for_update().get(pk=organisation.pk)


def _keep(
    organisation: Organisation,
    kind: str,
    today: date,
    *,
    text: str,
    name: str,
    contact: str,
    receipt: str | None = None,
    person: int | None = None,
) -> Missive:
    name = checks.clean(name)[:LONGEST_NAME]
    contact = checks.clean(contact)[:LONGEST_CONTACT]
    last = Missive.objects.filter(organisation=organisation).aggregate(last=Max("number"))["last"] or 0
    return Missive.objects.create(
        organisation=organisation, kind=LetterKind(kind), number=last + 1, receipt=receipt, received_on=today,
        due_on=queries.due_on(kind, today), person_id=person, signed=int(bool(name)),
        text_sealed=vault.seal(checks.clean(text)[:LONGEST_TEXT], "zb_missive.text"),
        name_sealed=vault.seal(name, "zb_missive.name") if name else "",
        contact_sealed=vault.seal(contact, "zb_missive.contact") if contact else "",
    )  # fmt: skip


def _said(text: str) -> Refusal | None:
    return checks.given(text, "letters.empty", _("请写明内容"))


def _from_public(kind: str) -> Refusal | None:
    if policies.rule(kind).from_public:
        return None
    return Refusal("letters.not_public", _("这类来信不能在门户上提交"), remedy=_("请登录后提交，或当面反映"))


def _stands(organisation: Organisation, today: date) -> Refusal | None:
    if organisation.closed_on is None or organisation.closed_on > today:
        return None
    return Refusal(
        "letters.closed", _("“{name}”已经撤销"), {"name": organisation.name}, remedy=_("请向上级党组织来信")
    )


def _flooded(organisation: Organisation, today: date) -> Refusal | None:
    rows = Missive.objects.filter(organisation=organisation, received_on=today, receipt__isnull=False)
    if rows.count() < MOST_A_DAY:
        return None
    return Refusal(
        "letters.flooded", _("今天收到的来信太多，暂不能再收"), remedy=_("请明天再来，或到支部当面反映")
    )
