"""A ledger of meetings is entered as a whole, and can be taken back as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor, may
from zhibu.core.refusal import Refusal, Refused, refuse_if
from zhibu.life import imports
from zhibu.life.actions import checks
from zhibu.life.models import AgendaItem, Attendance, AttendanceState, Session, SessionState
from zhibu.record.models import ImportBatch, ImportState
from zhibu.record.past import instant, take_back
from zhibu.record.progress import WRITING, Tell, silent
from zhibu.record.writing import Draft, write_many
from zhibu.register.models import Organisation

KIND = "meetings"
CHUNK = 500


@transaction.atomic
def stage_meetings(actor: Actor, *, report: imports.Report, now: datetime) -> ImportBatch:
    """Keep a checked ledger until someone decides; nothing is entered yet."""
    batch = ImportBatch.objects.create(
        kind=KIND, file_name=report.file_name[:200], sha256=report.sha256, rows=report.rows,
        state=ImportState.REFUSED if report.refused else ImportState.STAGED, report=report.as_json(),
        staged=[] if report.refused else [imports.planned_as_json(each) for each in report.planned],
        actor_user=actor.user, actor_name=actor.name, at=now,
    )  # fmt: skip
    report.batch = batch.pk
    return batch


@transaction.atomic
def import_meetings(
    actor: Actor, *, now: datetime, report: imports.Report | None = None, batch: ImportBatch | None = None,
    tell: Tell = silent,
) -> ImportBatch:  # fmt: skip
    """Enter all meetings of a checked ledger, or none. Every one is marked as entered today, after the event.

    Give the report of a check, or the batch in which it was staged. What was entered meanwhile is left alone.
    """
    if batch is None:
        if report is None:
            raise ValueError("import_meetings needs a report or a batch")
        refuse_if(_without_errors(report))
        batch = stage_meetings(actor, report=report, now=now)
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    refuse_if(_of_state(batch, ImportState.STAGED))
    planned = [imports.planned_from(row) for row in batch.staged]
    places = {
        each.pk: each for each in Organisation.objects.filter(pk__in={row.organisation for row in planned})
    }
    refuse_if(*(_in_reach(actor, place) for place in places.values()))
    keys = [row.key for row in planned]
    known = (
        set(Session.objects.filter(import_key__in=keys).values_list("import_key", flat=True))
        if keys
        else set()
    )
    planned = [row for row in planned if row.key not in known]
    _enter(actor, batch, planned, now, tell)
    batch.state, batch.applied_at, batch.staged = ImportState.APPLIED, now, []
    batch.report = {**batch.report, "imported": len(planned), "batch": batch.pk}
    batch.save()
    if report is not None:
        report.imported, report.batch = len(planned), batch.pk
    _record(
        actor,
        "life.import_meetings",
        batch,
        Counter(row.organisation for row in planned),
        places=places,
        now=now,
    )
    return batch


@transaction.atomic
def undo_import(actor: Actor, *, batch: ImportBatch, now: datetime) -> int:
    """Take back the meetings of an import; refused when one of them was corrected since. Returns how many."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    refuse_if(_of_state(batch, ImportState.APPLIED))
    rows = Session.objects.filter(batch=batch)
    places = {
        each.pk: each
        for each in Organisation.objects.filter(pk__in=rows.values("organisation_id").distinct())
    }
    refuse_if(*(_in_reach(actor, place, "life.undo_import") for place in places.values()))
    changed = list(rows.filter(version__gt=1).values_list("title", "held_on")[:5])
    if changed:
        told = "、".join(f"{day} {title}" for title, day in changed)
        raise Refused(
            Refusal(
                "life.import_changed_since", _("导入之后已有会议被更正：{told}"), {"told": told},
                remedy=_("不能整批撤销，请逐次更正"),
            )
        )  # fmt: skip
    counts = Counter(rows.values_list("organisation_id", flat=True))
    # rows of a batch are taken out by their batch, not one by one: a year's ledger has ten thousand
    known_at = instant(now)
    for model in (Attendance, AgendaItem):
        take_back(model.objects.filter(session__in=rows.values("pk")), known_at)
    take_back(rows, known_at)
    batch.state, batch.undone_at = ImportState.UNDONE, now
    batch.save(update_fields=["state", "undone_at"])
    _record(actor, "life.undo_import", batch, counts, places=places, now=now)
    return counts.total()


def _enter(
    actor: Actor, batch: ImportBatch, planned: list[imports.Planned], now: datetime, tell: Tell
) -> None:
    known_at = instant(now)
    tell(WRITING, 0, len(planned))
    for start in range(0, len(planned), CHUNK):
        some = planned[start : start + CHUNK]
        sessions = Session.objects.bulk_create(
            [_session(row, batch, actor, now, known_at) for row in some], batch_size=500
        )
        AgendaItem.objects.bulk_create(_agenda(sessions, some, known_at), batch_size=500)
        Attendance.objects.bulk_create(_attendance(sessions, some, known_at), batch_size=2000)
        tell(WRITING, start + len(some), len(planned))


def _session(row: imports.Planned, batch: ImportBatch, actor: Actor, now: datetime, known_at: int) -> Session:
    today = checks.local_day(now)
    held_on = date.fromisoformat(row.held_on)
    missing = {person for person, _state, _reason in row.missing}
    excused = sum(state == AttendanceState.EXCUSED for _person, state, _reason in row.missing)
    return Session(
        organisation_id=row.organisation, party_group_id=row.party_group, kind=row.kind, state=SessionState.CLOSED,
        title=row.title, place=row.place, held_on=held_on, chair_id=row.chair, minute_taker_id=row.minute_taker,
        minutes=row.minutes, expected_count=row.expected, present_count=row.present, excused_count=excused,
        absent_count=max(0, row.expected - row.present - excused), half_present=checks.half(row.present, row.expected),
        expected_voters=sum(votes for _person, votes in row.roll),
        voters_present=sum(votes for person, votes in row.roll if person not in missing),
        entered_on=today, entry_delay=(today - held_on).days, closed_at=now, closed_by=actor.name[:60], batch=batch,
        import_key=row.key, known_at=known_at,
    )  # fmt: skip


def _agenda(sessions: list[Session], planned: list[imports.Planned], known_at: int) -> Iterable[AgendaItem]:
    for session, row in zip(sessions, planned, strict=True):
        yield AgendaItem(
            session=session, organisation_id=row.organisation, title=row.title, tag=row.tag, resolution=row.resolution,
            session_kind=row.kind, session_closed=1, held_on=session.held_on, known_at=known_at,
        )  # fmt: skip


def _attendance(
    sessions: list[Session], planned: list[imports.Planned], known_at: int
) -> Iterable[Attendance]:
    """The whole roll where ledger and register agree; else only those named as missing: presence is never invented."""
    for session, row in zip(sessions, planned, strict=True):
        missing = {person: (state, reason) for person, state, reason in row.missing}
        people = dict(row.roll) or dict.fromkeys(missing, False)
        for person, votes in people.items():
            state, reason = missing.get(person, (AttendanceState.PRESENT.value, ""))
            yield Attendance(
                session=session, organisation_id=row.organisation, person_id=person, state=state, reason=reason,
                votes=int(votes), held_on=session.held_on, known_at=known_at,
            )  # fmt: skip


def _record(
    actor: Actor,
    act: str,
    batch: ImportBatch,
    counts: Counter[int],
    *,
    places: dict[int, Organisation],
    now: datetime,
) -> None:
    """One entry in the chain of every branch concerned."""
    write_many(
        Draft(
            actor,
            act,
            batch,
            places[pk],
            now,
            {"meetings": number, "file": batch.file_name, "sha256": batch.sha256},
        )
        for pk, number in sorted(counts.items())
    )


def _without_errors(report: imports.Report) -> Refusal | None:
    if not report.refused:
        return None
    return Refusal(
        "life.ledger_has_errors", _("台账有 {count} 处错误，没有导入任何一行"), {"count": len(report.refused)},
        remedy=_("请按提示改正后重新上传"),
    )  # fmt: skip


def _of_state(batch: ImportBatch, state: ImportState) -> Refusal | None:
    if batch.kind == KIND and batch.state == state:
        return None
    return Refusal("life.batch_is_not_" + state.value, _("这批台账现在是“{state}”，不能再这样做"),
                   {"state": ImportState(batch.state).label})  # fmt: skip


def _in_reach(actor: Actor, place: Organisation, verb: str = "life.import_meetings") -> Refusal | None:
    if may(actor, verb, place.path):
        return None
    return Refusal("life.no_mandate", _("您的职务不能在“{name}”办理这件事"), {"name": place.name},
                   remedy=_("请由有权的人办理"))  # fmt: skip
