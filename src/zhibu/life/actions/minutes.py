"""A meeting was held: who came, what was decided; the minutes are edited, and closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.calendar import Month
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.life import kinds, policies, queries
from zhibu.life.actions import checks
from zhibu.life.actions.planning import bump, locked, set_agenda
from zhibu.life.details import all_tags, asked, settled, written
from zhibu.life.models import MinutesDraft, Session, SessionState
from zhibu.life.told import Held, Item
from zhibu.record.past import instant
from zhibu.record.writing import write
from zhibu.register.models import Organisation
from zhibu.ui.doors import Stale


@transaction.atomic
def record(
    actor: Actor,
    *,
    organisation: Organisation,
    kind: str,
    held: Held,
    now: datetime,
    party_group: Organisation | None = None,
    close: bool = True,
) -> Session:
    """Record a meeting that was held, in one go: what, who, what was decided; and close its minutes.

    The roll is that of the day of the meeting. The day of entry is today, whatever the day of the meeting.
    """
    refuse_if(
        policies.may_act(actor, "life.record", party_group or organisation),
        checks.is_a_branch(organisation),
        checks.not_twice(organisation, kind, held.held_on, party_group, again=held.again),
    )
    session = Session(organisation=organisation, party_group=party_group, kind=kind)
    fill(session, held, now)
    write(
        actor,
        "life.record",
        session,
        organisation=organisation,
        now=now,
        kind=kind,
        held_on=held.held_on.isoformat(),
        present=session.present_count,
        expected=session.expected_count,
        entry_delay=session.entry_delay,
    )
    if close and policies.may_act_on(actor, "life.close_minutes", session) is None:
        _close(actor, session, now)
    return session


@transaction.atomic
def hold(actor: Actor, *, session: Session, held: Held, now: datetime, close: bool = False) -> Session:
    """Record that a planned meeting was held; with `close`, also close its minutes if the actor may."""
    session = locked(session)
    refuse_if(
        policies.may_act_on(actor, "life.hold", session),
        policies.must_be(session, SessionState.PLANNED, SessionState.CONVENED),
        checks.not_twice(
            session.organisation, session.kind, held.held_on, session.party_group, again=held.again
        ),
    )
    fill(session, held, now)
    write(
        actor,
        "life.hold",
        session,
        organisation=session.organisation,
        now=now,
        held_on=held.held_on.isoformat(),
        present=session.present_count,
        expected=session.expected_count,
    )
    if close and policies.may_act_on(actor, "life.close_minutes", session) is None:
        _close(actor, session, now)
    return session


def fill(session: Session, held: Held, now: datetime) -> None:
    """Put what was held into the row, with the roll of the day; refuses what cannot have been."""
    today = checks.local_day(now)
    refuse_if(checks.day_is_lawful(session.organisation, held.held_on, today))
    expected = queries.roll(session.organisation, session.kind, held.held_on, session.party_group)
    refuse_if(
        checks.has_a_roll(expected, held.held_on),
        checks.only_of_the_roll(expected, held.missing),
        _month_is_over(held.makes_up_for, held.held_on),
    )
    session.state, session.known_at = SessionState.HELD, instant(now)
    session.title = held.title.strip()[:120] or session.title or kinds.title_zh(session.kind)
    session.held_on, session.starts_at, session.place = held.held_on, held.starts_at, held.place.strip()[:80]
    session.chair_id, session.minute_taker_id = held.chair, held.minute_taker
    session.minutes, session.study_minutes = held.minutes.strip(), held.study_minutes
    session.details = settled(session.kind, [item.tag for item in held.agenda], held.details)
    session.made_up, session.makes_up_for = int(held.makes_up_for is not None), held.makes_up_for
    session.entered_on, session.entry_delay = today, (today - held.held_on).days
    if session.pk is None:
        session.save()
    checks.attend(session, expected, held.missing, held.observers, held.online)
    set_agenda(session, held.agenda, known_at=session.known_at)
    bump(session)


def _month_is_over(makes_up_for: date | None, held_on: date) -> Refusal | None:
    if makes_up_for is None or Month.of(makes_up_for) < Month.of(held_on):
        return None
    return Refusal(
        code="life.nothing_to_make_up",
        message=_("补开只能是补以前月份的：{month} 不早于会议当月"),
        params={"month": Month.of(makes_up_for).code},
        remedy=_("当月的会议不用选“补开”"),
    )


@transaction.atomic
def edit_minutes(
    actor: Actor,
    *,
    session: Session,
    version: int,
    title: str,
    place: str,
    minutes: str,
    agenda: Sequence[Item],
    now: datetime,
    details: Mapping[str, Any] | None = None,
) -> Session:
    """Change minutes that are not closed yet. Raises Stale, with both versions, when someone else saved meanwhile."""
    session = locked(session)
    refuse_if(
        policies.may_act_on(actor, "life.edit_minutes", session),
        policies.must_be(session, SessionState.PLANNED, SessionState.CONVENED, SessionState.HELD),
    )
    kept = (
        session.details if details is None else settled(session.kind, [each.tag for each in agenda], details)
    )
    mine = _shown(title, place, minutes, agenda) | _in_words(session, kept, session.details)
    theirs = _shown(session.title, session.place, session.minutes, agenda_items(session))
    theirs |= _in_words(session, session.details, kept)
    if mine == theirs:
        return _without_draft(actor, session)
    if session.version != version:
        rows = [(label, theirs[label], mine[label]) for label in mine]
        raise Stale(rows, back=reverse("life:edit_minutes", args=[session.pk]))
    session.title, session.place, session.minutes = title.strip()[:120], place.strip()[:80], minutes.strip()
    session.details = kept
    set_agenda(session, agenda, known_at=instant(now))
    bump(session)
    changed = [label for label in mine if mine[label] != theirs[label]]
    write(
        actor,
        "life.edit_minutes",
        session,
        organisation=session.organisation,
        now=now,
        changed=changed,
        version=session.version,
    )
    return _without_draft(actor, session)


def agenda_items(session: Session) -> list[Item]:
    """The agenda as it stands, as items; where nothing is written yet, the result of a vote held on it is proposed."""
    rows = session.agenda.values_list("title", "tag", "resolution")
    voted = {title: told for _pk, title, told in queries.ballots_of(session)} if session.pk else {}
    return [Item(title, tag, resolution or voted.get(title, "")) for title, tag, resolution in rows]


def _shown(title: str, place: str, minutes: str, agenda: Sequence[Item]) -> dict[str, str]:
    """A version of the minutes as the conflict page shows it."""
    lines = [
        f"{item.title}：{item.resolution.strip()}" if item.resolution.strip() else item.title
        for item in agenda
        if item.title.strip()
    ]
    # a browser sends line ends of its own kind; they are no difference
    text = "\n".join(minutes.strip().splitlines())
    return {
        _("名称"): title.strip(), _("地点"): place.strip(), _("记录"): text,
        _("议题与决议"): "\n".join("\n".join(lines).splitlines()),
    }  # fmt: skip


def _in_words(session: Session, kept: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, str]:
    """The details of a version, of the fields that either version has."""
    fields = [each for each in asked(session.kind, all_tags(session.kind)) if each.key in {*kept, *other}]
    return {each.title: written(each, kept.get(each.key)) for each in fields}


def _without_draft(actor: Actor, session: Session) -> Session:
    MinutesDraft.objects.filter(session=session, user=actor.user).delete()
    return session


def keep_draft(
    actor: Actor, *, session: Session, values: dict[str, str], version: int, now: datetime
) -> None:
    """Keep what someone is typing, for the person alone. No record is made of it: nothing happened yet."""
    refuse_if(policies.may_act_on(actor, "life.edit_minutes", session))
    MinutesDraft.objects.update_or_create(
        session=session, user=actor.user, defaults={"values": values, "based_on": version, "saved_at": now}
    )


@transaction.atomic
def close_minutes(actor: Actor, *, session: Session, now: datetime) -> Session:
    """Close the minutes: by the chair, the secretary or the committee. From now on the meeting counts as evidence."""
    session = locked(session)
    refuse_if(
        policies.may_act_on(actor, "life.close_minutes", session),
        policies.must_be(session, SessionState.HELD),
    )
    return _close(actor, session, now)


def _close(actor: Actor, session: Session, now: datetime) -> Session:
    known_at = instant(now)
    cautions = refuse_if(*queries.wanting(session))
    session.state, session.known_at = SessionState.CLOSED, known_at
    session.closed_at, session.closed_by = now, actor.name[:60]
    bump(session)
    session.agenda.update(known_at=known_at, session_closed=1, held_on=session.held_on)
    MinutesDraft.objects.filter(session=session).delete()
    write(
        actor,
        "life.close_minutes",
        session,
        organisation=session.organisation,
        now=now,
        kind=session.kind,
        held_on=session.held_on.isoformat() if session.held_on else None,
        present=session.present_count,
        expected=session.expected_count,
        entry_delay=session.entry_delay,
        cautions=[each.code for each in cautions],
    )
    return session
