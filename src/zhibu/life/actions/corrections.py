"""After the minutes are closed: a change is possible, and stays visible as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.life import policies
from zhibu.life.actions import checks
from zhibu.life.actions.planning import bump, locked
from zhibu.life.details import all_tags, asked, settled, written
from zhibu.life.models import AttendanceState, Correction, Session, SessionState
from zhibu.record.past import instant
from zhibu.record.writing import write
from zhibu.ui.language import in_chinese

TEXTS = frozenset({"title", "place", "minutes"})
EVIDENCE = frozenset({"held_on", "study_minutes", "attendance"})


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after, as it is kept and shown."""

    field: str
    before: str
    after: str


@transaction.atomic
def correct(
    actor: Actor,
    *,
    session: Session,
    reason: str,
    now: datetime,
    texts: Mapping[str, str] | None = None,
    held_on: date | None = None,
    study_minutes: int | None = None,
    attendance: Mapping[int, tuple[str, str]] | None = None,
    resolutions: Mapping[int, str] | None = None,
    details: Mapping[str, Any] | None = None,
) -> list[Change]:
    """Correct closed minutes. What was written before stays readable beside it, with reason, name and time.

    `texts`: title, place, minutes. `attendance`: person id → (state, reason). `resolutions`: agenda item id → text.
    `details`: what the kind of meeting asks, whole.
    A correction of what standards count (day, attendance, study time) is known from now on; what the rows said until
    now stays in their past, so that a quarter frozen earlier is the same when computed again and shows a difference.
    """
    session = locked(session)
    refuse_if(
        policies.may_act_on(actor, "life.correct", session),
        policies.must_be(session, SessionState.CLOSED),
        None if reason.strip() else Refusal(code="life.reason_needed", message=_("更正要写明原因")),
    )
    known_at = instant(now)
    changes = _texts(session, texts or {})
    changes += _day(session, held_on, known_at)
    changes += _study(session, study_minutes, known_at)
    changes += _attendance(session, attendance or {}, known_at)
    changes += _resolutions(session, resolutions or {})
    changes += _details(session, details)
    refuse_if(None if changes else Refusal(code="life.nothing_changed", message=_("没有任何改动")))
    if any(change.field in EVIDENCE for change in changes):
        session.known_at = known_at
    bump(session)
    Correction.objects.bulk_create(
        Correction(session=session, field=change.field, before=change.before, after=change.after,
                   reason=reason.strip()[:200], by_name=actor.name[:60], at=now)
        for change in changes
    )  # fmt: skip
    write(
        actor, "life.correct", session, organisation=session.organisation, now=now,
        fields=[change.field for change in changes], reason=reason.strip()[:200],
    )  # fmt: skip
    return changes


def _texts(session: Session, texts: Mapping[str, str]) -> list[Change]:
    changes = []
    for name, text in texts.items():
        if name not in TEXTS:
            raise ValueError(f"no text of a meeting: {name}")
        before, after = getattr(session, name), "\n".join(text.strip().splitlines())
        if "\n".join(before.splitlines()) != after:
            changes.append(Change(name, before, after))
            setattr(session, name, after)
    return changes


def _details(session: Session, given: Mapping[str, Any] | None) -> list[Change]:
    if given is None:
        return []
    kept = settled(session.kind, session.agenda.values_list("tag", flat=True), given)
    changes = [
        Change(f"details.{each.key}"[:40], written(each, before), written(each, after))
        for each in asked(session.kind, all_tags(session.kind))
        if (before := session.details.get(each.key)) != (after := kept.get(each.key))
    ]
    session.details = kept
    return changes


def _day(session: Session, held_on: date | None, known_at: int) -> list[Change]:
    if held_on is None or held_on == session.held_on:
        return []
    # the meeting was entered on a known day, so it cannot have been held after it
    latest = session.entered_on or held_on
    refuse_if(checks.day_is_lawful(session.organisation, held_on, latest))
    before = session.held_on.isoformat() if session.held_on else ""
    session.held_on, session.entry_delay = held_on, (latest - held_on).days
    session.attendance.update(held_on=held_on, known_at=known_at)
    session.agenda.update(held_on=held_on, known_at=known_at)
    return [Change("held_on", before, held_on.isoformat())]


def _study(session: Session, minutes: int | None, known_at: int) -> list[Change]:
    if minutes is None or minutes == session.study_minutes:
        return []
    before, session.study_minutes = session.study_minutes, minutes
    session.attendance.filter(state=AttendanceState.PRESENT).update(study_minutes=minutes, known_at=known_at)
    return [Change("study_minutes", str(before), str(minutes))]


def _attendance(session: Session, told: Mapping[int, tuple[str, str]], known_at: int) -> list[Change]:
    if not told:
        return []
    rows = {row.person_id: row for row in session.attendance.select_related("person")}
    if unknown := set(told) - rows.keys():
        raise ValueError(f"not in the attendance of meeting {session.pk}: {sorted(unknown)}")
    changes = []
    for person, (state, reason) in told.items():
        row = rows[person]
        if (row.state, row.reason) == (state, reason):
            continue
        before = _spoken(row.person.name, row.state, row.reason)
        row.state, row.reason = AttendanceState(state), reason[:80]
        row.study_minutes = session.study_minutes if state == AttendanceState.PRESENT else 0
        row.known_at = known_at
        row.save(update_fields=["state", "reason", "study_minutes", "known_at"])
        changes.append(Change("attendance", before, _spoken(row.person.name, state, reason)))
    if changes and len(rows) >= session.expected_count:
        checks.count(session, {row.person_id: (row.state, row.votes) for row in rows.values()})
    return changes


def _spoken(name: str, state: str, reason: str) -> str:
    label = in_chinese(AttendanceState(state).label)
    return f"{name} {label}（{reason}）" if reason else f"{name} {label}"


def _resolutions(session: Session, told: Mapping[int, str]) -> list[Change]:
    changes = []
    for item in session.agenda.filter(pk__in=told):
        after = "\n".join(told[item.pk].strip().splitlines())
        if "\n".join(item.resolution.splitlines()) == after:
            continue
        changes.append(Change("resolution", f"{item.title}：{item.resolution}", f"{item.title}：{after}"))
        item.resolution = after
        item.save(update_fields=["resolution"])
    return changes
