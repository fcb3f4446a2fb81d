"""Cases in lists: filtered, by stage, what waits above, what falls due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.http import Http404

from zhibu import rulebook
from zhibu.core.authority import Actor, ranges
from zhibu.core.norms.procedures import BRANCH_SIDE, Procedure, Subject
from zhibu.core.procedure.words import ROLES
from zhibu.core.wording import Text
from zhibu.procedures import policies
from zhibu.procedures.models import Case, CaseState, StepTaken
from zhibu.procedures.queries.engine import procedure_of
from zhibu.register.models import Organisation
from zhibu.register.tree import subtree
from zhibu.ui.asked import whole
from zhibu.ui.doors import within

SOON = timedelta(days=30)
LISTED = (
    "id", "title", "procedure", "organisation_id", "organisation__name", "person_id", "state", "opened_on", "entered_on",
    "ended", "ended_on", "suspended_on", "next_step", "next_role", "next_from", "next_due", "above_step", "above_from",
    "above_due", "repeat_step", "repeat_due", "steps_done",
)  # fmt: skip
SHOWS = ("running", "mine", "above", "overdue", "soon", "suspended", "ended")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of cases is narrowed to; empty means all that run."""

    procedure: str = ""
    show: str = ""
    organisation: Organisation | None = None
    person: int | None = None
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A case as a line of a list."""

    id: int
    title: str
    procedure: Text
    branch: int
    branch_name: str
    step: Text | None
    who: Text | None
    above: bool
    first: date | None
    last: date | None
    late: bool
    again: Text | None
    again_on: date | None
    again_late: bool
    state: str
    ending: Text | None
    ended_on: date | None
    opened_on: date
    entered_late: int


def case_for(actor: Actor, pk: int) -> Case:
    """One case in reach with its steps, events and papers, or 404."""
    rows = policies.visible_to(actor, Case.objects.all()).select_related(
        "organisation", "organisation__parent", "person"
    )
    found = (
        rows.filter(pk=pk).prefetch_related("steps__session", "events__whence", "papers__attachment").first()
    )
    if found is None:
        raise Http404(pk)
    return found


def taken_for(actor: Actor, pk: int) -> StepTaken:
    """A step of a case in reach, or 404."""
    found = StepTaken.objects.filter(pk=pk).select_related("case", "case__organisation").first()
    if found is None or not policies.visible_to(actor, Case.objects.filter(pk=found.case_id)).exists():
        raise Http404(pk)
    return found


def listed(actor: Actor, filters: Filters, today: date) -> QuerySet[Case, dict[str, Any]]:
    """Cases in reach as plain rows, what is due first."""
    rows = policies.visible_to(actor, Case.objects.all())
    if filters.procedure:
        rows = rows.filter(procedure=filters.procedure)
    if filters.organisation is not None:
        low, high = subtree(filters.organisation)
        rows = rows.filter(organisation__path__gte=low, organisation__path__lt=high)
    if filters.person:
        rows = rows.filter(person=filters.person)
    if filters.stage:
        rows = rows.filter(next_step=filters.stage)
    rows = _shown(rows, filters.show, today)
    if filters.show == "ended":
        return rows.order_by("-ended_on", "-id").values(*LISTED)
    # the databases disagree where an empty day stands
    order = [F(name).asc(nulls_last=True) for name in ("next_due", "next_from", "id")]
    return rows.order_by(*order).values(*LISTED)


def in_use(actor: Actor, asked: str = "") -> list[Procedure]:
    """Procedures of which there is a case in reach, and the one asked for."""
    rows = policies.visible_to(actor, Case.objects.all()).order_by()
    found = set(rows.values_list("procedure", flat=True).distinct())
    return [each for each in procedures() if each.id in found or each.id == asked]


def overdue(today: date) -> Q:
    """Cases whose next step, or whose repeated step, is past its time."""
    return Q(next_due__lt=today) | Q(repeat_due__lt=today)


def _shown(rows: QuerySet[Case], show: str, today: date) -> QuerySet[Case]:
    match show:
        case "ended" | "suspended":
            return rows.filter(state=show)
        case "above":
            return rows.filter(state=CaseState.RUNNING).exclude(above_step="")
        case "mine":
            return rows.filter(state=CaseState.RUNNING, next_role__in=[str(role) for role in BRANCH_SIDE])
        case "overdue":
            return rows.filter(overdue(today), state=CaseState.RUNNING)
        case "soon":
            due = Q(next_due__range=(today, today + SOON)) | Q(repeat_due__range=(today, today + SOON))
            return rows.filter(due, state=CaseState.RUNNING)
        case _:
            return rows.exclude(state=CaseState.ENDED)


def lines(rows: Iterable[dict[str, Any]], today: date) -> list[Line]:
    """Rows in words; the rulebook is read, not the database."""
    return [_line(row, today) for row in rows]


def _line(row: dict[str, Any], today: date) -> Line:
    procedure = procedure_of(row["procedure"])
    step, again = _title(procedure, row["next_step"]), _title(procedure, row["repeat_step"])
    role = row["next_role"]
    return Line(
        row["id"], row["title"], procedure.title if procedure else Text(row["procedure"], row["procedure"]),
        row["organisation_id"], row["organisation__name"], step, ROLES.get(role), bool(role) and role not in BRANCH_SIDE,
        row["next_from"], row["next_due"], bool(row["next_due"] and row["next_due"] < today),
        again if row["repeat_step"] != row["next_step"] else None, row["repeat_due"],
        bool(row["repeat_due"] and row["repeat_due"] < today), row["state"],
        procedure.ending(row["ended"]).title if procedure and row["ended"] else None, row["ended_on"], row["opened_on"],
        max(0, (row["entered_on"] - row["opened_on"]).days),
    )  # fmt: skip


def _title(procedure: Procedure | None, name: str) -> Text | None:
    if not name:
        return None
    try:
        return procedure.step(name).title if procedure else Text(name, name)
    except KeyError:
        return Text(name, name)


# ---------------------------------------------------------------------------------------- above and by stage
def waiting(actor: Actor, today: date, verb: str = "procedures.reply") -> list[dict[str, Any]]:
    """Rows of what waits for this actor's answer: lawful already, the longest waiting first."""
    rows = within(Case.objects.filter(state=CaseState.RUNNING, above_from__lte=today), ranges(actor, verb))
    found = rows.exclude(above_step="").order_by("procedure", "above_step", "above_from", "id")
    return list(found.values(*LISTED))


def chosen(actor: Actor, procedure: str, step: str, ids: Iterable[str]) -> list[Case]:
    """Those of the chosen numbers that are in reach and stand at the step."""
    numbers = [number for each in ids if (number := whole(each)) is not None]
    rows = within(
        Case.objects.filter(pk__in=numbers, procedure=procedure, above_step=step),
        ranges(actor, "procedures.reply"),
    )
    return list(rows)


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the procedure and the cases that stand at it."""

    step: str
    title: Text
    who: Text | None
    above: bool
    count: int
    late: int


def pipeline(
    actor: Actor, procedure: Procedure, today: date, organisation: Organisation | None = None
) -> list[Stage]:
    """How many cases stand at which step, in the order of the procedure, and how many are late there."""
    rows = policies.visible_to(actor, Case.objects.filter(procedure=procedure.id, state=CaseState.RUNNING))
    if organisation is not None:
        low, high = subtree(organisation)
        rows = rows.filter(organisation__path__gte=low, organisation__path__lt=high)
    counts = {
        row["next_step"]: row
        for row in rows.order_by().values("next_step").annotate(n=Count("id"), late=Count("id", filter=overdue(today)))
    }  # fmt: skip
    return [
        Stage(
            step.id, step.title, ROLES.get(step.by[0]) if step.by else None, bool(step.by) and step.by[0] not in BRANCH_SIDE,
            counts[step.id]["n"], counts[step.id]["late"],
        )
        for step in procedure.steps
        if step.id in counts
    ]  # fmt: skip


def procedures() -> list[Procedure]:
    """Every procedure of the rulebook in use."""
    return list(rulebook.load().procedures.values())


def by_group() -> list[tuple[Text, list[Procedure]]]:
    """Procedures under the titles of their groups."""
    book = rulebook.load()
    groups = book.words.get("procedure_groups", {})
    found = [(title, [each for each in procedures() if each.group == code]) for code, title in groups.items()]
    return [(title, some) for title, some in found if some]


def of_people() -> list[Procedure]:
    """Procedures about a person: those that have a pipeline."""
    return [each for each in procedures() if each.subject is Subject.PERSON]
