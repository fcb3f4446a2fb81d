"""Those who were not there: what each missed and how far it is made up, for the person and for the branch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from zhibu import record
from zhibu.core.authority import Actor
from zhibu.core.calendar import Quarter
from zhibu.life import policies
from zhibu.life.limits import limit
from zhibu.life.models import Attendance, AttendanceState, Session, SessionState
from zhibu.life.models.missing import Exemption, MakeUp, MakeUpState, Voice, VoiceKind
from zhibu.register.models import MEMBER_STAGES, Membership, Organisation
from zhibu.ui import formats

MISSING = (AttendanceState.ABSENT, AttendanceState.EXCUSED, AttendanceState.EXEMPT)
BACK = timedelta(days=365)
OF_ROW = (
    "session_id",
    "person_id",
    "person__name",
    "state",
    "reason",
    "held_on",
    "session__title",
    "session__kind",
)


@dataclass(frozen=True, slots=True)
class Missed:
    """One meeting one person was not at, and where that stands.

    `standing`: made_up, reported, returned, exempt, due (within the term) or missed (the term is over).
    """

    session: int
    person: int
    name: str
    title: str
    kind: str
    held_on: date
    reason: str
    standing: str
    due_on: date | None
    make_up: MakeUp | None = None

    @property
    def mark(self) -> tuple[str, str]:
        """The standing in words with its tone."""
        made = self.make_up
        if self.standing == "made_up" and made is not None:
            words = _("已补：%(way)s") % {"way": made.get_way_display()}
            return (words, "done") if made.in_time else (_("%(told)s（逾期）") % {"told": words}, "part")
        if self.standing == "due" and self.due_on is not None:
            return _("%(day)s前补上") % {"day": formats.day(self.due_on)}, "soon"
        return {
            "reported": (_("已报，待支部确认"), "wait"),
            "returned": (_("退回再补"), "no"),
            "exempt": (_("可不到会，送学上门"), "idle"),
            "missed": (_("未补"), "overdue"),
        }.get(self.standing, (_("未补"), "open"))

    @property
    def open(self) -> bool:
        """Whether something is still to be made up."""
        return self.standing in {"due", "missed", "returned"}


def due_on(held_on: date) -> date | None:
    """Until when a meeting of this day should be made up, by the rule in force on it."""
    found = limit("make_up_days", held_on)
    return held_on + timedelta(days=found.number) if found else None


def missed_by(person: int, today: date) -> list[Missed]:
    """What a person missed in the last twelve months, newest first."""
    found = [dict(zip(OF_ROW, row, strict=True)) for row in record.rows(_of_person, person, today - BACK)]
    if not found:
        return []
    rows = MakeUp.objects.filter(person=person) if record.rows(_made_up, person) else ()
    made = {(each.session_id, person): each for each in rows}
    exempt = record.rows(_exempt, person)
    return [_missed(row, today, made, exempt) for row in found]


def _made_up(person: int) -> QuerySet[MakeUp, Any]:
    return MakeUp.objects.filter(person=person).values_list("pk")[:1]


def _exempt(person: int) -> QuerySet[Exemption, Any]:
    return Exemption.objects.filter(person=person).values_list("person_id", "since", "until")


def _of_person(person: int, after: date) -> QuerySet[Attendance, Any]:
    rows = Attendance.objects.filter(person_id=person, state__in=MISSING, held_on__gt=after)
    return _closed(rows).values_list(*OF_ROW)


def attended_at(person: int, today: date) -> record.Places:
    """The branches at whose meetings a person was or should have been in the last twelve months."""
    since = min(today - BACK, date(today.year, 1, 1))
    return record.places_in(
        "SELECT DISTINCT organisation_id FROM zb_attendance WHERE person_id = %s AND held_on >= %s",
        person,
        Attendance._meta.get_field("held_on").get_prep_value(since),
    )


def missed_in(branch: Organisation, today: date, quarter: Quarter) -> list[Missed]:
    """What people of a branch missed in a quarter, newest first."""
    rows = Attendance.objects.filter(
        organisation=branch, state__in=MISSING, held_on__range=(quarter.first, quarter.last)
    )
    return _standing(_of(rows, today))


def missed_of(session: Session, today: date) -> list[Missed]:
    """Who was not at one meeting."""
    return _standing(_of(Attendance.objects.filter(session=session, state__in=MISSING), today))


def _of(rows: Any, today: date) -> tuple[list[dict[str, Any]], date]:
    return [dict(row) for row in _closed(rows).values(*OF_ROW)], today


def _closed(rows: Any) -> Any:
    closed = rows.filter(session__state__in=(SessionState.HELD, SessionState.CLOSED))
    return closed.order_by("-held_on", "-session_id", "person_id")


def _standing(found: tuple[list[dict[str, Any]], date]) -> list[Missed]:
    rows, today = found
    if not rows:
        return []
    sessions, people = {row["session_id"] for row in rows}, {row["person_id"] for row in rows}
    made = {
        (each.session_id, each.person_id): each
        for each in MakeUp.objects.filter(session__in=sessions, person__in=people)
    }
    exempt = list(Exemption.objects.filter(person__in=people).values_list("person_id", "since", "until"))
    return [_missed(row, today, made, exempt) for row in rows]


def _missed(
    row: Mapping[str, Any], today: date, made: Mapping[tuple[int, int], MakeUp], exempt: Iterable[tuple[int, date, date | None]]
) -> Missed:  # fmt: skip
    held_on, person = row["held_on"], row["person_id"]
    make_up, due = made.get((row["session_id"], person)), due_on(held_on)
    if make_up is not None:
        standing = "made_up" if make_up.state == MakeUpState.CONFIRMED else str(make_up.state)
    elif row["state"] == AttendanceState.EXEMPT or any(
        who == person and since <= held_on and (until is None or held_on < until)
        for who, since, until in exempt
    ):
        standing = "exempt"
    else:
        standing = "due" if due is None or today <= due else "missed"
    return Missed(
        row["session_id"], person, row["person__name"], row["session__title"], row["session__kind"], held_on,
        row["reason"], standing, due, make_up,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reached:
    """Expected at the meetings of a quarter, and what became of it: the five never add up into one figure."""

    expected: int
    attended: int
    made_up: int
    exempt: int
    waiting: int
    missed: int


def reached(branch: Organisation, quarter: Quarter, rows: Iterable[Missed]) -> Reached:
    """How many attendances of the quarter's meetings were kept, made up, exempt, wait, and were missed."""
    held = Attendance.objects.filter(organisation=branch, held_on__range=(quarter.first, quarter.last))
    held = held.filter(session__state__in=(SessionState.HELD, SessionState.CLOSED))
    attended = held.filter(state=AttendanceState.PRESENT).count()
    counted = Counter(row.standing for row in rows)
    return Reached(
        attended + sum(counted.values()), attended, counted["made_up"], counted["exempt"],
        counted["due"] + counted["reported"] + counted["returned"], counted["missed"],
    )  # fmt: skip


def missed_session_for(actor: Actor, pk: int, today: date) -> tuple[Session, Missed]:
    """A meeting the actor was not at, or 404. One's own row is enough: it needs no mandate over the branch."""
    found = Session.objects.select_related("organisation", "party_group", "chair").filter(pk=pk).first()
    mine = (
        [row for row in missed_of(found, today) if row.person == actor.person]
        if found and actor.person
        else []
    )
    if found is None or not mine:
        raise Http404(pk)
    return found, mine[0]


def may_open(actor: Actor, session: Session) -> bool:
    """Whether the meeting's own page, and with it its files, opens to the actor."""
    return policies.visible_to(actor, Session.objects.filter(pk=session.pk)).exists()


def make_up_for(actor: Actor, pk: int) -> MakeUp:
    """What somebody says made up for a meeting of the actor's part, or 404."""
    rows = MakeUp.objects.select_related(
        "session__organisation", "session__party_group", "person", "organisation"
    )
    found = policies.visible_to(actor, rows, "life.confirm_make_up").filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found


def reported_in(branch: Organisation) -> list[MakeUp]:
    """What members of a branch say they made up and nobody confirmed yet."""
    rows = MakeUp.objects.filter(organisation=branch, state=MakeUpState.REPORTED)
    return list(rows.select_related("person", "session").order_by("done_on", "id"))


def waiting_in(branch: Organisation) -> tuple[int, int]:
    """How many make-ups of a branch wait to be confirmed, and how many voices for an answer."""
    return len(record.rows(_reported, branch.pk)), len(record.rows(_unanswered, branch.pk))


def _reported(branch: int) -> QuerySet[MakeUp, Any]:
    return MakeUp.objects.filter(organisation=branch, state=MakeUpState.REPORTED).values_list("pk")


def _unanswered(branch: int) -> QuerySet[Voice, Any]:
    rows = Voice.objects.filter(organisation=branch, answered_on__isnull=True)
    # what was collected before a meeting is answered there
    return rows.exclude(kind=VoiceKind.BEFOREHAND).values_list("pk")[:100]


def voices_to(branch: Organisation) -> list[Voice]:
    """Voices of members to a branch, the unanswered first."""
    rows = Voice.objects.filter(organisation=branch).exclude(kind=VoiceKind.BEFOREHAND)
    rows = rows.select_related("person", "session")
    return list(rows.order_by("answered_on", "-sent_on", "-id")[:100])


def voices_of(person: int, session: int | None = None) -> list[Voice]:
    """One's own voices, newest first; of one meeting, oldest first."""
    rows = Voice.objects.filter(person_id=person).select_related("session", "organisation")
    if session is not None:
        return list(rows.filter(session_id=session).order_by("id"))
    return list(rows.order_by("-sent_on", "-id")[:50])


def voice_for(actor: Actor, pk: int) -> Voice:
    """A voice to a branch where the actor answers, or 404."""
    rows = Voice.objects.select_related("organisation", "person", "session")
    rows = rows.exclude(kind=VoiceKind.BEFOREHAND)
    found = policies.visible_to(actor, rows, "life.answer_voice").filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found


def may_stay_away(branch: Organisation, today: date) -> bool:
    """Whether anybody need not come to meetings of a branch today."""
    return bool(record.rows(_exempted, branch.pk, today))


def _exempted(branch: int, today: date) -> QuerySet[Exemption, Any]:
    current = Q(since__lte=today) & (Q(until__isnull=True) | Q(until__gt=today))
    return Exemption.objects.filter(current, organisation=branch).values_list("pk")[:1]


def exemptions_in(branch: Organisation, today: date) -> list[Exemption]:
    """Who need not come to meetings of a branch today."""
    current = Q(since__lte=today) & (Q(until__isnull=True) | Q(until__gt=today))
    rows = Exemption.objects.filter(current, organisation=branch).select_related("person")
    return list(rows.order_by("person__initials", "id"))


def exemption_for(actor: Actor, pk: int, verb: str = "life.end_exemption") -> Exemption:
    """An exemption in a branch where the actor records them, or 404."""
    rows = Exemption.objects.select_related("organisation", "person")
    found = policies.visible_to(actor, rows, verb).filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found


def home_of(person: int | None) -> Organisation | None:
    """The branch a member belongs to."""
    if person is None:
        return None
    spell = (
        Membership.objects.filter(person_id=person, until__isnull=True, stage__in=MEMBER_STAGES)
        .select_related("organisation")
        .first()
    )
    return spell.organisation if spell else None
