"""A meeting while it goes on: the list is called, items are taken one by one, hands are counted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.norms import VoteRule
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.core.snapshot import plain
from zhibu.core.tally import Vote, count
from zhibu.life import policies, queries
from zhibu.life.actions import checks
from zhibu.life.actions.minutes import agenda_items, fill
from zhibu.life.actions.planning import bump, locked
from zhibu.life.models import AgendaItem, Decision, Session, SessionState
from zhibu.life.told import Held, Missing
from zhibu.record.past import instant
from zhibu.record.writing import write

BEFORE = (SessionState.PLANNED, SessionState.CONVENED)


@transaction.atomic
def call_roll(
    actor: Actor,
    *,
    session: Session,
    missing: Sequence[Missing],
    now: datetime,
    online: Sequence[int] = (),
    observers: Sequence[int] = (),
) -> Session:
    """Call the list: who is there, in the room or online, and who is not. The first time the meeting begins with it.

    It may be called again until the minutes are closed: people come late, and leave.
    """
    session = locked(session)
    refuse_if(
        policies.may_act_on(actor, "life.call_roll", session),
        policies.must_be(session, *BEFORE, SessionState.HELD),
    )
    if session.state in BEFORE:
        day = checks.local_day(now)
        refuse_if(_not_before_its_day(session, day))
        fill(session, _begun(session, day, missing, online, observers), now)
    else:
        expected = queries.roll(
            session.organisation, session.kind, session.held_on or checks.local_day(now), session.party_group
        )
        refuse_if(checks.only_of_the_roll(expected, missing))
        session.known_at = instant(now)
        checks.attend(session, expected, missing, observers, online)
        bump(session)
    write(
        actor, "life.call_roll", session, organisation=session.organisation, now=now,
        present=session.present_count, expected=session.expected_count, online=len(set(online)),
    )  # fmt: skip
    return session


def _begun(
    session: Session, day: date, missing: Sequence[Missing], online: Sequence[int], observers: Sequence[int]
) -> Held:
    return Held(
        held_on=day, starts_at=session.starts_at, place=session.place, title=session.title,
        chair=session.chair_id or queries.secretary(session.party_group or session.organisation, day),
        minute_taker=session.minute_taker_id, missing=missing, observers=observers, online=online,
        agenda=agenda_items(session), minutes=session.minutes, details=session.details,
    )  # fmt: skip


def _not_before_its_day(session: Session, day: date) -> Refusal | None:
    if session.planned_on is None or session.planned_on <= day:
        return None
    return Refusal(
        code="life.not_yet",
        message=_("会议安排在 {day}，今天还不能点名"),
        params={"day": session.planned_on.isoformat()},
        remedy=_("提前开会的，先用“通知开会”改定日期"),
    )


@transaction.atomic
def take_item(actor: Actor, *, session: Session, position: int, now: datetime) -> Session:
    """Go on to an item of the agenda; 0 when all of them have been dealt with."""
    session = locked(session)
    refuse_if(
        policies.may_act_on(actor, "life.take_item", session), policies.must_be(session, SessionState.HELD)
    )
    known = set(session.agenda.values_list("position", flat=True))
    session.at_item = position if position in known else 0
    session.save(update_fields=["at_item"])
    write(
        actor, "life.take_item", session, organisation=session.organisation, now=now, position=session.at_item
    )
    return session


@transaction.atomic
def decide(
    actor: Actor, *, session: Session, position: int, yes: int, no: int, abstain: int, now: datetime
) -> Decision:
    """Record a show of hands on an item, as counted; it is tested against the rule of the item and of the meeting.

    The counts, the roll and the rule stay as they were. Counting again makes another decision; the last one holds.
    """
    session = locked(session)
    refuse_if(
        policies.may_act_on(actor, "life.decide", session), policies.must_be(session, SessionState.HELD)
    )
    item = session.agenda.filter(position=position).first()
    rule = queries.rule_of(session.kind, item.tag if item else "")
    refuse_if(
        _item_there(item),
        _by_a_rule(rule, session),
        _not_secret(rule),
        _hands_of_those_there(session, yes + no + abstain),
    )
    if item is None or rule is None or session.held_on is None:
        raise ValueError("refused above")
    vote = Vote(
        expected=session.expected_voters, present=session.voters_present, yes=yes, no=no, abstain=abstain,
        committee_size=session.expected_voters,
    )  # fmt: skip
    outcome = count(rule, session.held_on, vote)
    decision = Decision.objects.create(
        session=session, item=item.title, rule=rule.id, rule_text=json.dumps(plain(rule), ensure_ascii=False),
        expected_voters=vote.expected, present_voters=vote.present, yes=yes, no=no, abstain=abstain,
        carried=int(outcome.carried), void=int(outcome.void), told=outcome.told(), at=now, by_name=actor.name[:60],
    )  # fmt: skip
    bump(session)
    write(
        actor, "life.decide", session, organisation=session.organisation, now=now, item=item.title, rule=rule.id,
        expected=vote.expected, present=vote.present, yes=yes, no=no, abstain=abstain, carried=outcome.carried,
        void=outcome.void,
    )  # fmt: skip
    return decision


def _item_there(item: AgendaItem | None) -> Refusal | None:
    if item is not None:
        return None
    return Refusal(code="life.no_such_item", message=_("议程里没有这一项"), remedy=_("请刷新后重试"))


def _by_a_rule(rule: VoteRule | None, session: Session) -> Refusal | None:
    if rule is not None:
        return None
    return Refusal(
        code="life.no_rule",
        message=_("{kind}没有规定表决规则"),
        params={"kind": session.kind_title},
        remedy=_("把结果写在决议里即可"),
    )


def _not_secret(rule: VoteRule | None) -> Refusal | None:
    if rule is None or not rule.secret:
        return None
    return Refusal(
        code="life.secret_vote_needed",
        message=_("这一项应当无记名投票，不能举手表决"),
        remedy=_("请在议题下“组织投票”；只是讨论、不作决定的，写在决议里"),
        source="development-rules-2026",
        article="19-21",
    )


def _hands_of_those_there(session: Session, hands: int) -> Refusal | None:
    if hands == session.voters_present:
        return None
    return Refusal(
        code="life.hands_differ",
        message=_("赞成、不赞成、弃权合计 {hands}，与实到有表决权的 {present} 人不符"),
        params={"hands": hands, "present": session.voters_present},
        remedy=_("未举手的计入弃权；有人中途到会或离开的，先重新点名"),
    )
