"""Members away: how they are reached, and that somebody reached them or tried."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.life import policies
from zhibu.life.actions import papers
from zhibu.life.actions.checks import local_day
from zhibu.life.models.mobile import Contact, ContactWay, MobileCard
from zhibu.life.queries.away import SEALED, plain_city
from zhibu.record import vault
from zhibu.record.writing import write
from zhibu.register.models import MobileSpell

LONGEST_CONTACT = 100


@transaction.atomic
def keep_card(
    actor: Actor, *, spell: MobileSpell, city: str, now: datetime, contact: str = "", keeper: int | None = None,
    abroad: bool = False, shares: bool | None = None,
) -> MobileCard:  # fmt: skip
    """Say in which city a member away is and how to reach them; whether others may find them is theirs alone to say."""
    own = actor.person is not None and actor.person == spell.person_id
    refuse_if(
        policies.may_for_own(actor, "life.keep_card")
        if own
        else policies.may_act(actor, "life.keep_card", spell.organisation),
        None if spell.until is None else Refusal("life.is_back", _("已经登记返回")),
        None
        if own or shares is None
        else Refusal(
            "life.not_yours_to_share", _("是否加入同城小组由本人决定"), remedy=_("请由本人在“我的”里选择")
        ),
    )
    card = MobileCard.objects.select_for_update().filter(spell=spell).first() or MobileCard(spell=spell)
    card.organisation, card.person = spell.organisation, spell.person
    card.city = plain_city(city)
    card.contact_sealed = vault.seal(contact.strip()[:LONGEST_CONTACT], SEALED) if contact.strip() else ""
    if not own:
        card.keeper_id, card.abroad = keeper, int(abroad)
    card.shares = int(bool(shares)) if shares is not None else card.shares
    card.kept_on = local_day(now)
    card.save()
    write(
        actor, "life.keep_card", card, organisation=spell.organisation, now=now, own=own, shares=card.shares
    )
    return card


@transaction.atomic
def record_contact(
    actor: Actor,
    *,
    spell: MobileSpell,
    way: str,
    reached: bool,
    held_on: date,
    now: datetime,
    promised: str = "",
) -> Contact:
    """Record that a member away was reached, or that somebody tried in vain; never what was said."""
    today = local_day(now)
    refuse_if(
        policies.may_act(actor, "life.record_contact", spell.organisation),
        None
        if spell.since <= held_on <= today
        else Refusal("life.contact_day", _("日期要在外出之后、今天之前"), remedy=_("请核对日期")),
    )
    row = Contact.objects.create(
        organisation=spell.organisation, person=spell.person, way=ContactWay(way), reached=int(reached),
        held_on=held_on, entered_on=today, promised=promised.strip()[:200], by_name=actor.name[:60],
    )  # fmt: skip
    write(
        actor, "life.record_contact", row, organisation=spell.organisation, now=now, way=way, reached=row.reached,
        held_on=held_on.isoformat(),
    )  # fmt: skip
    row.served = papers.when_recorded(actor, row, now) if papers.when_recorded else ""
    return row
