"""The branch confirms what its members promise, and puts it up; or takes it down again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.notices import actions as notices
from zhibu.notices.models import Notice, NoticeKind
from zhibu.notices.told import Purpose
from zhibu.pledges import policies, queries
from zhibu.record.writing import write
from zhibu.register.models import Organisation
from zhibu.ui.language import chinese
from zhibu.undertakings import actions as undertakings
from zhibu.undertakings.models import Undertaking


@transaction.atomic
def publish(
    actor: Actor, *, organisation: Organisation, pledges: Sequence[int], now: datetime
) -> list[Notice]:
    """Confirm pledges and put them on the public board until the end of their year: all of them, or none."""
    today = timezone.localtime(now).date()
    rows = list(
        Undertaking.objects.select_for_update(of=("self",))
        .select_related("owner")
        .filter(pk__in=list(pledges), organisation=organisation, kind=queries.KIND)
        .order_by("id")
    )
    with chinese():
        # the posts, too: what hangs on the board is Chinese, whoever puts it up
        found = {each.pledge: each for each in queries.promises(organisation, today.year, today)}
    refuse_if(
        policies.may_act(actor, policies.PUBLISH, organisation),
        None
        if rows and len(rows) == len(set(pledges))
        else Refusal("pledges.nothing_chosen", _("没有选要公示的承诺"), remedy=_("请勾选要公示的承诺")),
        *(policies.not_own(actor, row.owner_id) for row in rows),
        *(_waits(found.get(row.pk), row) for row in rows),
    )
    made = [_put_up(actor, found[row.pk], row, organisation, now) for row in rows]
    write(
        actor, "pledges.publish", organisation, organisation=organisation, now=now,
        pledges=[row.pk for row in rows], notices=[notice.pk for notice in made],
    )  # fmt: skip
    return made


def _waits(promise: queries.Promise | None, row: Undertaking) -> Refusal | None:
    if promise is not None and promise.state == "waits":
        return None
    return Refusal(
        "pledges.not_waiting", _("{name}的承诺不在待公示之列"), {"name": row.owner.name},
        remedy=_("已公示、已撤回、已过年度的，以及已不在本支部的党员，不再公示"),
    )  # fmt: skip


def _put_up(
    actor: Actor, promise: queries.Promise, row: Undertaking, organisation: Organisation, now: datetime
) -> Notice:
    with chinese():
        title = _("%(name)s（%(post)s）的承诺") % {"name": promise.name, "post": promise.told}
    return notices.publish(
        actor, organisation=organisation, kind=NoticeKind.PLEDGE, opens_on=timezone.localtime(now).date(),
        closes_on=row.due_on, now=now, title=title,
        text=row.text, subject=promise.person, purpose=Purpose(queries.TABLE, row.pk, queries.STEP),
    )  # fmt: skip


@transaction.atomic
def withdraw(actor: Actor, *, pledge: Undertaking, reason: str, now: datetime) -> Undertaking:
    """Take a pledge back, with its notice when it stands on the board; another one may be made."""
    pledge = (
        Undertaking.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=pledge.pk)
    )
    refuse_if(
        policies.may_act(actor, policies.WITHDRAW, pledge.organisation),
        policies.not_own(actor, pledge.owner_id),
        None
        if reason.strip()
        else Refusal("pledges.reason_needed", _("请写明原因"), remedy=_("例如：调离本支部；本人要求修改")),
    )
    notice = queries.notice_of(pledge)
    if notice is not None:
        notices.withdraw(actor, notice=notice, reason=reason, now=now)
    pledge = undertakings.give_up(actor, undertaking=pledge, reason=reason, now=now)
    write(
        actor, "pledges.withdraw", pledge, organisation=pledge.organisation, now=now,
        notice=notice.pk if notice else None,
    )  # fmt: skip
    return pledge
