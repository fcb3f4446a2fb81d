"""Points given by people: the superior's for a branch, and the branch's for itself."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from zhibu import record
from zhibu.core.calendar import Quarter
from zhibu.core.norms import MICRO_PER_HUNDREDTH, Reviewed
from zhibu.core.refusal import Refusal, Refused, refuse_if
from zhibu.register.models import Organisation
from zhibu.ui import formats
from zhibu.ui.doors import Stale
from zhibu.ui.language import pick

from .. import books, policies, queries
from ..judgements import Judgement
from ..models import Review, Run, SelfReview
from .runs import store_branch

if TYPE_CHECKING:
    from zhibu.core.authority import Actor


@transaction.atomic
def review(
    actor: Actor, *, run: Run, branch: Organisation, judgements: Sequence[Judgement], now: datetime
) -> int:
    """Give a branch its points for the parts that no count may fill. All or nothing; returns how many changed.

    Refused outside the reviewer's part, after freezing, for points outside a part's weight, for "not applicable"
    without a reason, and for records of another branch or quarter. Raises Stale when somebody judged meanwhile.
    """
    run = Run.objects.select_for_update().get(pk=run.pk)
    refuse_if(
        policies.may(actor, "assessment.review", branch.path), policies.may_review(run), _in_run(run, branch)
    )
    _check(run, branch, judgements)
    changed = _keep(Review, run, branch, judgements, actor, now)
    if changed:
        # the places of other branches change with it, and what they show of themselves
        also = (run.organisation,) if store_branch(run, branch) else ()
        record.write(
            actor, "assessment.review", run, organisation=branch, also=also, now=now, quarter=Quarter.from_key(run.quarter).code,
            parts=[[each.standard, each.part, each.points, int(each.applicable)] for each in judgements],
        )  # fmt: skip
    return changed


@transaction.atomic
def self_review(
    actor: Actor, *, run: Run, branch: Organisation, judgements: Sequence[Judgement], now: datetime
) -> int:
    """A branch's own points for its reviewed parts, shown beside the superior's. Returns how many changed."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    refuse_if(
        policies.may(actor, "assessment.self_review", branch.path),
        policies.may_self_review(run),
        _in_run(run, branch),
    )
    _check(run, branch, judgements)
    changed = _keep(SelfReview, run, branch, judgements, actor, now)
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


def _in_run(run: Run, branch: Organisation) -> Refusal | None:
    """A branch that the run does not assess is not judged in it."""
    if run.results.filter(branch=branch).exists():
        return None
    return Refusal("branch_not_in_run", _("该支部不在本次考核中"), remedy=_("请开展考核的党委按最新记录重算"))


def _check(run: Run, branch: Organisation, judgements: Sequence[Judgement]) -> None:
    weights = _weights(run)
    wanted = {link for each in judgements for link in each.evidence}
    known = (
        {record.link for record in queries.linkable(branch, Quarter.from_key(run.quarter))}
        if wanted
        else set()
    )
    found = [refusal for each in judgements if (refusal := _fault(each, weights)) is not None]
    if wanted - known:
        found.append(
            Refusal("record_elsewhere", _("只能关联本支部本季度的记录"), remedy=_("刷新页面后重新选择"))
        )
    if found:
        raise Refused(found)


def _fault(each: Judgement, weights: Mapping[tuple[str, str], int]) -> Refusal | None:
    weight = weights.get((each.standard, each.part))
    params = {"standard": each.standard, "most": "" if weight is None else formats.points(weight)}
    if weight is None:
        return Refusal("part_unknown", _("{standard} 没有这一评审项"), params=params)
    if each.points is not None and not 0 <= each.points <= weight:
        return Refusal(
            "points_out_of_range",
            _("{standard} 的分值应在 0 到 {most} 之间"),
            params=params,
            remedy=_("改正分值后再保存"),
        )
    if not each.applicable and not each.comment.strip():
        return Refusal(
            "reason_missing",
            _("{standard} 认定不适用，须写明理由"),
            params=params,
            remedy=_("在评语中写明理由"),
        )
    return None


def _keep(
    model: type[Review | SelfReview],
    run: Run,
    branch: Organisation,
    judgements: Sequence[Judgement],
    actor: Actor,
    now: datetime,
) -> int:
    """Insert, change or take back; rows that say the same are left alone, rows changed meanwhile are a conflict."""
    there = {(row.standard, row.part): row for row in model.objects.filter(run=run, branch=branch)}
    changes = [each for each in judgements if not _same(there.get((each.standard, each.part)), each)]
    stale = [each for each in changes if each.version is not None and each.version != _version(there, each)]
    if stale:
        name = "assessment:review" if model is Review else "assessment:self_review"
        back = reverse(name, args=[branch.pk, Quarter.from_key(run.quarter).code])
        rows = [_both(run, there.get((each.standard, each.part)), each) for each in changes]
        first = there.get((stale[0].standard, stale[0].part))
        raise Stale(rows, back=back, who=first.by_name if first else "")
    for each in changes:
        row = there.get((each.standard, each.part))
        if each.empty and row is not None:
            row.delete()
            continue
        model.objects.update_or_create(
            run=run,
            branch=branch,
            standard=each.standard,
            part=each.part,
            defaults={
                **_values(model, each),
                "by_name": actor.name,
                "at": now,
                "version": row.version + 1 if row else 1,
            },
        )
    return len(changes)


def _values(model: type[Review | SelfReview], each: Judgement) -> dict[str, object]:
    """A judgement as its row keeps it. Only a superior's may declare a part not applicable."""
    values: dict[str, object] = {
        "points_micro": (each.points or 0) * MICRO_PER_HUNDREDTH if each.applicable else 0,
        "comment": each.comment.strip(),
        "evidence": json.dumps(sorted(list(link) for link in each.evidence)) if each.evidence else "",
    }
    return {**values, "applicable": int(each.applicable)} if model is Review else values


def _same(row: Review | SelfReview | None, each: Judgement) -> bool:
    if row is None or each.empty:
        return row is None and each.empty
    return all(getattr(row, name) == value for name, value in _values(type(row), each).items())


def _version(there: Mapping[tuple[str, str], Review | SelfReview], each: Judgement) -> int:
    row = there.get((each.standard, each.part))
    return row.version if row is not None else 0


def _both(run: Run, row: Review | SelfReview | None, each: Judgement) -> tuple[str, str, str]:
    """A conflict in words: which part, what stands there now, what was sent."""
    standard = books.of_run(run).standard(each.standard)
    theirs = (
        _told(formats.micro_points(row.points_micro), row.comment, getattr(row, "applicable", 1))
        if row
        else _("（空）")
    )
    mine = (
        _("（空）") if each.empty else _told(formats.points(each.points), each.comment, int(each.applicable))
    )
    return f"{each.standard} {pick(standard.part(each.part).title)}", theirs, mine


def _told(points: str, comment: str, applicable: int) -> str:
    return " ".join(filter(None, (points if applicable else _("不适用"), comment)))
