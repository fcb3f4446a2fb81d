"""Runs, who may see them, and the judgements in them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q
from django.http import Http404

from zhibu import record
from zhibu.core import authority
from zhibu.core.calendar import Quarter
from zhibu.register.models import Organisation
from zhibu.ui.doors import within

from .. import policies
from ..models import Appeal, AppealState, Rectification, Result, Review, Run, RunState, SelfReview

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from zhibu.core.authority import Actor


def prefixes(path: str) -> list[str]:
    """The paths of an organisation and of all above it, the uppermost first."""
    return [path[:length] for length in range(4, len(path) + 1, 4)]


def run_covering(path: str, quarter: Quarter) -> Run | None:
    """The run of a quarter that covers an organisation: its own committee's, or one above's."""
    return runs_covering(path, (quarter,)).get(quarter.key)


def runs_covering(path: str, quarters: Iterable[Quarter]) -> dict[int, Run]:
    """The runs of several quarters that cover an organisation, by the quarter's key. One query."""
    keys = [quarter.key for quarter in quarters]
    rows = (
        Run.objects.select_related("organisation")
        .filter(quarter__in=keys, organisation__path__in=prefixes(path))
        # the uppermost last, so that it stays
        .order_by("-organisation__path")
    )
    return {run.quarter: run for run in rows}


def runs_lately(path: str, quarter: Quarter) -> Mapping[int, Run]:
    """The runs of a quarter and of the one before, to be read and not changed: kept until an act of assessment."""
    return record.kept(
        ("runs covering", path, quarter),
        lambda: runs_covering(path, (quarter, quarter.previous())),
        within=record.Rooms.of("assessment", "register"),
    )


def about(*runs: Run | None) -> record.About | None:
    """What the stored results of runs depend on: acts about these runs, and about organisations and their names.

    None, and so every act, where the first is missing: what is computed from the records of today.
    """
    if runs[0] is None:
        return None
    subjects = [(Run._meta.db_table, run.pk) for run in runs if run is not None]
    return record.About(
        (*subjects, (Organisation._meta.db_table, None), (record.ImportBatch._meta.db_table, None))
    )


def states_covering(path: str, quarters: Iterable[Quarter]) -> dict[int, str]:
    """In which state the runs of several quarters stand that cover an organisation, by the quarter's key."""
    keys = tuple(quarter.key for quarter in quarters)
    return dict(record.rows(_covering, keys, tuple(prefixes(path))))


def _covering(keys: tuple[int, ...], paths: tuple[str, ...]) -> QuerySet[Run, Any]:
    # the uppermost last, so that it stays
    rows = Run.objects.filter(quarter__in=keys, organisation__path__in=paths).order_by("-organisation__path")
    return rows.values_list("quarter", "state")


def run_of(branch: Organisation, quarter: Quarter) -> Run | None:
    """The run of a quarter a branch was assessed in, wherever it stands now; else the one that covers it.

    A result goes with the branch that was moved since. What another committee has not published does not.
    """
    kept = Exists(Result.objects.filter(run=OuterRef("pk"), branch=branch))
    covers = Q(organisation__path__in=prefixes(branch.path))
    return (
        Run.objects.select_related("organisation", "rulebook")
        .defer("rulebook__content")
        .annotate(kept=kept)
        .filter(covers | (Q(kept=True) & ~Q(state=RunState.OPEN)), quarter=quarter.key)
        .order_by("-kept", "organisation__path")
        .first()
    )


def run_below(path: str, quarter: Quarter) -> Run | None:
    """A run of the same quarter that a committee further down has opened."""
    return Run.objects.filter(
        quarter=quarter.key, organisation__path__gt=path, organisation__path__lt=authority.successor(path)
    ).first()


def runs_for(actor: Actor) -> QuerySet[Run]:
    """Runs of committees within the actor's reach, newest quarter first."""
    return within(
        Run.objects.select_related("organisation"),
        authority.ranges(actor, "assessment.view"),
        "organisation__path",
    ).order_by("-quarter", "organisation__path")


def run_for(actor: Actor, pk: int, verb: str = "assessment.view") -> Run:
    """A run whose committee is within the actor's reach for the verb. Raises Http404 otherwise."""
    ranges = authority.ranges(actor, verb)
    run = (
        within(Run.objects.select_related("organisation"), ranges, "organisation__path").filter(pk=pk).first()
    )
    if run is None:
        raise Http404
    return run


def run_seen_by(actor: Actor, pk: int, verb: str = "assessment.view") -> Run:
    """A run that covers some of the actor's part, also when a committee above runs it. Raises Http404 otherwise."""
    run = Run.objects.select_related("organisation").filter(pk=pk).first()
    if run is not None:
        low, high = run.organisation.path, authority.successor(run.organisation.path)
        if any(lo < high and low < hi for lo, hi in authority.ranges(actor, verb)):
            return run
    raise Http404


def home_in(actor: Actor, run: Run) -> tuple[str, int] | None:
    """Where a reader of a run goes back to: its committee, else his own committee below it, else his branch."""
    for name, rows in (
        ("committee", policies.committees_visible_to(actor)),
        ("sheet", policies.branches_visible_to(actor)),
    ):
        key = within(rows, ((run.organisation.path, authority.successor(run.organisation.path)),), "path")
        found = key.order_by("path").values_list("pk", flat=True).first()
        if found is not None:
            return name, found
    return None


def latest_run_quarter(actor: Actor) -> Quarter | None:
    """The newest quarter run for anything within the actor's reach."""
    spans = authority.ranges(actor, "assessment.view")
    above = {path for lo, _hi in spans for path in prefixes(lo)}
    runs = within(Run.objects.all(), spans, "organisation__path") | Run.objects.filter(
        organisation__path__in=above
    )
    key = runs.order_by("-quarter").values_list("quarter", flat=True).first()
    return None if key is None else Quarter.from_key(key)


def upheld_since(run: Run) -> bool:
    """Whether an appeal was upheld after the run's last computation."""
    return bool(record.rows(_upheld, run.pk))


def _upheld(run: int) -> QuerySet[Appeal, Any]:
    rows = Appeal.objects.filter(run=run, state=AppealState.UPHELD, answered_at__gt=F("run__computed_at"))
    return rows.values_list("pk")[:1]


def branch_for(actor: Actor, pk: int, verb: str = "assessment.view") -> Organisation:
    """A branch within the actor's reach for the verb. Raises Http404 otherwise."""
    branch = policies.branches_visible_to(actor, verb).filter(pk=pk).first()
    if branch is None:
        raise Http404
    return branch


def committee_for(actor: Actor, pk: int, verb: str = "assessment.view") -> Organisation:
    """A committee within the actor's reach for the verb. Raises Http404 otherwise."""
    committee = policies.committees_visible_to(actor, verb).filter(pk=pk).first()
    if committee is None:
        raise Http404
    return committee


def parts_awaiting(run: Run) -> int:
    """How many parts of all branches nobody has judged yet."""
    count = 0
    for text in Result.objects.filter(run=run, assessed=1).values_list("parts", flat=True):
        count += sum(1 for state, _points, _weight in json.loads(text).values() if state == "awaiting_review")
    return count


def self_points(run: Run, branch: Organisation | None = None) -> dict[int, dict[str, int]]:
    """Branch -> ``"S05.prestige" -> micro-points`` as the branches judged themselves."""
    rows = SelfReview.objects.filter(run=run)
    if branch is not None:
        rows = rows.filter(branch=branch)
    found: dict[int, dict[str, int]] = {}
    for branch_id, standard, part, points in rows.values_list(
        "branch_id", "standard", "part", "points_micro"
    ):
        found.setdefault(branch_id, {})[f"{standard}.{part}"] = points
    return found


def review_rows(run: Run | None, branch: Organisation) -> tuple[dict[str, Review], dict[str, SelfReview]]:
    """The superior's and the branch's own judgements of one branch, by ``"S05.prestige"``."""
    if run is None:
        return {}, {}
    return (
        {f"{row.standard}.{row.part}": row for row in Review.objects.filter(run=run, branch=branch)},
        {f"{row.standard}.{row.part}": row for row in SelfReview.objects.filter(run=run, branch=branch)},
    )


def appeals_for(actor: Actor, run: Run) -> QuerySet[Appeal]:
    """Appeals of branches within the actor's reach, the open ones first."""
    ranges = authority.ranges(actor, "assessment.view")
    return within(run.appeals.select_related("branch"), ranges, "branch__path").order_by("-state", "at")


def rectifications_for(actor: Actor) -> QuerySet[Rectification]:
    """Rectifications of branches within the actor's reach, running ones first by date."""
    ranges = authority.ranges(actor, "assessment.view")
    return within(Rectification.objects.select_related("branch", "owner"), ranges, "branch__path").order_by(
        "-state", "due_on"
    )


def published(run: Run) -> bool:
    """Whether branches may see places and the superior's points."""
    return run.state in (RunState.PUBLISHED, RunState.FROZEN)
