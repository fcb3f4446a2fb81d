"""Money that comes from members, and its reversal."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.calendar import Month
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.dues import policies
from zhibu.dues.actions.books import Move, Slip, locked, open_day, post, today_of
from zhibu.dues.actions.charging import raised
from zhibu.dues.models import Arrangement, Channel, DuesBook, DuesPosting, Fund, Voucher, VoucherKind
from zhibu.dues.queries import balances, charging
from zhibu.dues.queries.balances import Part
from zhibu.record.writing import write
from zhibu.register.models import Organisation
from zhibu.ui.formats import fen as yuan

FUND_OF = {Channel.CASH: Fund.CASH, Channel.TRANSFER: Fund.BANK, Channel.PLATFORM: Fund.BANK}
AHEAD = 12
"""Months that may be paid ahead, with the branch's consent."""


@transaction.atomic
def collect(
    actor: Actor,
    *,
    organisation: Organisation,
    month: Month,
    people: Collection[int],
    paid_on: date,
    now: datetime,
    channel: str = Channel.CASH,
) -> Voucher | None:
    """Record a branch's month at once: raise what is due, and take what these members owe for it. None: no money."""
    today = today_of(now)
    refuse_if(
        policies.may_act(actor, "dues.collect", organisation),
        policies.is_branch(organisation),
        policies.month_exists(organisation, month, today),
        policies.day_sane(paid_on, today),
    )
    book = locked(organisation)
    plan = charging.plan([organisation.pk], month, today)
    unknown = sorted(each.name for each in plan if each.fen is None and each.person in people)
    refuse_if(_unknown_amounts(unknown))
    raised(actor, book, plan, month, posted_on=_book_day(book, month, paid_on, today), now=now)
    open_ = balances.of_branch(organisation.pk, month.first, month.last)
    parts = [
        Part(person, month, balance.open_fen)
        for (person, _month), balance in sorted(open_.items())
        if person in people and balance.open_fen > 0
    ]
    made = (
        _taken(actor, book, parts, open_, Slip(VoucherKind.PAYMENT, paid_on, now, channel)) if parts else None
    )
    write(
        actor, "dues.collect", made, organisation=organisation, now=now, month=month.code, members=len(parts),
        fen=made.total_fen if made else 0, paid_on=paid_on.isoformat(), channel=channel,
    )  # fmt: skip
    return made


@transaction.atomic
def record_payment(
    actor: Actor,
    *,
    organisation: Organisation,
    parts: Sequence[Part],
    paid_on: date,
    now: datetime,
    channel: str = Channel.CASH,
    memo: str = "",
    reference: str | None = None,
) -> Voucher:
    """Record what one or several members paid for one or several months; months ahead need the branch's consent."""
    today = today_of(now)
    refuse_if(
        policies.may_act(actor, "dues.record_payment", organisation),
        policies.day_sane(paid_on, today),
        *(policies.month_exists(organisation, each, today, AHEAD) for each in {part.month for part in parts}),
    )
    made = take(
        actor, organisation, parts, Slip(VoucherKind.PAYMENT, paid_on, now, channel, memo, reference), today
    )
    write(
        actor, "dues.record_payment", made, organisation=organisation, now=now, fen=made.total_fen,
        members=len({each.person for each in parts}), months=sorted({each.month.code for each in parts}),
        channel=channel, paid_on=paid_on.isoformat(),
    )  # fmt: skip
    return made


def take(
    actor: Actor | None, organisation: Organisation, parts: Sequence[Part], slip: Slip, today: date
) -> Voucher:
    """Post a payment, raising first what of it is not charged yet. Refuses more than is owed."""
    book = locked(organisation)
    refuse_if(
        policies.month_open(book, slip.posted_on), _positive(parts), *_consented(organisation, parts, today)
    )
    people = {each.person for each in parts}
    for month in sorted({each.month for each in parts}):
        plan = charging.plan([organisation.pk], month, today, people)
        raised(actor, book, plan, month, posted_on=slip.posted_on, now=slip.now, whole=False)
    # as charged here: what another branch charged is owed to that branch's book
    open_ = balances.of_people(people, {each.month for each in parts}, organisation.pk)
    refuse_if(*_not_over(parts, open_))
    return _taken(actor, book, parts, open_, slip)


def _taken(
    actor: Actor | None,
    book: DuesBook,
    parts: Iterable[Part],
    open_: Mapping[balances.Key, balances.Balance],
    slip: Slip,
) -> Voucher:
    fund = FUND_OF[Channel(slip.channel)]
    moves = [
        Move(
            fund, Fund.RECEIVABLE, each.fen, each.person, each.month,
            settles=int(open_[each.person, each.month.first].open_fen == each.fen),
        )
        for each in parts
    ]  # fmt: skip
    return post(actor, book, slip, moves)


def _book_day(book: DuesBook, month: Month, paid_on: date, today: date) -> date:
    """Charges are booked in their own month while that is open, else on the day of the money, else now."""
    return open_day(book, min(month.last, today), open_day(book, paid_on, today))


def _positive(parts: Sequence[Part]) -> Refusal | None:
    if (
        parts
        and all(each.fen > 0 for each in parts)
        and len({(p.person, p.month) for p in parts}) == len(parts)
    ):
        return None
    return Refusal("dues.nothing_paid", _("没有可登记的金额"), remedy=_("每名党员每个月写一个大于零的金额"))


def _unknown_amounts(names: Sequence[str]) -> Refusal | None:
    if not names:
        return None
    return Refusal(
        "dues.base_unknown", _("还不知道这些党员应交多少：{names}"), {"names": "、".join(names[:10])},
        remedy=_("先登记并确认基数，或不勾选他们"),
    )  # fmt: skip


def _consented(organisation: Organisation, parts: Sequence[Part], today: date) -> list[Refusal]:
    """Months after this one: only for whom the branch consented to paying by the quarter (art. 12)."""
    this = Month.of(today)
    ahead = {each.person for each in parts if each.month > this}
    if not ahead:
        return []
    agreed = set(
        Arrangement.objects.filter(
            Q(until_on__isnull=True) | Q(until_on__gt=today), organisation=organisation, person_id__in=ahead,
            kind="quarterly", since_on__lte=today,
        ).values_list("person_id", flat=True)
    )  # fmt: skip
    if ahead <= agreed:
        return []
    return [
        Refusal(
            "dues.no_consent", _("预交以后月份的党费要经党支部同意"), source="dues-2008", article="12",
            remedy=_("先登记党支部同意按季交纳"),
        )
    ]  # fmt: skip


def _not_over(parts: Sequence[Part], open_: Mapping[balances.Key, balances.Balance]) -> Iterable[Refusal]:
    for each in parts:
        owed = open_.get((each.person, each.month.first), balances.NOTHING).open_fen
        if each.fen > owed:
            yield Refusal(
                "dues.over_paid", _("{month} 只应再交 {owed} 元"), {"month": each.month.code, "owed": yuan(owed)},
                remedy=_("多交的部分登记为自愿多交"),
            )  # fmt: skip


@transaction.atomic
def record_extra(
    actor: Actor,
    *,
    organisation: Organisation,
    person: int,
    fen: int,
    paid_on: date,
    now: datetime,
    channel: str = Channel.CASH,
) -> Voucher:
    """Record a voluntary payment beyond what is due; from 1,000 yuan at once it goes whole to the Centre."""
    today = today_of(now)
    refuse_if(
        policies.may_act(actor, "dues.record_extra", organisation),
        policies.is_branch(organisation),
        policies.day_sane(paid_on, today),
        None if fen > 0 else Refusal("dues.nothing_paid", _("没有可登记的金额")),
    )
    slip = Slip(VoucherKind.EXTRA, paid_on, now, channel)
    made = post(actor, locked(organisation), slip, [Move(FUND_OF[Channel(channel)], Fund.EXTRA, fen, person)])
    write(actor, "dues.record_extra", made, organisation=organisation, now=now, fen=fen, person=person)
    return made


@transaction.atomic
def reverse(
    actor: Actor, *, organisation: Organisation, postings: Collection[int], reason: str, now: datetime
) -> Voucher:
    """Take postings of a book back: a refund, or a mistake. They stay, with their opposite beside them."""
    refuse_if(
        policies.may_act(actor, "dues.reverse", organisation),
        None
        if reason.strip()
        else Refusal("dues.reason_needed", _("冲销要写明原因"), remedy=_("如“重复登记”")),
    )
    book = locked(organisation)
    found = list(
        DuesPosting.objects.filter(organisation=organisation, pk__in=postings)
        .select_related("voucher")
        .order_by("pk")
    )
    refuse_if(_reversible(found, postings))
    refuse_if(_still_there(book, found))
    slip = Slip(VoucherKind.REVERSAL, today_of(now), now, found[0].voucher.channel, reason.strip())
    made = post(actor, book, slip, reversal_moves(found))
    write(
        actor, "dues.reverse", made, organisation=organisation, now=now, fen=made.total_fen, reason=reason.strip(),
        vouchers=sorted({each.voucher.number for each in found}),
    )  # fmt: skip
    return made


KINDS_REVERSED = frozenset({VoucherKind.PAYMENT, VoucherKind.EXTRA, VoucherKind.USE, VoucherKind.INCOME})


def _reversible(found: Sequence[DuesPosting], asked: Collection[int]) -> Refusal | None:
    if not found or len(found) != len(set(asked)):
        return Refusal("dues.not_found", _("没有这些分录"), remedy=_("请刷新页面后再试"))
    if any(each.voucher.kind not in KINDS_REVERSED for each in found):
        return Refusal(
            "dues.not_reversible", _("只能冲销交纳、自愿多交、使用和其他收入"),
            remedy=_("应交数用“更正应交”；已上缴的由上级退回"),
        )  # fmt: skip
    if DuesPosting.objects.filter(reverses__in=found).exists():
        return Refusal("dues.reversed_already", _("已经冲销过"), remedy=_("同一笔不能冲销两次"))
    return None


def _still_there(book: DuesBook, found: Sequence[DuesPosting]) -> Refusal | None:
    """Money that was handed up, kept or used meanwhile cannot be given back from this book."""
    funds = dict(balances.funds([book.organisation_id]).get(book.organisation_id, {}))
    for each in found:
        funds[each.credit] = funds.get(each.credit, 0) + each.fen
        funds[each.debit] = funds.get(each.debit, 0) - each.fen
    after = balances.standing(funds)
    if min(after.cash_fen, after.bank_fen, after.to_use_fen, after.to_hand_up_fen) >= 0:
        return None
    return Refusal(
        "dues.gone_already", _("这笔钱已经上缴、留存或使用，账上不够冲销"),
        remedy=_("收到以后月份的党费后再冲销，从下次上缴中抵扣"),
    )  # fmt: skip


def reversal_moves(found: Sequence[DuesPosting]) -> list[Move]:
    """The exact opposites, of postings of one book."""
    months = {(each.person_id, each.month_on) for each in found if each.person_id and each.month_on}
    known = balances.of_people(
        {person for person, _month in months if person}, {Month.of(month) for _person, month in months if month},
        found[0].organisation_id,
    )  # fmt: skip
    return [_opposite(each, known) for each in found]


def _opposite(each: DuesPosting, known: dict[balances.Key, balances.Balance]) -> Move:
    """One opposite; `known` is carried on, so that two reversals of one month unsettle it once."""
    if each.person_id is None or each.month_on is None:
        return Move(each.credit, each.debit, each.fen, each.person_id, reverses=each)
    key = (each.person_id, each.month_on)
    before = known[key]
    paid = each.credit == Fund.RECEIVABLE
    known[key] = before.after(charged_fen=0 if paid else -each.fen, paid_fen=-each.fen if paid else 0)
    return Move(
        each.credit, each.debit, each.fen, each.person_id, Month.of(each.month_on), each.turn,
        settles=known[key].settled - before.settled, reverses=each,
    )  # fmt: skip


def charge_postings(organisation: Organisation, person: int, month: Month) -> list[DuesPosting]:
    """The charges of a member's month that stand."""
    rows = DuesPosting.objects.filter(
        balances.CHARGED,
        organisation=organisation,
        person_id=person,
        month_on=month.first,
        reversed_by__isnull=True,
    )
    return list(rows.select_related("voucher").order_by("pk"))
