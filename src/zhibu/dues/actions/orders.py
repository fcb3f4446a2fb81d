"""Orders of the payment door: begun by the member, settled by the platform's word, once."""

from __future__ import annotations

import secrets as randomness
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor, reaches
from zhibu.core.calendar import Month
from zhibu.core.refusal import Refusal, Refused, refuse_if
from zhibu.dues import policies
from zhibu.dues.actions.books import Move, Slip, locked, open_day, post, today_of
from zhibu.dues.actions.payments import Part, take
from zhibu.dues.models import Channel, Fund, OrderState, PayOrder, VoucherKind
from zhibu.dues.platforms import Asked, Platform, Told
from zhibu.dues.queries import balances
from zhibu.record.writing import write
from zhibu.register.models import Organisation, Person
from zhibu.ui.formats import fen as yuan


@transaction.atomic
def create_order(
    actor: Actor,
    *,
    organisation: Organisation,
    person: Person,
    months: Sequence[Month],
    door: Platform,
    now: datetime,
) -> tuple[PayOrder, str]:
    """Begin to pay what is owed for some months; the order and the address to go to."""
    refuse_if(policies.may_act_for(actor, "dues.create_order", person.pk, organisation))
    owed = balances.of_people([person.pk], months, organisation.pk)
    parts: list[tuple[str, int]] = [
        (month.code, owed[person.pk, month.first].open_fen)
        for month in sorted(set(months))
        if owed.get((person.pk, month.first), balances.NOTHING).open_fen > 0
    ]
    refuse_if(
        None if parts else Refusal("dues.nothing_owed", _("没有要交的党费"), remedy=_("请刷新页面查看"))
    )
    fen = sum(part[1] for part in parts)
    order = PayOrder.objects.create(
        number=f"{now:%Y%m%d}{randomness.token_hex(8)}", door=door.name, person=person, organisation=organisation,
        fen=fen, months=parts, created_at=now,
    )  # fmt: skip
    address = door.create(Asked(order.number, fen, f"{organisation.name} {_('党费')}", now))
    write(
        actor, "dues.create_order", order, organisation=organisation, now=now, fen=fen, door=door.name,
        months=[part[0] for part in parts],
    )  # fmt: skip
    return order, address


@transaction.atomic
def settle_order(actor: Actor | None, *, door: Platform, told: Told, now: datetime) -> PayOrder | None:
    """Book what the platform says was paid, once, however often it says so. None: no such order.

    Money that does not fit (another amount, or the months were paid meanwhile) is never lost: the order waits for a
    person, with the platform's number.
    """
    order = (
        PayOrder.objects.select_for_update(of=("self",))
        .select_related("organisation", "person")
        .filter(number=told.number, door=door.name)
        .first()
    )
    if order is None:
        return None
    PayOrder.objects.filter(pk=order.pk).update(callbacks=order.callbacks + 1)
    if order.state in (OrderState.PAID, OrderState.REVIEW) or (
        not told.paid and order.state == OrderState.REFUSED
    ):
        return order
    order.platform_number, order.callbacks = told.platform_number, order.callbacks + 1
    order.told_fen = told.fen
    if not told.paid:
        order.state = OrderState.REFUSED
    else:
        order.paid_at = told.paid_at
        _book(actor, order, told, now)
    order.save()
    write(
        actor, "dues.settle_order", order, organisation=order.organisation, now=now, state=order.state, fen=told.fen,
        platform_number=told.platform_number,
    )  # fmt: skip
    return order


def _book(actor: Actor | None, order: PayOrder, told: Told, now: datetime) -> None:
    order.state = OrderState.REVIEW
    if told.fen != order.fen:
        return
    today = today_of(now)
    day = open_day(locked(order.organisation), min(today_of(told.paid_at), today), today)
    slip = Slip(
        VoucherKind.PAYMENT, day, now, Channel.PLATFORM, told.platform_number, f"order:{order.number}"
    )
    parts = [Part(order.person_id, Month.parse(code), fen) for code, fen in order.months]
    try:
        with transaction.atomic():
            order.voucher = take(actor, order.organisation, parts, slip, today)
    except Refused:
        return
    order.state = OrderState.PAID


@transaction.atomic
def resolve_order(actor: Actor, *, order: PayOrder, fen: int, now: datetime) -> PayOrder:
    """Settle an order that did not fit: the collector has seen the money, and books it as a voluntary payment.

    Whatever of it is to go back is reversed from there, so that the way of the money stays to be read.
    """
    order = PayOrder.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=order.pk)
    refuse_if(
        policies.may_act(actor, "dues.resolve_order", order.organisation),
        None
        if order.state == OrderState.REVIEW
        else Refusal("dues.not_in_review", _("这笔订单不在待核对之列")),
        None if fen > 0 else Refusal("dues.nothing_paid", _("没有可登记的金额")),
        _as_told(order, fen),
    )
    slip = Slip(
        VoucherKind.EXTRA, today_of(now), now, Channel.PLATFORM, order.platform_number, f"order:{order.number}"
    )  # fmt: skip
    move = Move(Fund.BANK, Fund.EXTRA, fen, order.person_id)
    order.voucher, order.state = post(actor, locked(order.organisation), slip, [move]), OrderState.PAID
    order.save()
    write(actor, "dues.resolve_order", order, organisation=order.organisation, now=now, fen=fen)
    return order


def _as_told(order: PayOrder, fen: int) -> Refusal | None:
    """A person looks at the money, but what it came to is the platform's word."""
    if order.told_fen is None or fen == order.told_fen:
        return None
    return Refusal(
        "dues.not_as_told", _("平台报告到账 {told} 元"), {"told": yuan(order.told_fen)},
        remedy=_("按平台到账的金额登记；金额有疑问的，先向平台核实"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a day's statement of a platform came to."""

    lines: int
    settled: int
    waiting: tuple[str, ...]
    unknown: tuple[str, ...]
    not_told: tuple[str, ...]
    differing: tuple[str, ...] = ()
    """Booked, but the platform now tells another amount."""


def reconcile(actor: Actor, *, door: Platform, day: date, now: datetime) -> Reconciled:
    """Hold a platform's statement of a day against our orders; what a lost callback left open is settled by it."""
    refuse_if(
        None
        if reaches(actor, "dues.reconcile")
        else Refusal("dues.no_mandate", _("您的职务不能对账"), who=_("党费收缴人"))
    )
    told = door.statement(day)
    before = dict(
        PayOrder.objects.filter(number__in=[each.number for each in told]).values_list("number", "state")
    )
    after = {each.number: settle_order(actor, door=door, told=each, now=now) for each in told}
    ours = PayOrder.objects.filter(door=door.name, state=OrderState.PAID, paid_at__date=day)
    known = {number: order for number, order in after.items() if order}
    found = Reconciled(
        len(told),
        sum(
            1
            for number, order in known.items()
            if order.state == OrderState.PAID and before[number] != "paid"
        ),
        tuple(sorted(number for number, order in known.items() if order.state == OrderState.REVIEW)),
        tuple(sorted(set(after) - set(known))),
        tuple(sorted(set(ours.values_list("number", flat=True)) - {each.number for each in told})),
        tuple(
            sorted(
                each.number
                for each in told
                if each.number in known and known[each.number].told_fen not in (None, each.fen)
            )
        ),
    )
    with transaction.atomic():
        write(
            actor, "dues.reconcile", None, organisation=None, now=now, day=day.isoformat(), door=door.name,
            lines=found.lines, settled=found.settled, waiting=len(found.waiting), unknown=len(found.unknown),
            not_told=len(found.not_told), differing=len(found.differing),
        )  # fmt: skip
    return found
