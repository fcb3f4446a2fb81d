"""Meetings as they are listed and shown, with their honest states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhibu import record, rulebook
from zhibu.accounts.models import User
from zhibu.ballots.models import Ballot
from zhibu.ballots.queries import decided
from zhibu.core.authority import Actor
from zhibu.core.calendar import Month, Quarter
from zhibu.life import kinds, policies
from zhibu.life.details import all_tags, asked
from zhibu.life.models import AgendaItem, Attendance, Correction, MinutesDraft, Remark, Session, SessionState
from zhibu.life.queries.collecting import offered
from zhibu.life.queries.following import reported
from zhibu.life.queries.holding import by_item, decisions_of, remarks_of
from zhibu.record.fields import DayField
from zhibu.record.models import Entry

LISTED = (
    "id", "kind", "state", "title", "planned_on", "starts_at", "held_on", "place", "expected_count", "present_count",
    "excused_count", "absent_count", "made_up", "makes_up_for", "entered_on", "entry_delay", "cancel_reason",
    "batch_id", "organisation_id", "organisation__name", "party_group__name",
)  # fmt: skip
RELATED = ("organisation", "party_group", "chair", "minute_taker", "batch")


@dataclass(frozen=True, slots=True)
class Mark:
    """A word about a meeting and its tone for the page."""

    text: str
    tone: str


def _value(row: Any, name: str) -> Any:
    return row[name] if isinstance(row, Mapping) else getattr(row, name)


def late_after(today: date) -> int | None:
    """Days after a meeting from which its entry is called late, by the assessment scheme; None when it sets none."""
    try:
        return int(rulebook.load().scheme.number("entered_late_after", today))
    except KeyError:
        return None


def state_marks(row: Any, today: date, limit: int | None = None) -> list[Mark]:
    """Where a meeting stands, then everything about it that must not be hidden.

    Held late: in a later month than planned. Made up: for a month already over. Entered late: days after it was
    held. None of these is ever removed by a correction. `limit`: see `late_after`; without one the days
    are told and not judged.
    """
    marks = [_standing(row, today)]
    held, planned = _value(row, "held_on"), _value(row, "planned_on")
    if _value(row, "made_up") and (month := _value(row, "makes_up_for")):
        marks.append(Mark(_("补开%(month)d月") % {"month": month.month}, "soon"))
    elif held and planned and Month.of(held) > Month.of(planned):
        marks.append(Mark(_("延期召开"), "soon"))
    if held and (days := _value(row, "entry_delay")) > 0:
        late = limit is not None and days > limit
        words = (
            ngettext("迟录：会后 %(days)d 天", "迟录：会后 %(days)d 天", days)
            if late
            else ngettext("会后 %(days)d 天录入", "会后 %(days)d 天录入", days)
        )
        marks.append(Mark(words % {"days": days}, "soon" if late else "idle"))
    if _value(row, "batch_id"):
        marks.append(Mark(_("台账导入"), "idle"))
    return marks


def _standing(row: Any, today: date) -> Mark:
    state, planned = _value(row, "state"), _value(row, "planned_on")
    if state in {SessionState.PLANNED, SessionState.CONVENED}:
        if planned and planned < today:
            return Mark(_("逾期未记"), "overdue")
        return Mark(str(SessionState(state).label), "open")
    tones = {SessionState.HELD: "soon", SessionState.CLOSED: "done", SessionState.CANCELLED: "idle"}
    words = {SessionState.HELD: _("已召开，未归档")}
    return Mark(words.get(state) or str(SessionState(state).label), tones[SessionState(state)])


def session_for(actor: Actor, pk: int, *, lock: bool = False) -> Session:
    """One meeting within reach, or 404."""
    found: QuerySet[Session] = policies.visible_to(actor, Session.objects.select_related(*RELATED))
    try:
        return (found.select_for_update(of=("self",)) if lock else found).get(pk=pk)
    except Session.DoesNotExist:
        raise Http404(pk) from None


def listed(actor: Actor, *, kind: str = "", state: str = "", quarter: Quarter | None = None, branch: int | None = None,
           search: str = "") -> QuerySet[Any, Any]:  # fmt: skip
    """Meetings within reach, newest first, as plain rows. The day is when it was held, else when it is planned."""
    rows = policies.visible_to(actor, Session.objects.all()).annotate(
        day=Coalesce("held_on", "planned_on", output_field=DayField())
    )
    if kind:
        rows = rows.filter(kind=kind)
    if state == "late":
        rows = rows.filter(Q(entry_delay__gt=0) | Q(made_up=1))
    elif state == "open":
        rows = rows.filter(state__in=policies.OPEN)
    elif state:
        rows = rows.filter(state=state)
    if quarter is not None:
        rows = rows.filter(
            Q(held_on__range=(quarter.first, quarter.last))
            | Q(held_on__isnull=True, planned_on__range=(quarter.first, quarter.last))
        )
    if branch is not None:
        rows = rows.filter(organisation_id=branch)
    if search:
        rows = rows.filter(title__icontains=search)
    return rows.order_by("-day", "-id").values(*LISTED, "day")


def last_of_kind(organisation: int, kind: str, party_group: int | None = None) -> Session | None:
    """The latest meeting of the kind that was held: what the next one is prefilled from."""
    found = Session.objects.filter(
        organisation_id=organisation, kind=kind, state__in=(SessionState.HELD, SessionState.CLOSED)
    )
    if party_group is not None:
        found = found.filter(party_group_id=party_group)
    return found.order_by("-held_on", "-id").first()


def same_day(organisation: int, kind: str, day: date, party_group: int | None) -> Session | None:
    """A meeting of the same kind and group on the same day that was not cancelled: perhaps the same one."""
    return (
        Session.objects.filter(
            organisation_id=organisation, kind=kind, held_on=day, party_group_id=party_group
        )
        .exclude(state=SessionState.CANCELLED)
        .first()
    )


def counted(organisation: int, quarter: Quarter) -> dict[str, int]:
    """Closed meetings of a branch in a quarter by kind."""
    kinds = Session.objects.filter(
        organisation_id=organisation, state=SessionState.CLOSED, held_on__range=(quarter.first, quarter.last)
    ).values_list("kind", flat=True)
    found: dict[str, int] = {}
    for kind in kinds:
        found[kind] = found.get(kind, 0) + 1
    return found


def kind_choices() -> list[tuple[str, str]]:
    """Kinds of meeting in the order people think of them."""
    return kinds.choices()


def attendance_of(session: Session) -> list[dict[str, Any]]:
    """Who was there and who was not, in one query; absent first, because they are the ones looked for."""
    order = {"absent": 0, "excused": 1, "exempt": 2, "present": 3, "observer": 4}
    rows = (dict(zip(OF_ROLL, row, strict=True)) for row in record.rows(_roll, session.pk))
    return sorted(rows, key=lambda row: (order[row["state"]], row["person__initials"], row["person_id"]))


OF_ROLL = ("person_id", "person__name", "person__initials", "state", "reason", "votes", "way")


def _roll(session: int) -> QuerySet[Attendance, Any]:
    return Attendance.objects.filter(session=session).values_list(*OF_ROLL)


def session_of_item(actor: Actor, pk: int) -> int:
    """The meeting an agenda item belongs to, within reach, or 404."""
    found = (
        policies.visible_to(actor, Session.objects.filter(agenda__pk=pk)).values_list("id", flat=True).first()
    )
    if found is None:
        raise Http404(pk)
    return int(found)


def draft_of(session: Session, user: int) -> dict[str, Any] | None:
    """What this person was typing and did not save."""
    rows = MinutesDraft.objects.filter(session=session, user=user)
    row = rows.values("values", "based_on", "saved_at").first()
    return dict(row) if row else None


def others_writing(session: Session, user: int, since: datetime) -> list[tuple[str, datetime]]:
    """Who else is writing these minutes: names, and when their words were kept last."""
    rows = MinutesDraft.objects.filter(session=session, saved_at__gte=since).exclude(user=user)
    drafts = dict(rows.values_list("user", "saved_at"))
    people = User.objects.filter(pk__in=drafts).values_list("pk", "person__name", "username")
    return [(name or username, drafts[pk]) for pk, name, username in people]


def last_writer(session: Session) -> str:
    """Who changed a meeting last, by the record."""
    rows = Entry.objects.filter(subject_table="zb_session", subject_id=session.pk)
    return rows.order_by("-id").values_list("actor_name", flat=True).first() or ""


def minutes_initial(session: Session) -> dict[str, Any]:
    """The minutes as they stand, for the form; the version goes with them."""
    return {
        "title": session.title,
        "place": session.place,
        "minutes": session.minutes,
        "version": session.version,
        "details": session.details or _begun(session),
    }


def _begun(session: Session) -> dict[str, Any]:
    """What the details of a meeting begin with: what came of the last list, and what was collected beforehand."""
    if session.state not in {SessionState.CONVENED, SessionState.HELD}:
        return {}
    day = session.held_on or session.planned_on
    told = reported(session.organisation_id, session.kind, day) if day else {}
    return told | offered(session)


def agenda_of(session: Session) -> list[dict[str, Any]]:
    """The agenda in order, with its resolutions, the votes held on it and what was said."""
    return agenda_and_loose(session)[0]


def agenda_and_loose(session: Session) -> tuple[list[dict[str, Any]], list[Remark]]:
    """The agenda as `agenda_of` tells it, and the remarks on none of its items."""
    rows: list[dict[str, Any]] = [
        dict(zip(OF_ITEM, row, strict=True)) for row in record.rows(_agenda, session.pk)
    ]
    held, shown = ballots_of(session), decisions_of(session)
    said = by_item(remarks_of(session), [str(row["title"]) for row in rows])
    for row in rows:
        row["decision"], row["remarks"] = shown.get(str(row["title"])), said[str(row["title"])]
        row["ballots"] = [each for each in held if each[1].startswith(str(row["title"]))]
    return rows, said[""]


OF_ITEM = ("id", "position", "title", "tag", "resolution")


def _agenda(session: int) -> QuerySet[AgendaItem, Any]:
    return AgendaItem.objects.filter(session=session).values_list(*OF_ITEM)


def ballots_of(session: Session) -> list[tuple[int, str, str]]:
    """The votes held at a meeting: id, what on, and the result in a sentence (empty before the count)."""
    if not record.rows(_votes, origin_of(session)):
        return []
    rows = Ballot.objects.filter(origin=origin_of(session)).order_by("id")
    return [(each.pk, each.title, decided(each)) for each in rows]


def _votes(origin: str) -> QuerySet[Ballot, Any]:
    return Ballot.objects.filter(origin=origin).values_list("pk")[:1]


def origin_of(session: Session) -> str:
    """How a vote says at which meeting it was held. Lines of an agenda are written anew at every edit; it stays."""
    return f"life.session:{session.pk}"


OF_CORRECTION = ("field", "before", "after", "reason", "by_name", "at")


def _corrected(session: int) -> QuerySet[Correction, Any]:
    return Correction.objects.filter(session=session).order_by("at", "id").values_list(*OF_CORRECTION)


def corrections_of(session: Session) -> list[dict[str, Any]]:
    """Every correction since the minutes were closed, oldest first, its field in words."""
    labels = {
        "title": _("名称"),
        "place": _("地点"),
        "minutes": _("会议记录"),
        "held_on": _("召开日期"),
        "study_minutes": _("学习时长（分钟）"),
        "attendance": _("到会"),
        "resolution": _("决议"),
    }
    rows = [dict(zip(OF_CORRECTION, row, strict=True)) for row in record.rows(_corrected, session.pk)]
    labels |= {f"details.{each.key}"[:40]: each.title for each in asked(session.kind, all_tags(session.kind))}
    return [{**row, "label": labels.get(row["field"], row["field"])} for row in rows]
