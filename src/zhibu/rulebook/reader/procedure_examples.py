"""Worked cases of procedures: read as data, and run before the procedure is accepted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from zhibu.core.calendar import WorkingDays
from zhibu.core.norms.procedures import Procedure, ProcedureExample
from zhibu.core.procedure import Plan, Projection, StepState, attempt, project, replay
from zhibu.core.procedure.data import DataError, case_of, taken_of
from zhibu.core.procedure.voting import judge_by

from .entry import Entry
from .gathering import Gathering
from .problems import listed, meant
from .tree import Fields, Items, Leaf, Node

CASE_KEYS = ("fields", "subject", "branch", "steps", "events", "papers")
OF_ATTEMPT = ("lawful", "refused", "cautions", "outcome", "effects", "then")
LISTS = {
    "done": StepState.DONE,
    "possible": StepState.POSSIBLE,
    "overdue": StepState.OVERDUE,
    "not_before": StepState.NOT_BEFORE,
    "blocked": StepState.BLOCKED,
    "closed": StepState.CLOSED,
    "not_applicable": StepState.NOT_APPLICABLE,
}
DAYS = ("lawful_from", "earliest", "latest", "done_on")
OF_PROJECTION = (*LISTS, *DAYS, "ended", "next", "finishes_on", "provisional", "reasons")


def read_cases(entry: Entry, procedure: Procedure) -> tuple[ProcedureExample, ...]:
    """The examples under `examples:`; at least one."""
    found = tuple(_example(each) for each in entry.entries("examples", "例子"))
    if not found:
        entry.page.note(entry.at("examples"), "procedure_without_examples")
    return found


def _example(entry: Entry) -> ProcedureExample:
    case = {key: plain_of(node) for key in CASE_KEYS if (node := entry.get(key)) is not None}
    tried, expect = entry.get("try"), entry.need("expect")
    known = OF_ATTEMPT if tried else OF_PROJECTION
    for key, line, _ in entry.page.pairs(expect, "expect") if expect else ():
        if key not in (*OF_ATTEMPT, *OF_PROJECTION) or (key in OF_ATTEMPT and not tried):
            entry.page.note(
                line,
                "unknown_key",
                what="应得结论",
                key=key,
                meant=meant(key, known),
                known=listed(known, 30),
            )
    found = ProcedureExample(
        entry.text("name"), entry.day("as_of"), _json(case), _json(plain_of(tried)) if tried else "",
        _json(plain_of(expect) if expect else {}),
    )  # fmt: skip
    entry.close()
    return found


def plain_of(node: Node) -> Any:
    """A node of a file as plain values; days as ISO texts."""
    match node:
        case Fields(entries=entries):
            return {key.text: plain_of(value) for key, value in entries}
        case Items(items=items):
            return [plain_of(each) for each in items]
        case Leaf(value=value):
            return value.isoformat() if isinstance(value, date) else value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# -------------------------------------------------------------------------------------------- running
def run_cases(
    book: Gathering, procedure: Procedure, examples: Iterable[ProcedureExample], entry: Entry
) -> None:
    """Run every example; one that does not come out as written is a problem at its own line."""
    plan = Plan(procedure, WorkingDays(book.calendar), judge_by(book.votes), book.documents)
    for example, each in zip(examples, entry.entries("examples", "例子"), strict=True):
        try:
            found = list(differences(plan, example))
        except DataError as error:
            for fault in error.faults:
                each.page.note(
                    each.line, "example_data", name=example.name, where=fault.where, detail=fault.message,
                    remedy=fault.remedy,
                )  # fmt: skip
            continue
        for what, expected, came in found:
            each.page.note(
                each.at("expect"), "example_fails", name=example.name, what=what, expected=expected, came=came
            )


def differences(plan: Plan, example: ProcedureExample) -> Iterator[tuple[str, str, str]]:
    """What an example expects and did not get: what, expected, came. Raises DataError."""
    expect = json.loads(example.expect)
    case = case_of(plan, json.loads(example.case), assumes=True)
    compared: list[tuple[str, Any, Any]] = []
    if example.tried:
        taken = taken_of(plan, {"on": example.as_of, **json.loads(example.tried)})
        tried = attempt(plan, case, taken, max(example.as_of, taken.until or taken.on))
        came = {
            "lawful": tried.lawful,
            "refused": [each.code for each in tried.refusals],
            "cautions": [each.code for each in tried.cautions],
            "outcome": tried.outcome,
            "effects": [each.kind.value for each in tried.effects],
        }
        compared += [(key, expect[key], came[key]) for key in came if key in expect]
        if tried.lawful and _looks_on(expect):
            case = case_of(plan, json.loads(example.case), assumes=True)
            case = type(case)(**{**_parts(case), "taken": (*case.taken, tried.taken)})
    if _looks_on(expect):
        compared += _projected(project(plan, case, example.as_of), expect, replay(plan, case).ended)
    for what, expected, found in compared:
        if expected != found:
            yield what, _told(expected), _told(found)


def _parts(case: Any) -> dict[str, Any]:
    return {name: getattr(case, name) for name in case.__dataclass_fields__}


def _looks_on(expect: dict[str, Any]) -> bool:
    return any(key in OF_PROJECTION for key in expect)


def _projected(seen: Projection, expect: dict[str, Any], ended: str) -> Iterator[tuple[str, Any, Any]]:
    """What is expected of the projection. Lists of steps name those that must be so; others may be too."""
    states = {each.step: each.state for each in seen.steps}
    for key, state in LISTS.items():
        for name in expect.get(key, ()):
            yield f"“{name}”", state.value, states.get(name, "（无此步骤）")
    for key in DAYS:
        for name, day in expect.get(key, {}).items():
            found = getattr(seen.view(name), key) if name in states else None
            yield f"“{name}”的 {key}", day, found.isoformat() if found else None
    for name, codes in expect.get("reasons", {}).items():
        came = [each.code for each in seen.view(name).reasons] if name in states else []
        yield f"“{name}”的理由", codes, came
    if "ended" in expect:
        yield "结局", expect["ended"] or "", ended
    if "next" in expect:
        yield "下一步", expect["next"], seen.next.step if seen.next else None
    if "finishes_on" in expect:
        yield "最早办结", expect["finishes_on"], seen.finishes_on.isoformat() if seen.finishes_on else None
    if "provisional" in expect:
        yield "暂定", expect["provisional"], seen.provisional


def _told(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(str(each) for each in value) or "（无）"
    return str(getattr(value, "value", value))
