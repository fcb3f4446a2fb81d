"""A bulletin is written by one and published by another; a practice of another branch is taken over with credit."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.letters import policies
from zhibu.letters.actions import checks
from zhibu.letters.models import Bulletin, BulletinKind, BulletinState, PracticeField
from zhibu.notices.actions import sheets
from zhibu.record.writing import write
from zhibu.register.models import Organisation
from zhibu.search.keeping import keep

LONGEST_BODY = 20_000


@transaction.atomic
def write_bulletin(
    actor: Actor,
    *,
    organisation: Organisation,
    kind: str,
    title: str,
    body: str,
    now: datetime,
    topic: str = "",
) -> Bulletin:
    """Write a bulletin: news, an exemplar nearby, a practice that works. Nobody sees it yet but those who review."""
    refuse_if(policies.may_act(actor, "letters.write_bulletin", organisation), *_written(title, body))
    bulletin = Bulletin.objects.create(
        organisation=organisation, kind=BulletinKind(kind), title=checks.clean(title)[:120], topic=_topic(kind, topic),
        body=checks.clean(body)[:LONGEST_BODY], author_id=actor.person, author_user=actor.user,
    )  # fmt: skip
    _record(actor, "letters.write_bulletin", bulletin, now)
    return bulletin


@transaction.atomic
def take_over(
    actor: Actor, *, organisation: Organisation, bulletin: Bulletin, body: str, now: datetime
) -> Bulletin:
    """Take a practice of another branch over, as it is done here: a draft that names where it comes from."""
    # one after another, so that two of a branch do not both take it
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    refuse_if(
        policies.may_act(actor, "letters.take_over", organisation),
        None
        if bulletin.kind == BulletinKind.PRACTICE
        else Refusal("letters.no_practice", _("只有好做法可以借鉴")),
        None
        if bulletin.organisation_id != organisation.pk
        else Refusal("letters.own_practice", _("这是本支部自己的做法")),
        _in(bulletin, {BulletinState.PUBLISHED}),
        _not_yet(bulletin, organisation),
        *_written(bulletin.title, body),
    )
    taken = Bulletin.objects.create(
        organisation=organisation, kind=BulletinKind.PRACTICE, title=bulletin.title, topic=bulletin.topic, follows=bulletin,
        body=checks.clean(body)[:LONGEST_BODY], author_id=actor.person, author_user=actor.user,
    )  # fmt: skip
    _record(actor, "letters.take_over", taken, now, follows=bulletin.pk)
    return taken


@transaction.atomic
def edit_bulletin(
    actor: Actor,
    *,
    bulletin: Bulletin,
    kind: str,
    title: str,
    body: str,
    version: int,
    now: datetime,
    topic: str = "",
) -> Bulletin:
    """Change a bulletin that is not published; whoever changes it takes it over and may not review it."""
    bulletin = _held(bulletin)
    refuse_if(
        policies.may_act(actor, "letters.edit_bulletin", bulletin.organisation),
        _in(bulletin, {BulletinState.DRAFT, BulletinState.SUBMITTED, BulletinState.WITHDRAWN}),
        None
        if bulletin.version == version
        else Refusal("letters.changed_meanwhile", _("您打开页面之后，内容已被别人修改"), remedy=_("请重新打开后再改")),
        None
        if (kind == BulletinKind.PRACTICE) == (bulletin.kind == BulletinKind.PRACTICE)
        else Refusal("letters.other_kind", _("好做法和门户内容不能互改"), remedy=_("请另写一篇")),
        *_written(title, body),
    )  # fmt: skip
    bulletin.kind, bulletin.title = BulletinKind(kind), checks.clean(title)[:120]
    bulletin.topic = _topic(kind, topic)
    bulletin.body, bulletin.state = checks.clean(body)[:LONGEST_BODY], BulletinState.DRAFT
    bulletin.author_id, bulletin.author_user = actor.person, actor.user
    _save(bulletin)
    _record(actor, "letters.edit_bulletin", bulletin, now)
    return bulletin


@transaction.atomic
def submit_bulletin(actor: Actor, *, bulletin: Bulletin, now: datetime) -> Bulletin:
    """Hand a bulletin over to be reviewed."""
    bulletin = _held(bulletin)
    refuse_if(
        policies.may_act(actor, "letters.submit_bulletin", bulletin.organisation),
        _in(bulletin, {BulletinState.DRAFT}),
        checks.no_numbers(bulletin.title, bulletin.body),
    )
    bulletin.state, bulletin.remark = BulletinState.SUBMITTED, ""
    _save(bulletin)
    _record(actor, "letters.submit_bulletin", bulletin, now)
    return bulletin


@transaction.atomic
def publish_bulletin(actor: Actor, *, bulletin: Bulletin, now: datetime, named: bool = False) -> Bulletin:
    """Review a bulletin and publish it on the portal, a practice to the branches. Not by whoever wrote it."""
    bulletin = _held(bulletin)
    names = checks.names_in(bulletin.organisation, (bulletin.title, bulletin.body))
    refuse_if(
        policies.may_act(actor, "letters.publish_bulletin", bulletin.organisation),
        _in(bulletin, {BulletinState.SUBMITTED}),
        _another(actor, bulletin),
        checks.no_numbers(bulletin.title, bulletin.body),
        checks.names_confirmed(names, confirmed=named),
    )
    bulletin.state, bulletin.published_on = BulletinState.PUBLISHED, timezone.localtime(now).date()
    bulletin.text = keep(bulletin.text, title=bulletin.title, body=bulletin.body)
    if bulletin.kind != BulletinKind.PRACTICE:
        bulletin.address = bulletin.address or sheets.new_address(sheets.NOTICE_LENGTH)
        sheets.board_of(bulletin.organisation)
    _save(bulletin)
    _record(actor, "letters.publish_bulletin", bulletin, now, named=len(names))
    return bulletin


@transaction.atomic
def return_bulletin(actor: Actor, *, bulletin: Bulletin, remark: str, now: datetime) -> Bulletin:
    """Give a bulletin back with what is to be changed."""
    bulletin = _held(bulletin)
    refuse_if(
        policies.may_act(actor, "letters.return_bulletin", bulletin.organisation),
        _in(bulletin, {BulletinState.SUBMITTED}),
        checks.given(remark, "letters.remark_needed", _("请写明要改什么")),
    )
    bulletin.state, bulletin.remark = BulletinState.DRAFT, checks.clean(remark)[:300]
    _save(bulletin)
    _record(actor, "letters.return_bulletin", bulletin, now, remark=bulletin.remark)
    return bulletin


@transaction.atomic
def withdraw_bulletin(actor: Actor, *, bulletin: Bulletin, reason: str, now: datetime) -> Bulletin:
    """Take a bulletin off the portal; changed and reviewed anew it may come back."""
    bulletin = _held(bulletin)
    refuse_if(
        policies.may_act(actor, "letters.withdraw_bulletin", bulletin.organisation),
        _in(bulletin, {BulletinState.PUBLISHED}),
        checks.given(reason, "letters.reason_needed", _("撤下要写明原因")),
    )
    text, bulletin.text = bulletin.text, None
    bulletin.state = BulletinState.WITHDRAWN
    _save(bulletin)
    if text is not None:
        text.delete()
    _record(actor, "letters.withdraw_bulletin", bulletin, now, reason=checks.clean(reason)[:200])
    return bulletin


def _held(bulletin: Bulletin) -> Bulletin:
    rows = Bulletin.objects.select_for_update(of=("self",)).select_related("organisation", "text")
    return rows.get(pk=bulletin.pk)


def _save(bulletin: Bulletin) -> None:
    bulletin.version += 1
    bulletin.save()
    sheets.show_anew()


def _record(actor: Actor, act: str, bulletin: Bulletin, now: datetime, **values: Any) -> None:
    write(actor, act, bulletin, organisation=bulletin.organisation, now=now, title=bulletin.title, **values)


def _topic(kind: str, topic: str) -> str:
    return PracticeField(topic).value if kind == BulletinKind.PRACTICE and topic else ""


def _not_yet(bulletin: Bulletin, organisation: Organisation) -> Refusal | None:
    rows = Bulletin.objects.filter(follows=bulletin, organisation=organisation)
    if not rows.exclude(state=BulletinState.WITHDRAWN).exists():
        return None
    return Refusal(
        "letters.taken_over_already", _("本支部已经借鉴过这个做法"), remedy=_("请在发布内容里找到它再改")
    )


def _written(title: str, body: str) -> tuple[Refusal | None, ...]:
    return (
        checks.given(title, "letters.title_needed", _("请写明标题")),
        checks.given(body, "letters.body_needed", _("请写明正文")),
    )


def _in(bulletin: Bulletin, states: Collection[BulletinState]) -> Refusal | None:
    if bulletin.state in states:
        return None
    return Refusal(
        "letters.other_state",
        _("现在是“{state}”，不能这样做"),
        {"state": str(BulletinState(bulletin.state).label)},
    )


def _another(actor: Actor, bulletin: Bulletin) -> Refusal | None:
    if actor.user != bulletin.author_user:
        return None
    return Refusal(
        "letters.own_bulletin", _("自己写的内容要由别人审核"), who=_("党支部书记、副书记或上级党务工作者")
    )
