"""Plans of the unit are given and put away: a floor, a site, a section each."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.pledges import policies, queries
from zhibu.pledges.models import Zone
from zhibu.record.attachments import attach
from zhibu.record.files import PICTURES, picture
from zhibu.record.files.scaling import PAPER_SIDE
from zhibu.record.models import Attachment
from zhibu.record.writing import write
from zhibu.register.models import Organisation


@transaction.atomic
def set_plan(
    actor: Actor, *, organisation: Organisation, title: str, content: bytes, now: datetime, keep: bool = False
) -> Attachment:
    """Give the branch a plan: a picture, bare of what the camera wrote. One of the same title is replaced by it; with
    `keep` the zones lie on it as before.
    """
    # a name of a file holds no stroke
    title = " ".join(title.split()).replace("/", "／").replace("\\", "＼")
    plans = {queries.title_of(each): each for each in queries.plans_of(organisation)}
    refuse_if(
        policies.may_act(actor, policies.SET_PLAN, organisation),
        None
        if 0 < len(title) <= policies.PLAN_TITLE
        else Refusal(
            "pledges.plan_title", _("图名要写 1 到 {most} 个字"), {"most": policies.PLAN_TITLE}, remedy=_("例如：一楼、码头、二工段")
        ),
        None
        if title in plans or len(plans) < queries.MOST_PLANS
        else Refusal(
            "pledges.too_many_plans", _("最多 {most} 张平面图"), {"most": queries.MOST_PLANS},
            remedy=_("请先撤下不用的图"),
        ),
    )  # fmt: skip
    plan = attach(
        actor, subject=organisation, organisation=organisation, read_verb=policies.VIEW, name=f"{title}.png",
        content=picture(content, policies.PHOTO_BYTES, PAPER_SIDE), now=now, kinds=PICTURES,
    )  # fmt: skip
    before = plans.get(queries.title_of(plan))
    kept = (
        Zone.objects.filter(organisation=organisation, plan=before).update(plan=plan)
        if before and keep
        else 0
    )
    write(
        actor, "pledges.set_plan", organisation, organisation=organisation, now=now, attachment=plan.pk, title=title,
        kept=kept,
    )  # fmt: skip
    return plan


@transaction.atomic
def remove_plan(actor: Actor, *, organisation: Organisation, plan: int, now: datetime) -> None:
    """Put a plan away: its zones stay and are drawn nowhere; the picture is kept, for whoever may give plans."""
    title = next((queries.title_of(each) for each in queries.plans_of(organisation) if each.pk == plan), None)
    refuse_if(
        policies.may_act(actor, policies.REMOVE_PLAN, organisation),
        Refusal("pledges.no_such_plan", _("这张平面图已经换掉或不用了"), remedy=_("请重新选一张图"))
        if title is None
        else None,
    )
    rows = Attachment.objects.filter(
        subject_table=queries.PLANS, subject_id=organisation.pk, read_verb=policies.VIEW
    )
    # those it replaced would come back otherwise
    away = [row.pk for row in rows if queries.title_of(row) == title]
    Attachment.objects.filter(pk__in=away).update(read_verb=policies.SET_PLAN)
    write(
        actor,
        "pledges.remove_plan",
        organisation,
        organisation=organisation,
        now=now,
        attachment=plan,
        title=title,
    )
