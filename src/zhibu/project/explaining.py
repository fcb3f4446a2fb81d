"""What `zhibu explain` answers: one standard opened, for a branch down to its records, for a committee branch by branch.

Reads only. Records appear by table and number; names of persons do not.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from zhibu import analytics, rulebook
from zhibu.assessment import books
from zhibu.assessment.models import Result, Review, Run
from zhibu.assessment.queries import run_covering, sheet
from zhibu.assessment.queries.points import facts_behind, rule_told, sources_shown
from zhibu.assessment.queries.sheets import PartLine, Sheet
from zhibu.core.authority import successor
from zhibu.core.calendar import Quarter
from zhibu.core.evaluate import PartVerdict, StandardVerdict, judge
from zhibu.core.norms import Rulebook, Standard, due_in
from zhibu.core.points import hundredths_of, shown
from zhibu.register.models import Organisation
from zhibu.ui.language import pick

from .spoken import NOT_FOUND, Fault

EVIDENCE_LIMIT = 10_000


def standard_called(book: Rulebook, name: str) -> Standard:
    """A standard by its id, also an earlier one. Raises Fault naming what is near, or why it was switched off."""
    wanted = name.strip().upper()
    try:
        return book.standard(wanted)
    except KeyError:
        pass
    if wanted in book.disabled:
        reason = pick(book.disabled[wanted].reason)
        raise Fault(
            "standard_disabled",
            f"标准 {wanted} 已停用：{reason}",
            "zhibu rulebook check",
            exit_code=NOT_FOUND,
        )
    near = get_close_matches(wanted, list(book.standards), n=3, cutoff=0.3)
    remedy = f"是否想写 {'、'.join(near)}？" if near else "zhibu rulebook check 列出全部标准"
    raise Fault("standard_unknown", f"规则库没有标准“{name}”", remedy, exit_code=NOT_FOUND)


# ------------------------------------------------------------------------------------------- one branch
def of_branch(branch: Organisation, quarter: Quarter, name: str) -> dict[str, Any]:
    """A standard of a branch's quarter: points, parts, facts, and the numbers of the records that counted or did not."""
    found = sheet(branch, quarter)
    if found is None:
        raise Fault(
            "branch_absent",
            f"{branch.name}在 {quarter.code} 还没有成立或已撤销",
            "换一个季度",
            exit_code=NOT_FOUND,
        )
    standard = standard_called(found.book, name)
    try:
        line = found.line(standard.id)
    except KeyError:
        raise Fault(
            "not_in_force",
            f"标准 {standard.id} 在 {quarter.code} 尚未施行",
            "换一个季度",
            exit_code=NOT_FOUND,
        ) from None
    row = standard.terms.row_on(quarter.last)
    numbers = row.numbers if row else {}
    names = dict.fromkeys(fact for part in line.parts for fact in facts_behind(part.part))
    return {
        **_head(branch, quarter, found.run, found.book, standard),
        "kind": "branch",
        "source": "stored" if found.result is not None else "computed",
        "sources": [
            {"title": each.title, "article": each.article, "verified": each.verified}
            for each in sources_shown(found.book, standard)
        ],
        "terms_since": row.since.isoformat() if row else None,
        **_verdict(line.verdict),
        "parts": [_part(found.book, each, numbers) for each in line.parts],
        "facts": [_fact(found, fact) for fact in names],
    }


def _head(
    place: Organisation, quarter: Quarter, run: Run | None, book: Rulebook, standard: Standard
) -> dict[str, Any]:
    return {
        "organisation": {"code": place.code, "name": place.name},
        "quarter": quarter.code,
        "state": run.state if run else "none",
        "rulebook": book.digest,
        "standard": {"id": standard.id, "title": pick(standard.title), "asks": pick(standard.asks)},
    }


def _verdict(verdict: StandardVerdict) -> dict[str, Any]:
    return {
        "verdict": verdict.state.value,
        "points": shown(verdict.hundredths),
        "decided": shown(hundredths_of(verdict.decided)),
        "applicable": shown(hundredths_of(verdict.applicable)),
        "because": pick(verdict.because),
    }


def _part(book: Rulebook, line: PartLine, numbers: Mapping[str, int]) -> dict[str, Any]:
    verdict = line.verdict
    told: dict[str, Any] = {
        "id": verdict.id,
        "title": pick(line.part.title),
        "kind": "computed" if line.computed else "reviewed",
        "verdict": verdict.state.value,
        "points": shown(hundredths_of(verdict.points)) if verdict.decided else None,
        "weight": shown(hundredths_of(verdict.weight)),
        "rule": list(rule_told(book, line.part, numbers)),
        "facts": list(facts_behind(line.part)),
        "missing": _missing(book, verdict),
        "because": pick(verdict.because),
    }
    if line.review is not None:
        told["review"] = {"comment": line.review.comment, "by": line.review.by_name}
    return told


def _missing(book: Rulebook, verdict: PartVerdict) -> list[dict[str, Any]]:
    return [
        {
            "fact": gap.fact,
            "title": pick(book.facts[gap.fact].title),
            "value": gap.value,
            "operator": gap.operator.value,
            "bound": gap.bound,
        }
        for gap in verdict.missing
    ]


def _fact(found: Sheet, name: str) -> dict[str, Any]:
    """A fact with the records behind it, as the run counted them when there is a run."""
    fact = found.book.facts[name]
    known_by = found.run.known_by if found.run and found.result else None
    behind = analytics.evidence(
        found.book,
        name,
        found.branch.pk,
        found.quarter.first,
        found.quarter.last,
        known_by=known_by,
        limit=EVIDENCE_LIMIT,
    )
    return {
        "id": name,
        "title": pick(fact.title),
        "unit": pick(fact.unit),
        "value": found.facts.get(name, fact.empty),
        "table": behind.table.table,
        "counted": [row.key for row in behind.rows if row.counted],
        "left_out": [{"id": row.key, "because": pick(row.because)} for row in behind.rows if not row.counted],
        "more": behind.more,
    }


# ------------------------------------------------------------------------------------------- a committee
@dataclass(frozen=True, slots=True)
class _Case:
    """What one branch is judged by."""

    branch: int
    path: str
    kind: str
    assessed: bool
    facts: Mapping[str, int]


def of_committee(place: Organisation, quarter: Quarter, name: str) -> dict[str, Any]:
    """A standard over all branches below: which meet it, and what the others lack."""
    run = run_covering(place.path, quarter)
    book = books.of_run(run) if run else rulebook.load()
    standard = standard_called(book, name)
    reviews = _reviews(run, standard)
    below = Organisation.objects.filter(path__gte=place.path, path__lt=successor(place.path))
    rows = {pk: (code, title) for pk, code, title in below.values_list("pk", "code", "name")}
    states: Counter[str] = Counter()
    branches = []
    for case in _cases(place, quarter, book, run):
        verdict = _judged(standard, quarter, case, reviews.get(case.branch, {}))
        if verdict is None:
            continue
        state = verdict.state.value if case.assessed else "not_assessed"
        states[state] += 1
        code, title = rows[case.branch]
        branches.append(
            {
                "code": code,
                "name": title,
                **_verdict(verdict),
                "verdict": state,
                "lacks": _lacks(book, standard, verdict),
            }
        )
    return {
        **_head(place, quarter, run, book, standard),
        "kind": "committee",
        "source": "stored" if run else "computed",
        "counts": dict(sorted(states.items())),
        "branches": branches,
    }


def _cases(place: Organisation, quarter: Quarter, book: Rulebook, run: Run | None) -> list[_Case]:
    low, end = place.path, successor(place.path)
    kinds = dict(Organisation.objects.filter(path__gte=low, path__lt=end).values_list("pk", "kind"))
    if run is None:
        rows = analytics.collect(book, quarter, lo=low, hi=end)
        return [_Case(row.branch, row.path, row.kind, row.assessed, row.as_facts()) for row in rows]
    stored = Result.objects.filter(run=run, branch_path__gte=low, branch_path__lt=end).order_by("branch_path")
    return [
        _Case(branch, path, kinds[branch], bool(assessed), json.loads(facts))
        for branch, path, assessed, facts in stored.values_list(
            "branch_id", "branch_path", "assessed", "facts"
        )
    ]


def _reviews(run: Run | None, standard: Standard) -> dict[int, dict[str, int]]:
    if run is None:
        return {}
    found: dict[int, dict[str, int]] = {}
    rows = Review.objects.filter(run=run, standard=standard.id)
    for branch, part, applicable, points in rows.values_list(
        "branch_id", "part", "applicable", "points_micro"
    ):
        found.setdefault(branch, {})[part] = points if applicable else -1
    return found


def _judged(
    standard: Standard, quarter: Quarter, case: _Case, review: Mapping[str, int]
) -> StandardVerdict | None:
    return judge(standard, quarter.last, case.facts, due_in(quarter), dict(review), kind=case.kind)


def _lacks(book: Rulebook, standard: Standard, verdict: StandardVerdict) -> list[dict[str, Any]]:
    """Every part not fully met, with what it lacks or what it waits for."""
    return [
        {
            "part": each.id,
            "title": pick(standard.part(each.id).title),
            "verdict": each.state.value,
            "points": shown(hundredths_of(each.points)) if each.decided else None,
            "weight": shown(hundredths_of(each.weight)),
            "missing": _missing(book, each),
        }
        for each in verdict.parts
        if each.applicable and each.state.value != "met"
    ]
