"""Points given by people: the superior's for a branch, and the branch's for itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu import record
from zhibu.core.calendar import Quarter
from zhibu.core.norms import MICRO_PER_HUNDREDTH, Reviewed
from zhibu.core.refusal import Refusal, Refused, refuse_if
from zhibu.register.models import Organisation

from .. import books, policies
from ..models import Review, Run, SelfReview
from .runs import store_branch

if TYPE_CHECKING:
    from zhibu.core.authority import Actor


@dataclass(frozen=True, slots=True)
class Judgement:
    """Points for one reviewed part. ``points`` in hundredths; None takes the judgement back.

    ``evidence`` are linked records as (table, key). ``applicable`` False needs a comment as its reason.
    """

    standard: str
    part: str
    points: int | None
    comment: str = ""
    applicable: bool = True
    evidence: tuple[tuple[str, int], ...] = ()


@transaction.atomic
def review(actor: Actor, *, run: Run, branch: Organisation, judgements: Sequence[Judgement], now: datetime) -> int:
    """Give a branch its points for the parts that no count may fill. All or nothing; returns how many changed.

    Refused outside the reviewer's part, after freezing, for points outside a part's weight, and for "not
    applicable" without a reason.
    """
    run = Run.objects.select_for_update().get(pk=run.pk)
    refuse_if(policies.may(actor, "assessment.review", branch.path), policies.may_review(run))
    weights = _weights(run)
    _check(judgements, weights)
    changed = _keep(Review, run, branch, judgements, actor, now, with_applicable=True)
    if changed:
        store_branch(run, branch)
        record.write(
            actor, "assessment.review", run, organisation=branch, now=now, quarter=Quarter.from_key(run.quarter).code,
            parts=[[each.standard, each.part, each.points, int(each.applicable)] for each in judgements],
        )  # fmt: skip
    return changed


@transaction.atomic
def self_review(actor: Actor, *, run: Run, branch: Organisation, judgements: Sequence[Judgement], now: datetime) -> int:
    """A branch's own points for its reviewed parts, shown beside the superior's. Returns how many changed."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    refuse_if(policies.may(actor, "assessment.self_review", branch.path), policies.may_review(run))
    _check(judgements, _weights(run))
    changed = _keep(SelfReview, run, branch, judgements, actor, now, with_applicable=False)
    if changed:
        store_branch(run, branch)
        record.write(
            actor, "assessment.self_review", run, organisation=branch, now=now, quarter=Quarter.from_key(run.quarter).code,
            parts=[[each.standard, each.part, each.points] for each in judgements],
        )  # fmt: skip
    return changed


def _weights(run: Run) -> dict[tuple[str, str], int]:
    """Hundredths a reviewer may give to each reviewed part on the quarter's last day."""
    book, day = books.of_run(run), Quarter.from_key(run.quarter).last
    return {
        (standard.id, part.id): weight
        for standard in book.standards.values()
        for part in standard.parts
        if isinstance(part, Reviewed) and (weight := standard.weight(part, day)) is not None
    }


def _check(judgements: Sequence[Judgement], weights: dict[tuple[str, str], int]) -> None:
    found: list[Refusal] = []
    for each in judgements:
        weight = weights.get((each.standard, each.part))
        params = {"standard": each.standard, "most": "" if weight is None else weight / 100}
        if weight is None:
            found.append(Refusal("part_unknown", _("{standard} 没有这一评审项"), params=params))
        elif each.points is not None and not 0 <= each.points <= weight:
            found.append(
                Refusal("points_out_of_range", _("{standard} 的分值应在 0 到 {most} 之间"), params=params, remedy=_("改正分值后再保存"))
            )
        elif not each.applicable and not each.comment.strip():
            found.append(Refusal("reason_missing", _("{standard} 认定不适用，须写明理由"), params=params, remedy=_("在评语中写明理由")))
    if found:
        raise Refused(found)


def _keep(
    model: type[Review] | type[SelfReview],
    run: Run,
    branch: Organisation,
    judgements: Sequence[Judgement],
    actor: Actor,
    now: datetime,
    *,
    with_applicable: bool,
) -> int:
    """Insert, change or take back; rows that say the same are left alone."""
    there = {(row.standard, row.part): row for row in model.objects.filter(run=run, branch=branch)}
    changed = 0
    for each in judgements:
        row = there.get((each.standard, each.part))
        if each.points is None and each.applicable:
            if row is not None:
                row.delete()
                changed += 1
            continue
        values: dict[str, object] = {
            "points_micro": (each.points or 0) * MICRO_PER_HUNDREDTH,
            "comment": each.comment.strip(),
            "evidence": json.dumps([list(pair) for pair in each.evidence]) if each.evidence else "",
        }
        if with_applicable:
            values["applicable"] = int(each.applicable)
        if row is not None and all(getattr(row, name) == value for name, value in values.items()):
            continue
        model.objects.update_or_create(
            run=run,
            branch=branch,
            standard=each.standard,
            part=each.part,
            defaults={**values, "by_name": actor.name, "at": now, "version": row.version + 1 if row else 1},
        )
        changed += 1
    return changed
