"""Acts on posts: appointing and dismissing."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu import record
from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.record.past import instant
from zhibu.register import policies
from zhibu.register.models import COMMITTEE_POSTS, Organisation, Person, Post, PostKind

# one holder at a time; the others may be several
SINGLE = (PostKind.SECRETARY, PostKind.COMMITTEE_SECRETARY, PostKind.GROUP_LEADER)


@transaction.atomic
def appoint(
    actor: Actor,
    *,
    person: Person,
    organisation: Organisation,
    kind: str,
    since: date,
    today: date,
    now: datetime,
    duties: str = "",
) -> Post:
    """Record that a person holds a post from a day on. What the post may do is said in the rulebook's mandates."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    cautions = refuse_if(
        policies.must_hold(actor, "register.appoint", organisation),
        policies.must_be_open(organisation),
        policies.not_in_future(since, today, _("任职日期")),
        *policies.may_hold_post(person, kind, organisation, today),
        _held(person, organisation, kind, duties),
    )
    post = Post.objects.create(
        organisation=organisation, person=person, kind=kind, in_committee=int(kind in COMMITTEE_POSTS),
        duties=duties, has_duties=int(bool(duties.strip())), since=since, known_at=instant(now),
    )  # fmt: skip
    record.write(
        actor, "register.appoint", post, organisation=organisation, now=now,
        person=person.pk, kind=kind, since=since, duties=duties, cautions=[each.code for each in cautions],
    )  # fmt: skip
    return post


def _held(person: Person, organisation: Organisation, kind: str, duties: str) -> Refusal | None:
    posts = Post.objects.filter(organisation=organisation, kind=kind, until=None).select_related("person")
    if kind not in SINGLE:
        posts = posts.filter(person=person, duties=duties)
    holder = posts.first()
    if holder is None:
        return None
    return Refusal(
        "post_held",
        _("{person}正在担任这个职务。"),
        {"person": holder.person.name},
        remedy=_("请先办理免职，再任命新的人选。"),
    )


@transaction.atomic
def dismiss(actor: Actor, *, post: Post, until: date, today: date, now: datetime, reason: str = "") -> Post:
    """Record that a post ends: `until` is the first day on which it is no longer held."""
    post = Post.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=post.pk)
    refuse_if(
        policies.must_hold(actor, "register.dismiss", post.organisation),
        policies.not_in_future(until, today, _("免职日期")),
        policies.not_before(until, post.since, _("免职日期"), _("任职日期")),
        Refusal("post_ended", _("这个职务已于 {day} 结束。"), {"day": post.until}) if post.until else None,
    )
    post.until, post.known_at = until, instant(now)
    post.save(update_fields=["until", "known_at"])
    record.write(
        actor, "register.dismiss", post, organisation=post.organisation, now=now,
        person=post.person_id, kind=post.kind, until=until, reason=reason,
    )  # fmt: skip
    return post
