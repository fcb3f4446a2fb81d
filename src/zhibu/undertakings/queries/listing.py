"""Undertakings as they are listed: for a branch, a person, a committee; and how many each branch is behind with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from zhibu import record, rulebook
from zhibu.core.authority import Actor
from zhibu.core.norms import Area
from zhibu.core.wording import Text
from zhibu.ui import formats
from zhibu.ui.language import pick
from zhibu.undertakings import policies
from zhibu.undertakings.models import Helper, Step, StepKind, Undertaking, UndertakingState, shortened

LISTED = (
    "id", "kind", "state", "visibility", "text", "problem", "resolution", "result", "due_on", "first_due_on",
    "extensions", "opened_on", "done_on", "ended_on", "in_time", "owner_id", "owner__name", "organisation_id",
    "organisation__name", "party_group__name", "source", "source_id", "source_told",
)  # fmt: skip
TONES = {
    UndertakingState.OPEN: "open",
    UndertakingState.DONE: "wait",
    UndertakingState.CLOSED: "done",
    UndertakingState.GIVEN_UP: "idle",
}
STATES = ("overdue", "done", "closed", "given_up", "all")
MOST_SMALL = 50
ENDED = (UndertakingState.CLOSED, UndertakingState.GIVEN_UP)


def listed(
    actor: Actor, *, today: date, state: str = "", kinds: Collection[str] = (), branch: int | None = None, mine: bool = False,
    problems: bool = False, search: str = "",
) -> QuerySet[Any, Any]:  # fmt: skip
    """What the actor may see. Without a state what runs, the longest overdue first; `all` and what ended, newest first."""
    rows = policies.visible_to(actor, Undertaking.objects.all())
    # what stands for good is looked for by its kind, and does not fill the list of what is to be done
    rows = rows.filter(kind__in=kinds) if kinds else rows.exclude(kind__in=policies.standing())
    if branch is not None:
        rows = rows.filter(organisation_id=branch)
    if mine and actor.person is not None:
        helped = Helper.objects.filter(person=actor.person).values("undertaking")
        rows = rows.filter(Q(owner=actor.person) | Q(pk__in=helped))
    if problems:
        rows = rows.exclude(problem="")
    if search:
        rows = rows.filter(Q(text__icontains=search) | Q(problem__icontains=search))
    lapsed = Q(kind__in=policies.lapsing(), due_on__lt=today)
    if state == "overdue":
        rows = rows.filter(state=UndertakingState.OPEN, due_on__lt=today).exclude(lapsed)
    elif state in UndertakingState.values:
        rows = rows.filter(state=state)
    elif state != "all":
        rows = rows.filter(state__in=policies.OPEN_STATES).exclude(lapsed)
    if state in ENDED:
        return rows.order_by("-ended_on", "-id").values(*LISTED)
    return rows.order_by("-opened_on", "-id").values(*LISTED) if state == "all" else (
        rows.order_by("due_on", "id").values(*LISTED)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A row of kinds: its name in an address, its title, its kinds as (id, title); whether one of them is chosen."""

    value: str
    title: str
    kinds: Sequence[tuple[str, str]]
    here: bool

    @property
    def first(self) -> str:
        """The kind one comes to when only one can be chosen."""
        return self.kinds[0][0]


def rows_of(choices: Sequence[tuple[str, str]], chosen: str) -> list[Row]:
    """Kinds in their rows; `chosen` is a kind or the name of a row."""
    titles = {
        Area.DECISIONS: pgettext("row of kinds", "决议"), Area.WORK: _("生产"), Area.MEMBERS: _("党员"),
        Area.MASSES: _("群众"), Area.INTEGRITY: _("廉政"),
    }  # fmt: skip
    book, found = policies.kinds(), []
    for area, title in titles.items():
        kinds = [(name, label) for name, label in choices if book[name].area is area]
        if kinds:
            value = f"row-{area.value}"
            found.append(Row(value, title, kinds, chosen == value or chosen in dict(kinds)))
    return found


def marks(row: Any, today: date) -> list[tuple[str, str]]:
    """The state in words, and everything about time that must not be hidden: (word, tone)."""

    def of(name: str) -> Any:
        return row[name] if isinstance(row, Mapping) else getattr(row, name)

    state = UndertakingState(of("state"))
    due = of("due_on")
    found = [(str(state.label), TONES[state])]
    if state == UndertakingState.OPEN and due is not None and due < today:
        lapsed = of("kind") in policies.lapsing()
        found = [(_("已到期"), "idle") if lapsed else (formats.overdue((today - due).days), "overdue")]
    if state == UndertakingState.CLOSED and not of("in_time"):
        found.append((_("逾期办结"), "soon"))
    if count := of("extensions"):
        found.append((ngettext("延期 %(n)d 次", "延期 %(n)d 次", count) % {"n": count}, "idle"))
    return found


def told(rows: Iterable[Mapping[str, Any]], today: date) -> list[dict[str, Any]]:
    """The same rows with their marks and the name of their kind."""
    book = rulebook.load().undertakings
    names = {name: pick(kind.title) for name, kind in book.items()}
    return [
        {
            **row,
            "text": shortened(row["text"]),
            "marks": marks(row, today),
            "kind_told": names.get(row["kind"], row["kind"]),
        }
        for row in rows
    ]


def small_tasks(actor: Actor, today: date) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(waiting to be claimed, claimed or done with the thanks) of the kinds that are claimed, as far as one sees them."""
    claimed = [name for name, kind in policies.kinds().items() if kind.claimed]
    rows = policies.visible_to(actor, Undertaking.objects.filter(kind__in=claimed))
    open_ = rows.filter(state=UndertakingState.OPEN, owner=F("keeper")).order_by("due_on", "id")
    rest = (
        rows.exclude(pk__in=open_.values("pk"))
        .exclude(state=UndertakingState.GIVEN_UP)
        .order_by("-opened_on", "-id")
    )
    waiting, others = (
        told(open_.values(*LISTED)[:MOST_SMALL], today),
        told(rest.values(*LISTED)[:MOST_SMALL], today),
    )
    thanks = dict(
        Step.objects.filter(undertaking__in=[row["id"] for row in others], kind=StepKind.CLOSED).values_list(
            "undertaking_id", "text"
        )
    )
    return waiting, [{**row, "thanks": thanks.get(row["id"], "")} for row in others]


def of_source(actor: Actor, source: str, pk: int, today: date) -> list[dict[str, Any]]:
    """What follows from a meeting, a judgement or a suggestion, as far as the actor may see it."""
    found = record.rows(_of_source, source, pk, policies.sight_of(actor))
    return told((dict(zip(LISTED, row, strict=True)) for row in found), today)


def _of_source(source: str, pk: int, given: Any) -> QuerySet[Undertaking, Any]:
    rows = policies.seen(Undertaking.objects.filter(source=source, source_id=pk), policies.Sight(*given))
    return rows.order_by("id").values_list(*LISTED)


@dataclass(frozen=True, slots=True)
class Behind:
    """A branch and its undertakings: running, overdue, to be confirmed, closed this year, of these in time."""

    branch: int
    name: str
    running: int
    overdue: int
    oldest_on: date | None
    done: int
    closed: int
    in_time: int


def behind(actor: Actor, today: date) -> list[Behind]:
    """The branches in reach, those most behind first. What is between persons is counted nowhere."""
    rows = policies.visible_to(actor, Undertaking.objects.exclude(visibility="persons"))
    rows = rows.exclude(kind__in=[*policies.standing(), *policies.lapsing()])
    open_ = Q(state=UndertakingState.OPEN)
    late = open_ & Q(due_on__lt=today)
    this_year = Q(state=UndertakingState.CLOSED, ended_on__gte=date(today.year, 1, 1))
    found = rows.values("organisation_id", "organisation__name").annotate(
        running=Count("id", filter=open_),
        late=Count("id", filter=late),
        done=Count("id", filter=Q(state=UndertakingState.DONE)),
        closed=Count("id", filter=this_year),
        punctual=Count("id", filter=this_year & Q(in_time=1)),
        oldest=Min("due_on", filter=late),
    )
    made = [
        Behind(
            row["organisation_id"], row["organisation__name"], row["running"], row["late"],
            row["oldest"], row["done"], row["closed"], row["punctual"],
        )
        for row in found
    ]  # fmt: skip
    return sorted(made, key=lambda each: (-each.overdue, each.oldest_on or today, -each.running, each.branch))


def late_under(actor: Actor, today: date) -> tuple[int, int]:
    """(branches in reach that are late, with how many undertakings); as `behind` counts them, of the late ones alone."""
    found = record.rows(_late_by_branch, policies.sight_of(actor), tuple(policies.standing()), today)
    return len(found), sum(number for _branch, number in found)


def _late_by_branch(given: Any, standing: tuple[str, ...], today: date) -> QuerySet[Undertaking, Any]:
    rows = policies.seen(Undertaking.objects.exclude(visibility="persons"), policies.Sight(*given))
    rows = rows.exclude(kind__in=standing).filter(state=UndertakingState.OPEN, due_on__lt=today)
    return rows.order_by().values_list("organisation_id").annotate(number=Count("id"))


def title_of(kind: str) -> Text | str:
    """The title of a kind; its name when the rulebook no longer has it."""
    found = rulebook.load().undertakings.get(kind)
    return found.title if found else kind
