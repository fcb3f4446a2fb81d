"""The plan of the unit, the zones on it, and how they are found."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor, may
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.life import actions as life
from zhibu.life.models import DocumentKind
from zhibu.notices import actions as notices
from zhibu.notices.models import Notice, NoticeKind
from zhibu.notices.told import Purpose
from zhibu.pledges import policies, queries, shapes
from zhibu.pledges.models import Zone
from zhibu.record.writing import write
from zhibu.register.models import Organisation
from zhibu.ui.language import chinese
from zhibu.undertakings import actions as undertakings
from zhibu.undertakings.actions.steps import noted
from zhibu.undertakings.models import StepKind, Undertaking
from zhibu.undertakings.policies import OPEN_STATES
from zhibu.undertakings.told import Source, Undertaken


@transaction.atomic
def draw_zone(
    actor: Actor, *, organisation: Organisation, kind: str, title: str, holder: int, now: datetime, asks: str = "",
    shape: str = "", plan: int | None = None, zone: Zone | None = None,
) -> Zone:  # fmt: skip
    """Name a zone or model post with its holder and draw it on a plan (the first, unless named); or change one."""
    today = timezone.localtime(now).date()
    if zone is not None:
        zone = _locked(zone)
    corners, wrong = _corners(shape)
    plans = {each.pk: each for each in queries.plans_of(organisation)}
    refuse_if(
        policies.may_act(actor, policies.DRAW_ZONE, organisation),
        _over(zone),
        None if title.strip() else Refusal("pledges.title_needed", _("请写名称"), remedy=_("例如：三号泵房")),
        _of_the_kinds(zone.undertaking.kind if zone else kind),
        None
        if holder in {each.person for each in queries.promises(organisation, today.year, today)}
        else Refusal("pledges.not_a_member", _("责任人要是本支部党员"), remedy=_("请从名单里选择")),
        wrong,
        None
        if plan is None or plan in plans
        else Refusal("pledges.no_such_plan", _("这张平面图已经换掉或不用了"), remedy=_("请重新选一张图")),
    )
    title, asks = title.strip()[:60], asks.strip()[:200]
    if zone is None:
        undertaking = undertakings.undertake(
            actor, organisation=organisation, what=Undertaken(kind, _words(title, asks), holder), now=now
        )
        zone = Zone(organisation=organisation, undertaking=undertaking, version=0)
    else:
        _changed(actor, zone, holder, _words(title, asks), now)
    zone.title, zone.asks, zone.shape = title, asks, shapes.told(corners)
    zone.plan = (plans[plan] if plan else next(iter(plans.values()), None)) if corners else None
    zone.version += 1
    zone.save()
    write(
        actor,
        "pledges.draw_zone",
        zone,
        organisation=organisation,
        now=now,
        holder=holder,
        drawn=bool(corners),
    )
    _mapped(actor, organisation, now)
    return zone


def _mapped(actor: Actor, organisation: Organisation, now: datetime) -> None:
    """The map of the year is filed with the first zone that is drawn or looked at in it: nobody files what stands here."""
    today = timezone.localtime(now).date()
    if not may(actor, "life.file_document", organisation.path) or queries.map_filed(organisation, today):
        return
    if not any(each.points for each in queries.zones(organisation, today)):
        return
    with chinese():
        title, note = _("%(year)d年党员责任区图") % {"year": today.year}, _("在“责任区、示范岗”里，随改随新")
    life.file_document(
        actor,
        organisation=organisation,
        kind=DocumentKind.ZONE_MAP,
        title=title,
        covers_on=today.replace(day=1),
        note=note,
        now=now,
    )


def _words(title: str, asks: str) -> str:
    return f"{title}：{asks}" if asks else title


def _changed(actor: Actor, zone: Zone, holder: int, words: str, now: datetime) -> None:
    """Another holder, other words: what the undertaking says, with the step."""
    undertaking = zone.undertaking
    if holder != undertaking.owner_id:
        refuse_if(policies.not_holder(actor, undertaking.owner_id))
        with chinese():
            reason = _("责任区换人")
        undertaking = undertakings.hand_over(
            actor, undertaking=undertaking, owner=holder, reason=reason, now=now
        )
    if words != undertaking.text:
        undertaking.text = words
        noted(actor, undertaking, StepKind.PROGRESS, words, now)
    zone.undertaking = undertaking


@transaction.atomic
def check_zone(
    actor: Actor, *, zone: Zone, checked_on: date, now: datetime, found: str = "", fix_by: date | None = None
) -> Undertaking | None:
    """Note that somebody of the branch looked at a zone. What was `found` is to be put right by its holder by a day."""
    zone, today = _locked(zone), timezone.localtime(now).date()
    undertaking = zone.undertaking
    refuse_if(
        policies.may_act(actor, policies.CHECK_ZONE, zone.organisation),
        policies.not_holder(actor, undertaking.owner_id),
        _over(zone),
        None
        if undertaking.opened_on <= checked_on <= today
        else Refusal("pledges.wrong_day", _("检查日期不对"), remedy=_("从划定那天到今天")),
    )
    put_right = None
    if found.strip():
        with chinese():
            words = _("整改“%(zone)s”检查发现的问题") % {"zone": zone.title}
        put_right = undertakings.undertake(
            actor, organisation=zone.organisation, now=now,
            what=Undertaken(
                queries.FINDING, words, undertaking.owner_id, due_on=fix_by or queries.fix_by(today), problem=found,
                source=Source(queries.ZONE, zone.pk, zone.title),
            ),
        )  # fmt: skip
    with chinese():
        told = _("发现问题，已立整改") if put_right else _("正常")
    noted(actor, undertaking, StepKind.CHECKED, told, now)
    zone.checked_on = max(checked_on, zone.checked_on or checked_on)
    zone.version += 1
    zone.save()
    write(
        actor, "pledges.check_zone", zone, organisation=zone.organisation, now=now,
        checked_on=checked_on.isoformat(), finding=put_right.pk if put_right else None,
    )  # fmt: skip
    _mapped(actor, zone.organisation, now)
    return put_right


@transaction.atomic
def end_zone(actor: Actor, *, zone: Zone, reason: str, now: datetime) -> Zone:
    """It is none any more; what was found in it stays."""
    zone = _locked(zone)
    refuse_if(
        policies.may_act(actor, policies.END_ZONE, zone.organisation),
        policies.not_holder(actor, zone.undertaking.owner_id),
        _over(zone),
    )
    zone.undertaking = undertakings.give_up(actor, undertaking=zone.undertaking, reason=reason, now=now)
    write(actor, "pledges.end_zone", zone, organisation=zone.organisation, now=now)
    return zone


@transaction.atomic
def publish_zones(actor: Actor, *, organisation: Organisation, now: datetime) -> Notice:
    """Show the plan with its zones on the public board until the end of the year; a name only beside a published pledge."""
    today = timezone.localtime(now).date()
    refuse_if(
        policies.may_act(actor, policies.PUBLISH_ZONES, organisation),
        None
        if queries.zones(organisation, today)
        else Refusal("pledges.no_zones", _("还没有划定责任区、示范岗"), remedy=_("请先划定")),
        None
        if queries.zones_notice(organisation, today) is None
        else Refusal(
            "pledges.zones_shown",
            _("责任区已经在公示栏上"),
            remedy=_("改动会自动更新；不再公开的，在“公示”里撤回"),
        ),
    )
    notice = notices.publish(
        actor, organisation=organisation, kind=NoticeKind.ZONES, opens_on=today, closes_on=date(today.year, 12, 31),
        now=now, purpose=Purpose(queries.PLANS, organisation.pk, NoticeKind.ZONES.value),
    )  # fmt: skip
    write(actor, "pledges.publish_zones", organisation, organisation=organisation, now=now, notice=notice.pk)
    return notice


def _locked(zone: Zone) -> Zone:
    rows = Zone.objects.select_for_update(of=("self",)).select_related(
        "organisation", "undertaking__organisation", "undertaking__owner"
    )
    return rows.get(pk=zone.pk)


def _over(zone: Zone | None) -> Refusal | None:
    if zone is None or zone.undertaking.state in OPEN_STATES:
        return None
    return Refusal("pledges.zone_over", _("已经撤销"), remedy=_("请重新划定"))


def _of_the_kinds(kind: str) -> Refusal | None:
    if kind in dict(queries.zone_kinds()):
        return None
    return Refusal("pledges.no_such_kind", _("规则集里没有这类责任区"), remedy=_("请重新选择类别"))


def _corners(shape: str) -> tuple[shapes.Corners, Refusal | None]:
    if not shape.strip():
        return (), None
    try:
        return shapes.corners(shape), None
    except shapes.NoShape as wrong:
        told = {
            "unreadable": _("位置读不懂"),
            "outside": _("位置超出了平面图"),
            "too_many": _("角太多"),
            "too_small": _("区域太小"),
        }
        remedy = _("每个角写“左,上”，单位是图的千分之一，最多 {most} 个角；只写对角两个就是矩形")
        return (), Refusal(
            "pledges.no_shape", told[wrong.args[0]], {"most": shapes.MOST_CORNERS}, remedy=remedy
        )
