"""Everything the steps of a procedure refer to, looked up when all of them are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from zhibu.core.norms.procedures import COMPLETED, Procedure, Step

from .asked import OF_STEPS
from .entry import Entry
from .gathering import Gathering
from .problems import listed, meant
from .procedure_parts import Steps
from .steps import Reading


def check_steps(book: Gathering, entry: Entry, procedure: Procedure, read: Steps) -> bool:
    """Look up everything steps refer to; whether the procedure can be run at all."""
    before = len(book.problems.found)
    known = {name for step in procedure.steps for name in (step.id, *step.was)}
    for name, count in Counter(step.id for step in procedure.steps).items():
        if count > 1:
            entry.page.note(entry.at("steps"), "step_id_twice", id=name)
    for step, reading in read:
        _look_up(reading, procedure, known)
        _check_papers(reading, step, procedure)
        _check_optional(reading, step, procedure)
    _check_values(entry, procedure, read)
    if len(book.problems.found) == before:
        _check_circle(entry, procedure)
    return len(book.problems.found) == before


def _look_up(reading: Reading, procedure: Procedure, known: set[str]) -> None:
    for key, name, line in reading.refers:
        if key == "ends":
            endings = {*procedure.endings, COMPLETED}
            if name not in endings:
                reading.page.note(
                    line, "unknown_ending", id=name, meant=meant(name, endings), known=listed(endings, 30)
                )
        elif name not in known:
            reading.page.note(
                line, "unknown_step", id=name, meant=meant(name, known), known=listed(known, 40)
            )


def _check_papers(reading: Reading, step: Step, procedure: Procedure) -> None:
    for name in (*step.needs, *step.makes):
        if name not in procedure.papers:
            known = procedure.papers
            reading.page.note(
                reading.entry.at("papers"), "unknown_paper", id=name, meant=meant(name, known),
                known=listed(known, 40),
            )  # fmt: skip


def _check_optional(reading: Reading, step: Step, procedure: Procedure) -> None:
    optional = {each.id for each in procedure.steps if each.optional}
    for name in step.after:
        if name in optional and not step.optional:
            reading.page.note(reading.entry.at("after"), "after_optional", id=name)


def _check_values(entry: Entry, procedure: Procedure, read: Steps) -> None:
    """Values of other steps that conditions name: the step must be there and have the field."""
    fields = {step.id: {each.id for each in step.fields} for step in procedure.steps}
    seen: set[tuple[str, int]] = set()
    for name, line in (each for _, reading in read for each in reading.names.later):
        if (name, line) in seen:
            continue
        seen.add((name, line))
        step, _, key = name.rpartition(".")
        if step not in fields:
            entry.page.note(
                line, "unknown_step", id=step, meant=meant(step, fields), known=listed(fields, 40)
            )
        elif not summed(key) <= fields[step] and key not in OF_STEPS:
            known = {*fields[step], *OF_STEPS}
            entry.page.note(
                line, "unknown_value", name=name, meant=meant(key, known), known=listed(known, 30)
            )


def summed(key: str) -> set[str]:
    """The fields a value of a step is made from: "amount", "total_amount", "average_points", "total_amount_by_line"."""
    plain = key.removeprefix("total_").removeprefix("average_")
    return set(plain.split("_by_", 1)) if plain != key else {key}


def _check_circle(entry: Entry, procedure: Procedure) -> None:
    """A step that comes after itself can never be reached."""
    after = {step.id: set(step.after) for step in procedure.steps}
    placed: set[str] = set()
    while True:
        ready = {name for name, before in after.items() if name not in placed and before <= placed}
        if not ready:
            break
        placed |= ready
    for name in _first(after.keys() - placed, procedure):
        entry.page.note(entry.at("steps"), "step_unreachable", id=name)


def _first(left: Iterable[str], procedure: Procedure) -> list[str]:
    names = set(left)
    return [step.id for step in procedure.steps if step.id in names][:1]
