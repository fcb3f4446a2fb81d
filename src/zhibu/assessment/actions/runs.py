"""A quarter's run: opened, computed, published, frozen. It goes one way."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from zhibu import analytics, record, rulebook
from zhibu.core import scoring
from zhibu.core.authority import END, successor
from zhibu.core.calendar import Quarter
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.record.past import cut
from zhibu.register.models import Organisation
from zhibu.register.queries import stood

from .. import books, computing, policies, queries
from ..models import AppealState, Result, Run, RunState

if TYPE_CHECKING:
    from zhibu.core.authority import Actor


LEVEL = 4  # digits of one level of a path


def open_run(
    actor: Actor, *, organisation: Organisation, quarter: Quarter, today: date, now: datetime
) -> tuple[Run, tuple[Refusal, ...]]:
    """Open a quarter's assessment of every branch below a committee, and compute it once.

    Returns the run and the cautions (the quarter is not over). Refused when the committee above or one below
    already runs the quarter, or when it has not begun. Source: the group company's opinion, quarterly assessment.
    """
    refuse_if(policies.may(actor, "assessment.open_run", organisation.path))
    return _open(actor, organisation, quarter, today, now, known_by=cut(now))


@transaction.atomic
def _open(
    actor: Actor, organisation: Organisation, quarter: Quarter, today: date, now: datetime, *, known_by: int
) -> tuple[Run, tuple[Refusal, ...]]:
    # one door for the whole tree: two committees one above the other cannot both begin
    Organisation.objects.select_for_update().get(path=organisation.path[:LEVEL])
    covering = queries.run_covering(organisation.path, quarter)
    if covering is not None and covering.organisation_id == organisation.pk:
        return covering, ()
    below = queries.run_below(organisation.path, quarter)
    cautions = refuse_if(*policies.may_open_run(covering, below, quarter, today))
    book = rulebook.load()
    run = Run.objects.create(
        organisation=organisation,
        quarter=quarter.key,
        rulebook=books.snapshot(book, now),
        known_by=known_by,
        computed_at=now,
        minimum_group=book.scheme.number("minimum_group", quarter.last),
    )
    _store(run)
    record.write(actor, "assessment.open_run", run, organisation=organisation, now=now, quarter=quarter.code)
    return run, cautions


def compute(actor: Actor, *, run: Run, now: datetime) -> Run:
    """Compute a run again from the records known now; a published one only after an appeal was upheld."""
    return _compute(actor, run, now, known_by=cut(now))


@transaction.atomic
def _compute(actor: Actor, run: Run, now: datetime, *, known_by: int) -> Run:
    run = Run.objects.select_for_update().get(pk=run.pk)
    refuse_if(
        policies.may(actor, "assessment.compute", run.organisation.path),
        policies.may_compute(run, corrected=queries.upheld_since(run)),
    )
    _recompute(run, now, known_by)
    quarter = Quarter.from_key(run.quarter)
    record.write(
        actor, "assessment.compute", run, organisation=run.organisation, now=now, quarter=quarter.code
    )
    return run


def publish(actor: Actor, *, run: Run, today: date, now: datetime) -> tuple[Run, tuple[Refusal, ...]]:
    """Publish the places of a quarter to the branches. Parts nobody judged leave the denominator, and this is said."""
    return _publish(actor, run, today, now, known_by=cut(now))


@transaction.atomic
def _publish(
    actor: Actor, run: Run, today: date, now: datetime, *, known_by: int
) -> tuple[Run, tuple[Refusal, ...]]:
    run = Run.objects.select_for_update().get(pk=run.pk)
    refuse_if(policies.may(actor, "assessment.publish", run.organisation.path))
    cautions = refuse_if(*policies.may_publish(run, today, queries.parts_awaiting(run)))
    _recompute(run, now, known_by)
    run.state, run.published_at = RunState.PUBLISHED, now
    run.save(update_fields=["state", "published_at"])
    record.write(
        actor,
        "assessment.publish",
        run,
        organisation=run.organisation,
        now=now,
        quarter=Quarter.from_key(run.quarter).code,
    )
    return run, cautions


@transaction.atomic
def freeze(actor: Actor, *, run: Run, now: datetime) -> Run:
    """Freeze a published quarter: from now on records entered later are shown as a difference, never mixed in."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    refuse_if(policies.may(actor, "assessment.freeze", run.organisation.path))
    refuse_if(*policies.may_freeze(run, run.appeals.filter(state=AppealState.OPEN).count()))
    run.state, run.frozen_at = RunState.FROZEN, now
    run.save(update_fields=["state", "frozen_at"])
    record.write(
        actor,
        "assessment.freeze",
        run,
        organisation=run.organisation,
        now=now,
        quarter=Quarter.from_key(run.quarter).code,
    )
    return run


def _recompute(run: Run, now: datetime, known_by: int) -> None:
    """An open run follows the rulebook in use; a published one keeps its own."""
    if run.state == RunState.OPEN:
        run.rulebook = books.snapshot(rulebook.load(), now)
    run.known_by, run.computed_at, run.version = known_by, now, run.version + 1
    run.save(update_fields=["rulebook", "known_by", "computed_at", "version"])
    _store(run)


def _store(run: Run) -> None:
    """Replace the results of a run by what the engine finds now."""
    quarter, path = Quarter.from_key(run.quarter), stood(run.organisation, run.known_by).path
    rows = analytics.collect(
        books.of_run(run),
        quarter,
        lo=path,
        hi=successor(path),
        known_by=run.known_by,
        run=run.pk,
        rank_from=run.minimum_group,
    )
    names = dict(Organisation.objects.filter(pk__in=[row.branch for row in rows]).values_list("pk", "name"))
    own, reviewed = queries.self_points(run), computing.reviewed_names(books.of_run(run))
    results = [
        computing.result_of(row, run, names[row.branch], own.get(row.branch), reviewed) for row in rows
    ]
    computing.mark_last(results)
    Result.objects.filter(run=run).delete()
    Result.objects.bulk_create(results, batch_size=200)
    run.sums = computing.sums_of(results)
    run.save(update_fields=["sums"])


def store_branch(run: Run, branch: Organisation) -> bool:
    """Bring one branch's result up to date, and the places of its peers with it; whether any of these moved.

    The records counted stay those known at the run's last computation; only judgements are new.
    """
    book = books.of_run(run)
    path = stood(branch, run.known_by).path
    row = analytics.collect_one(book, Quarter.from_key(run.quarter), path, known_by=run.known_by, run=run.pk)
    if row is None:
        return False
    own = queries.self_points(run, branch).get(branch.pk)
    fresh = computing.result_of(row, run, branch.name, own, computing.reviewed_names(book))
    Result.objects.filter(run=run, branch=branch).delete()
    fresh.save(force_insert=True)
    peers = list(Result.objects.filter(run=run, unit_type=fresh.unit_type, superior_id=fresh.superior_id))
    places = scoring.rank(
        ((peer.pk, peer.points if peer.assessed else None) for peer in peers), run.minimum_group
    )
    moved = []
    for peer in peers:
        place, before = places[peer.pk], (peer.place, peer.place_of, peer.is_last)
        peer.place, peer.place_of = (place.place, place.of) if place else (None, None)
        peer.is_last = int(place.is_last) if place else 0
        if (peer.place, peer.place_of, peer.is_last) != before:
            moved.append(peer)
    Result.objects.bulk_update(moved, ["place", "place_of", "is_last"])
    _sum_again(run, branch.path[:-LEVEL])
    return any(peer.branch_id != branch.pk for peer in moved)


def _sum_again(run: Run, superior: str) -> None:
    """Bring the sums over the branches of one superior up to date. One reviewer at a time: the run is one row."""
    locked = Run.objects.select_for_update().get(pk=run.pk)
    if locked.sums:
        low, high = superior, successor(superior) if superior else END
        rows = Result.objects.filter(run=run, branch_path__gt=low, branch_path__lt=high)
        near = [row for row in rows.only("branch_path", "standards") if row.branch_path[:-LEVEL] == superior]
        locked.sums = computing.sums_of(near, locked.sums)
        locked.save(update_fields=["sums"])
