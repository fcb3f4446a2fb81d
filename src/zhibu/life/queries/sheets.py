"""Meetings as their papers tell them: read from the rows, in Chinese, whoever asks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from zhibu.core.authority import Actor
from zhibu.core.calendar import Quarter
from zhibu.life import kinds, policies
from zhibu.life.models import AttendanceState, AttendanceWay, Session, SessionState
from zhibu.life.queries.details import shown
from zhibu.life.queries.holding import quorum
from zhibu.life.queries.sessions import RELATED, agenda_and_loose, attendance_of, corrections_of
from zhibu.life.sheets import Came, Item, MeetingPaper
from zhibu.register.models import MEMBER_STAGES, Membership, Organisation, Stage
from zhibu.ui import formats
from zhibu.ui.language import chinese

STATES = {
    AttendanceState.PRESENT: "实到", AttendanceState.EXCUSED: "请假", AttendanceState.ABSENT: "缺席",
    AttendanceState.EXEMPT: "可不到会", AttendanceState.OBSERVER: "列席",
}  # fmt: skip


def paper_of(session: Session) -> MeetingPaper:
    """A meeting as its papers tell it."""
    with chinese():
        return _paper(session)


def papers_of(actor: Actor, organisation: Organisation, quarter: Quarter) -> list[MeetingPaper]:
    """The closed meetings of a branch and its groups in a quarter, in order of their days."""
    rows: QuerySet[Session] = policies.visible_to(
        actor, Session.objects.select_related(*RELATED), "life.export_book"
    )
    rows = rows.filter(
        organisation=organisation, state=SessionState.CLOSED, held_on__range=(quarter.first, quarter.last)
    )
    with chinese():
        return [_paper(session) for session in rows.order_by("held_on", "starts_at", "pk")]


def _paper(session: Session) -> MeetingPaper:
    rows = attendance_of(session)
    agenda, loose = agenda_and_loose(session)
    return MeetingPaper(
        branch=session.organisation.name + (session.party_group.name if session.party_group else ""),
        kind=kinds.title_zh(session.kind), short=kinds.short_zh(session.kind), title=session.title, day=session.held_on or session.planned_on or date.min,
        time=formats.clock(session.starts_at) if session.starts_at else "", place=session.place,
        chair=session.chair.name if session.chair else "",
        minute_taker=session.minute_taker.name if session.minute_taker else "",
        counts=_counts(session, rows), came_of=f"{session.present_count}/{session.expected_count}", quorum=_quorum(session),
        missing="、".join(_with_reason(row) for row in rows if row["state"] in {"excused", "absent"}),
        observers="、".join(row["person__name"] for row in rows if row["state"] == "observer"),
        items=[_item(row) for row in agenda],
        details=[(each.label, each.lines or (each.text,)) for each in shown(session)],
        remarks=[(each.speaker, each.text) for each in loose],
        minutes=session.minutes,
        corrections=[_correction(row) for row in corrections_of(session)],
        came=_came(session, rows),
        closed=session.closed_by,
    )  # fmt: skip


def _quorum(session: Session) -> str:
    found = quorum(session)
    return found.said if found else ""


def _counts(session: Session, rows: list[dict[str, Any]]) -> str:
    told = [f"应到 {session.expected_count} 人", f"实到 {session.present_count} 人"]
    online = sum(row["way"] == AttendanceWay.ONLINE for row in rows)
    told += [f"其中线上 {online} 人"] if online else []
    told += [f"请假 {session.excused_count} 人"] if session.excused_count else []
    told += [f"缺席 {session.absent_count} 人"] if session.absent_count else []
    exempt = sum(row["state"] == AttendanceState.EXEMPT for row in rows)
    told += [f"另有可不到会 {exempt} 人"] if exempt else []
    return "，".join(told)


def _with_reason(row: dict[str, Any]) -> str:
    reason = row["reason"] or ("未请假" if row["state"] == "absent" else "")
    return f"{row['person__name']}（{reason}）" if reason else str(row["person__name"])


def _item(row: dict[str, Any]) -> Item:
    votes = [row["decision"].said] if row["decision"] else []
    votes += [told for _pk, _title, told in row["ballots"] if told]
    return Item(
        row["title"], [(each.speaker, each.text) for each in row["remarks"]], votes, row["resolution"]
    )


def _correction(row: dict[str, Any]) -> str:
    return (
        f"{formats.instant(row['at'])} {row['by_name']}更正{row['label']}：原为“{row['before']}”，"
        f"改为“{row['after']}”。原因：{row['reason']}"
    )


def _came(session: Session, rows: Iterable[dict[str, Any]]) -> list[Came]:
    found = sorted(
        rows, key=lambda row: (row["state"] == "observer", row["person__initials"], row["person_id"])
    )
    probationary = set(
        Membership.objects.filter(
            person__in=[row["person_id"] for row in found], stage=Stage.PROBATIONARY_MEMBER,
            organisation=session.organisation,
        ).filter(stage__in=MEMBER_STAGES).values_list("person_id", flat=True)
    )  # fmt: skip
    made = []
    for row in found:
        state = AttendanceState(row["state"])
        online = state == AttendanceState.PRESENT and row["way"] == AttendanceWay.ONLINE
        note = "正式党员" if row["votes"] else "预备党员" if row["person_id"] in probationary else ""
        told = "线上参加" if online else STATES[state]
        made.append(Came(row["person__name"], note, told, row["reason"], state == AttendanceState.OBSERVER))
    return made
