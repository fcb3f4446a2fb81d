"""Handing up along the tree, keeping a share, using what was kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.calendar import Month
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.dues import policies
from zhibu.dues.actions.books import Move, Slip, locked, post, today_of
from zhibu.dues.models import (
    Channel,
    DuesBook,
    Fund,
    FundUse,
    Purpose,
    Remittance,
    RemittanceState,
    Voucher,
    VoucherKind,
)
from zhibu.dues.queries import balances, passing
from zhibu.record.writing import write
from zhibu.register.models import Organisation
from zhibu.ui.formats import fen as yuan

FUND_OF = {Channel.CASH: Fund.CASH, Channel.TRANSFER: Fund.BANK, Channel.PLATFORM: Fund.BANK}


@transaction.atomic
def remit(
    actor: Actor,
    *,
    organisation: Organisation,
    until: Month,
    fen: int,
    kept_fen: int,
    sent_on: date,
    now: datetime,
    channel: str = Channel.CASH,
) -> Remittance:
    """Hand money up to the superior, keeping a share; it is under way until the superior accepts it."""
    superior, today = organisation.parent, today_of(now)
    refuse_if(
        policies.may_act(actor, "dues.remit", organisation),
        None
        if superior is not None
        else Refusal(
            "dues.no_superior", _("没有上级党组织"), remedy=_("向系统外上缴的，登记为使用或另行处理")
        ),
        policies.day_sane(sent_on, today),
        None if fen > 0 and kept_fen >= 0 else Refusal("dues.nothing_paid", _("没有可登记的金额")),
    )
    assert superior is not None  # noqa: S101 - refused above
    book = locked(organisation)
    offer = passing.offered(organisation, today)
    refuse_if(_covered(book, fen, kept_fen, channel))
    if kept_fen:
        keep = Slip(VoucherKind.RETAIN, sent_on, now, memo=_("留存"))
        post(actor, book, keep, [Move(Fund.SET_ASIDE, Fund.RETAINED, kept_fen)])
    fund = FUND_OF[Channel(channel)]
    voucher = post(
        actor, book, Slip(VoucherKind.SEND, sent_on, now, channel), [Move(Fund.IN_TRANSIT, fund, fen)]
    )
    made = Remittance.objects.create(
        sender=organisation, receiver=superior, until_on=until.first, fen=fen, kept_fen=kept_fen,
        extra_fen=min(offer.centre_fen, fen), channel=channel, sent_on=sent_on, sent_by=actor.name,
        sent_voucher=voucher,
    )  # fmt: skip
    write(
        actor, "dues.remit", made, organisation=organisation, now=now, fen=fen, kept_fen=kept_fen, until=until.code,
        proposed_fen=offer.split.up_fen, to=superior.code,
    )  # fmt: skip
    return made


def _covered(book: DuesBook, fen: int, kept_fen: int, channel: str) -> Refusal | None:
    standing = balances.standing(balances.funds([book.organisation_id]).get(book.organisation_id))
    fund = FUND_OF[Channel(channel)]
    there = standing.cash_fen if fund == Fund.CASH else standing.bank_fen
    if fen > there:
        return Refusal(
            "dues.not_in_hand",
            _("账上只有 {there} 元"),
            {"there": yuan(there)},
            remedy=_("核对金额和交款方式"),
        )
    if fen + kept_fen > standing.to_hand_up_fen:
        return Refusal(
            "dues.over_received", _("上缴和留存合计超过未上缴的 {there} 元"),
            {"there": yuan(standing.to_hand_up_fen)}, remedy=_("核对留存金额"),
        )  # fmt: skip
    return None


@transaction.atomic
def accept_remittance(
    actor: Actor, *, remittance: Remittance, accepted_on: date, now: datetime
) -> Remittance:
    """The superior has counted what was sent; both books are posted and both sides have their receipt."""
    remittance = (
        Remittance.objects.select_for_update(of=("self",))
        .select_related("sender", "receiver")
        .get(pk=remittance.pk)
    )
    refuse_if(
        policies.may_act(actor, "dues.accept_remittance", remittance.receiver),
        policies.day_sane(accepted_on, today_of(now)),
        None
        if accepted_on >= remittance.sent_on
        else Refusal("dues.before_sent", _("签收日期早于上缴日期"), remedy=_("核对日期")),
        None if remittance.state == RemittanceState.SENT else Refusal("dues.accepted_already", _("已经签收")),
    )
    # in the order of keys, as every act that locks two books: two committees never wait for each other
    books = {
        each.pk: locked(each) for each in sorted((remittance.sender, remittance.receiver), key=lambda o: o.pk)
    }
    slip = Slip(VoucherKind.ACCEPT, accepted_on, now, remittance.channel)
    post(actor, books[remittance.sender_id], slip, [Move(Fund.REMITTED, Fund.IN_TRANSIT, remittance.fen)])
    fund = FUND_OF[Channel(remittance.channel)]
    remittance.accepted_voucher = post(
        actor, books[remittance.receiver_id], slip, [Move(fund, Fund.FROM_BELOW, remittance.fen)]
    )
    remittance.state, remittance.accepted_on, remittance.accepted_by = (
        RemittanceState.ACCEPTED, accepted_on, actor.name,
    )  # fmt: skip
    remittance.save()
    write(
        actor, "dues.accept_remittance", remittance, organisation=remittance.receiver, now=now, fen=remittance.fen,
        sender=remittance.sender.code,
    )  # fmt: skip
    return remittance


# -------------------------------------------------------------------------------------------- income and use
@transaction.atomic
def record_income(
    actor: Actor,
    *,
    organisation: Organisation,
    kind: str,
    fen: int,
    came_on: date,
    now: datetime,
    memo: str = "",
) -> Voucher:
    """Record money allocated by a superior, or interest, which is dues too."""
    refuse_if(
        policies.may_act(actor, "dues.record_income", organisation),
        policies.day_sane(came_on, today_of(now)),
        None
        if fen > 0 and kind in (Fund.ALLOCATED, Fund.INTEREST)
        else Refusal("dues.nothing_paid", _("没有可登记的金额")),
    )
    slip = Slip(VoucherKind.INCOME, came_on, now, Channel.TRANSFER, memo)
    made = post(actor, locked(organisation), slip, [Move(Fund.BANK, kind, fen)])
    write(actor, "dues.record_income", made, organisation=organisation, now=now, kind=kind, fen=fen)
    return made


@dataclass(frozen=True, slots=True)
class Use:
    """What money was used for, and who decided it."""

    purpose: str
    fen: int
    used_on: date
    what: str
    decided_on: date
    decided_by: str
    present_count: int
    channel: str = Channel.CASH
    paper_sha256: str = ""


@transaction.atomic
def use_funds(actor: Actor, *, organisation: Organisation, use: Use, now: datetime) -> FundUse:
    """Record a use of kept dues: one of the five purposes, decided collectively beforehand (arts. 19, 20)."""
    today = today_of(now)
    refuse_if(
        policies.may_act(actor, "dues.use_funds", organisation),
        policies.day_sane(use.used_on, today),
        *_lawful(use),
    )
    book = locked(organisation)
    refuse_if(_affordable(book, use))
    slip = Slip(VoucherKind.USE, use.used_on, now, use.channel, use.what)
    voucher = post(actor, book, slip, [Move(Fund.USED, FUND_OF[Channel(use.channel)], use.fen)])
    made = FundUse.objects.create(
        organisation=organisation, purpose=Purpose(use.purpose), fen=use.fen, used_on=use.used_on,
        what=use.what.strip()[:200], decided_on=use.decided_on, decided_by=use.decided_by.strip()[:120],
        present_count=use.present_count, paper_sha256=use.paper_sha256, voucher=voucher,
    )  # fmt: skip
    write(
        actor, "dues.use_funds", made, organisation=organisation, now=now, purpose=use.purpose, fen=use.fen,
        decided_on=use.decided_on.isoformat(), decided_by=use.decided_by.strip(), present=use.present_count,
    )  # fmt: skip
    return made


def _lawful(use: Use) -> list[Refusal]:
    found = []
    if use.fen <= 0 or not use.what.strip():
        found.append(Refusal("dues.nothing_paid", _("没有写明金额或用途")))
    if use.decided_on > use.used_on:
        found.append(
            Refusal(
                "dues.decided_after", _("集体决定的日期晚于使用日期"), source="dues-2008", article="20",
                remedy=_("使用党费要先集体讨论决定"),
            )
        )  # fmt: skip
    if use.present_count < 2 or not use.decided_by.strip():
        found.append(
            Refusal(
                "dues.not_collective", _("使用党费要集体讨论决定，不能由个人或少数人说了算"), source="dues-2008",
                article="20", remedy=_("写明作出决定的会议和参加人数"),
            )
        )  # fmt: skip
    return found


def _affordable(book: DuesBook, use: Use) -> Refusal | None:
    standing = balances.standing(balances.funds([book.organisation_id]).get(book.organisation_id))
    there = standing.cash_fen if FUND_OF[Channel(use.channel)] == Fund.CASH else standing.bank_fen
    if use.fen > standing.to_use_fen:
        return Refusal(
            "dues.over_retained", _("可使用的只有 {there} 元"), {"there": yuan(max(0, standing.to_use_fen))},
            remedy=_("先留存或由上级下拨"),
        )  # fmt: skip
    if use.fen > there:
        return Refusal(
            "dues.not_in_hand", _("账上只有 {there} 元"), {"there": yuan(there)}, remedy=_("核对付款方式")
        )
    return None
