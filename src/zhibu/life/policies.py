"""Who may see and change what in the room of organisational life."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor, may, ranges, reaches
from zhibu.core.refusal import Refusal
from zhibu.life.models import Session, SessionState
from zhibu.register.models import Organisation
from zhibu.register.policies import leads_a_group

Rows = TypeVar("Rows", bound=QuerySet[Any])

OPEN = (SessionState.PLANNED, SessionState.CONVENED, SessionState.HELD)


def reached(actor: Actor, verb: str, *fields: str) -> Q | None:
    """The condition "one of these paths lies where the actor holds the verb"; None when nowhere."""
    condition = Q()
    for low, end in ranges(actor, verb):
        for field in fields:
            condition |= Q(**{f"{field}__gte": low, f"{field}__lt": end})
    return condition or None


def visible_to(actor: Actor, queryset: Rows, verb: str = "life.view") -> Rows:
    """Rows of the branches in reach; meetings of a Party group also when only the group is."""
    fields = ["organisation__path"]
    if queryset.model is Session and leads_a_group(actor):
        fields.append("party_group__path")
    condition = reached(actor, verb, *fields)
    return queryset.none() if condition is None else queryset.filter(condition)


def path_of(session: Session) -> str:
    """Where authority over a meeting is asked: at the Party group when it is a group's, else at the branch."""
    return (session.party_group or session.organisation).path


def holds_anywhere(actor: Actor, verb: str) -> bool:
    """Whether a button for this verb is worth showing at all."""
    return bool(reaches(actor, verb))


def may_act(actor: Actor, verb: str, place: Organisation) -> Refusal | None:
    """The mandate itself; whoever sees a meeting need not be allowed to change it."""
    if may(actor, verb, place.path):
        return None
    return Refusal(
        code="life.no_mandate",
        message=_("您的职务不能在“{name}”办理这件事"),
        params={"name": place.name},
        remedy=_("请由有权的人办理"),
        who=_("党支部书记；党小组的会议也可由党小组长办理"),
    )


def may_for_own(actor: Actor, verb: str) -> Refusal | None:
    """The mandate over one's own things: any reach will do, for the act itself looks at the own person alone."""
    if actor.person is None:
        return Refusal("life.nobody", _("这个账号没有关联党员"), remedy=_("请联系党支部"))
    if reaches(actor, verb):
        return None
    return Refusal("life.members_only", _("这是党员办的事"), remedy=_("请联系党支部"))


def may_act_on(actor: Actor, verb: str, session: Session) -> Refusal | None:
    """As `may_act`, at the place of a meeting; its chair may always close its minutes."""
    if verb == "life.close_minutes" and actor.person is not None and actor.person == session.chair_id:
        return None
    return may_act(actor, verb, session.party_group or session.organisation)


def must_be(session: Session, *states: SessionState) -> Refusal | None:
    """The meeting must be in one of the states."""
    if session.state in states:
        return None
    return Refusal(
        code=f"life.is_{session.state}",
        message=_("这次会议{state}，不能再这样做"),
        params={"state": SessionState(session.state).label},
        remedy=_("已归档的记录用“更正”修改，原文会保留") if session.state == SessionState.CLOSED else "",
    )


STEPS = (
    ("life.convene", (SessionState.PLANNED, SessionState.CONVENED)),
    ("life.hold", (SessionState.PLANNED, SessionState.CONVENED)),
    ("life.call_roll", (SessionState.PLANNED, SessionState.CONVENED, SessionState.HELD)),
    ("life.edit_minutes", (SessionState.PLANNED, SessionState.CONVENED, SessionState.HELD)),
    ("life.close_minutes", (SessionState.HELD,)),
    ("life.cancel", OPEN),
    ("life.correct", (SessionState.CLOSED,)),
    ("life.follow_up", (SessionState.HELD, SessionState.CLOSED)),
    ("life.record_make_up", (SessionState.HELD, SessionState.CLOSED)),
)
"""What may be done with a meeting in which state."""


def steps_open(actor: Actor, session: Session) -> set[str]:
    """The acts, without the room's name, that this actor may do with this meeting now."""
    return {
        verb.removeprefix("life.")
        for verb, states in STEPS
        if session.state in states and may_act_on(actor, verb, session) is None
    }
