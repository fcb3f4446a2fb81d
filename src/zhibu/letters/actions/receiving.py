"""A letter arrives: from anyone, without a trace of who, or from a member in the own name."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.norms.letters import Handling
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.letters import policies, queries
from zhibu.letters.actions import checks
from zhibu.letters.models import LetterKind, LetterState, Missive, Proposal
from zhibu.record import vault
from zhibu.record.past import instant, milliseconds
from zhibu.record.writing import write
from zhibu.register.models import BRANCH_KINDS, Organisation

MOST_A_DAY = 200
"""Letters of a kind taken at one door in one day from the portal: a flood must not bury the others."""

BLURRED_DAYS = 3
TABLE = Missive._meta.db_table
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
    at_door, place = organisation, _addressee(organisation, kind)
    digest = queries.receipt_digest(receipt)
    before = Missive.objects.filter(receipt=digest).first()
    if before is not None:
        return before
    today = timezone.localtime(now).date()
    refuse_if(_from_public(kind), _said(text), _stands(place, today), _flooded(at_door, kind, today))
    return _keep(place, kind, now, text=text, name=name, contact=contact, receipt=digest, at_door=at_door)


def blur(now: datetime) -> None:
    """Write the letters of the last days anew, all at once: their row versions tell no longer after which act each came.

    For the nightly job. Nothing of them changes, and nothing is recorded.
    """
    since = timezone.localtime(now).date() - timedelta(days=BLURRED_DAYS)
    Missive.objects.filter(receipt__isnull=False, received_on__gte=since).update(receipt=F("receipt"))


@transaction.atomic
def enter_letter(
    actor: Actor, *, organisation: Organisation, kind: str, text: str, now: datetime, name: str = ""
) -> Missive:
    """Enter what came on paper or was said. Not a complaint: that goes past the branch."""
    place, today = _held(organisation), timezone.localtime(now).date()
    refuse_if(
        policies.may_act(actor, "letters.enter_letter", place),
        None
        if policies.rule(kind).handling is Handling.OPENLY
        else Refusal(
            "letters.past_the_branch", _("反映的问题不经支部登记"), remedy=_("请来信人在门户上提交，或直接找上级纪检委员")
        ),
        _said(text), _stands(place, today),
    )  # fmt: skip
    letter = _keep(place, kind, now, text=text, name=name, contact="")
    write(actor, "letters.enter_letter", letter, organisation=place, now=now, kind=kind, number=letter.number)
    return letter


@transaction.atomic
def forward_letter(actor: Actor, *, letter: Missive, to: Organisation, reason: str, now: datetime) -> Missive:
    """Hand a letter to the organisation that can deal with it. The term runs on; whoever had it sees who has it now."""
    rows = Missive.objects.select_for_update(of=("self",)).select_related("organisation")
    letter, place, today = rows.get(pk=letter.pk), _held(to), timezone.localtime(now).date()
    giver = letter.organisation
    refuse_if(
        policies.may_act(actor, "letters.forward_letter", giver),
        _forwardable(letter, place),
        _stands(place, today),
        checks.given(reason, "letters.reason_needed", _("转办要写明原因")),
        checks.no_numbers(reason),
    )
    letter.origin = letter.origin or giver
    letter.organisation, letter.held_since, letter.number = place, today, _next_number(place)
    letter.known_at = checks.known_anew(letter, now)
    letter.save()
    proposal = Proposal.objects.filter(missive=letter).first()
    if proposal is not None:
        proposal.organisation, proposal.known_at = place, instant(now)
        proposal.save()
    write(
        actor, "letters.forward_letter", letter, organisation=giver, now=now, kind=letter.kind,
        to=place.name, reason=checks.clean(reason)[:200],
    )  # fmt: skip
    return letter


def _forwardable(letter: Missive, place: Organisation) -> Refusal | None:
    if policies.rule(letter.kind).handling is not Handling.OPENLY:
        return Refusal("letters.other_handling", _("这类来信由别的人受理"))
    if letter.state != LetterState.RECEIVED:
        return Refusal("letters.answered", _("这件来信已经答复"))
    if not policies.in_line(letter.organisation, place):
        return Refusal("letters.no_such_place", _("不能转给“{name}”"), {"name": place.name}, remedy=_("请从名单里选择"))  # fmt: skip
    return None


def _addressee(organisation: Organisation, kind: str) -> Organisation:
    """Where a letter handed in at a door goes: what is about the branch goes past it."""
    if policies.rule(kind).to_superior and organisation.kind in BRANCH_KINDS and organisation.parent_id:
        return _held(Organisation.objects.get(pk=organisation.parent_id))
    return _held(organisation)


@transaction.atomic
def write_letter(
    actor: Actor, *, organisation: Organisation, kind: str, text: str, now: datetime, contact: str = ""
) -> Missive:
    """Write to an organisation in one's own name. Without a name one writes on the portal, where nobody is known."""
    place, today = _addressee(organisation, kind), timezone.localtime(now).date()
    refuse_if(policies.may_write(actor), _said(text), _stands(place, today))
    letter = _keep(
        place,
        kind,
        now,
        text=text,
        name=actor.name,
        contact=contact,
        person=actor.person,
        at_door=organisation,
    )
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
    now: datetime,
    *,
    text: str,
    name: str,
    contact: str,
    receipt: str | None = None,
    person: int | None = None,
    at_door: Organisation | None = None,
) -> Missive:
    name = checks.clean(name)[:LONGEST_NAME]
    contact = checks.clean(contact)[:LONGEST_CONTACT]
    elsewhere = at_door is not None and at_door.pk != organisation.pk
    today = timezone.localtime(now).date()
    return Missive.objects.create(
        organisation=organisation, kind=LetterKind(kind), number=_next_number(organisation), receipt=receipt,
        received_on=today, origin=at_door if elsewhere else None, held_since=today if elsewhere else None,
        due_on=queries.due_on(kind, today), person_id=person, signed=int(bool(name)),
        text_sealed=vault.seal(checks.clean(text)[:LONGEST_TEXT], "zb_missive.text"),
        name_sealed=vault.seal(name, "zb_missive.name") if name else "",
        contact_sealed=vault.seal(contact, "zb_missive.contact") if contact else "",
        known_at=_end_of(today, now),
    )  # fmt: skip


def _end_of(today: date, now: datetime) -> int:
    """From when a letter is evidence: the end of its day, so that no instant of its arrival is kept."""
    midnight = timezone.make_aware(datetime.combine(today + timedelta(days=1), time.min))
    return max(milliseconds(midnight), instant(now))


def _next_number(organisation: Organisation) -> int:
    return (Missive.objects.filter(organisation=organisation).aggregate(last=Max("number"))["last"] or 0) + 1


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


def _flooded(at_door: Organisation, kind: str, today: date) -> Refusal | None:
    """Counted by kind and door: whoever pours out suggestions shuts nobody's way to complain, nor another branch's."""
    rows = Missive.objects.filter(kind=kind, received_on=today, receipt__isnull=False)
    rows = rows.filter(Q(origin=at_door) | Q(origin=None, organisation=at_door))
    if rows.count() < MOST_A_DAY:
        return None
    return Refusal(
        "letters.flooded", _("今天收到的来信太多，暂不能再收"), remedy=_("请明天再来，或到支部当面反映")
    )
