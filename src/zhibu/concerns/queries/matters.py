"""The register of difficult questions and conflicts: what each is about and for how many days it has been dealt with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from statistics import median_low
from typing import Any

from django.db.models import QuerySet

from zhibu.core.authority import Actor
from zhibu.register.models import Organisation
from zhibu.undertakings import policies as undertaken
from zhibu.undertakings import queries as undertakings
from zhibu.undertakings.models import Undertaking, UndertakingState
from zhibu.undertakings.queries.listing import LISTED

KINDS = ("difficulty", "conflict")


@dataclass(frozen=True, slots=True)
class Handling:
    """How it stands with them: running, over their term, ended this year, and the middle one of their days."""

    running: int
    over: int
    ended: int
    days: int | None


def matters(actor: Actor, branch: Organisation, *, state: str = "", kind: str = "") -> QuerySet[Any, Any]:
    """What the actor may see of a branch: what runs, the longest first; or what ended, newest first."""
    rows = undertaken.visible_to(actor, Undertaking.objects.filter(organisation=branch))
    rows = rows.filter(kind__in=[kind] if kind in KINDS else KINDS)
    if state == "ended":
        rows = rows.filter(state=UndertakingState.CLOSED)
        return rows.order_by("-ended_on", "-id").values(*LISTED)
    return rows.filter(state__in=undertaken.OPEN_STATES).order_by("opened_on", "id").values(*LISTED)


def lines(rows: Any, today: date) -> list[dict[str, Any]]:
    """The rows with their days: from the day it was entered to the day it was done, or until today."""
    return [
        {**row, "days": ((row["done_on"] or row["ended_on"] or today) - row["opened_on"]).days + 1}
        for row in undertakings.told(rows, today)
    ]


def handling(actor: Actor, branch: Organisation, today: date) -> Handling:
    """The same in numbers. A conflict that only the committee sees is in the numbers of the committee alone."""
    rows = undertaken.visible_to(actor, Undertaking.objects.filter(organisation=branch, kind__in=KINDS))
    running = rows.filter(state__in=undertaken.OPEN_STATES)
    ended = rows.filter(state=UndertakingState.CLOSED, ended_on__gte=date(today.year, 1, 1))
    days = [
        (done - opened).days + 1
        for opened, done in ended.values_list("opened_on", "done_on")
        if done is not None
    ]
    return Handling(
        running.count(), running.filter(due_on__lt=today, state=UndertakingState.OPEN).count(), ended.count(),
        median_low(days) if days else None,
    )  # fmt: skip
