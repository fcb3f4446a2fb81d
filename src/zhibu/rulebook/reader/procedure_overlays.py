"""An overlay's amendment of a procedure: tighter numbers, further steps, or switching it off with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from zhibu.core.norms import Disabled, Level
from zhibu.core.norms.procedures import Comparison, Procedure, Prompt, Step, StepRow, compared_in

from .asked import Names
from .entry import Entry
from .gathering import Gathering
from .overlays import Tighter
from .problems import listed, meant
from .procedure_checks import check_steps
from .procedure_examples import read_cases, run_cases
from .procedure_parts import read_endings, read_papers, read_prompt, read_steps
from .tree import Fields, Leaf

_WAY = {
    Comparison.AT_LEAST: Tighter.UP,
    Comparison.MORE_THAN: Tighter.UP,
    Comparison.AT_MOST: Tighter.DOWN,
    Comparison.LESS_THAN: Tighter.DOWN,
    Comparison.EQUALS: Tighter.FIXED,
}


def amend_procedure(book: Gathering, entry: Entry, procedure: Procedure) -> None:
    """Apply an amendment: `id`, `reason`, and `disable: true`, or `terms` by step, `add_steps`, `papers`, `examples`."""
    entry.need("reason", "overlay_without_reason", id=procedure.id)
    reason = entry.wording_or("reason")
    if entry.flag_or("disable", otherwise=False):
        entry.close()
        if procedure.level is Level.NATIONAL:
            entry.page.note(entry.at("disable"), "overlay_touches_national", name=procedure.id)
        elif reason is not None:
            book.disabled[procedure.id] = Disabled(book.layer, reason)
            del book.procedures[procedure.id]
        return
    amended = replace(
        procedure,
        papers={**procedure.papers, **read_papers(book, entry)},
        endings={**procedure.endings, **read_endings(entry)},
        prompts=_prompts(entry, procedure),
        steps=tuple(_tightened(entry, step) for step in procedure.steps),
    )
    _known_steps(entry, procedure)
    amended = _with_steps(book, entry, amended)
    examples = read_cases(entry, amended) if entry.has("examples") else ()
    entry.close()
    if not book.problems.within(entry.page.file):
        book.procedures[procedure.id] = replace(amended, examples=(*procedure.examples, *examples))
        run_cases(book, amended, examples, entry)


def _prompts(entry: Entry, procedure: Procedure) -> tuple[Prompt, ...]:
    """An overlay's prompts stand beside those of a national procedure, and in the place of any other's."""
    found = tuple(read_prompt(each) for each in entry.entries("prompts", "提示"))
    if procedure.level is Level.NATIONAL:
        return (*procedure.prompts, *found)
    return found or procedure.prompts


# ------------------------------------------------------------------------------------------- further steps
def _with_steps(book: Gathering, entry: Entry, procedure: Procedure) -> Procedure:
    """The procedure with an overlay's own steps; `precedes` puts one before steps there are."""
    names = Names(entry.page, frozenset(each.id for each in procedure.fields))
    read = read_steps(book, entry, "add_steps", names, procedure.sources)
    if not read:
        return procedure
    before: dict[str, tuple[str, ...]] = {}
    for (step, _), each in zip(read, entry.entries("add_steps", "步骤"), strict=True):
        for name, line in each.located("precedes"):
            if all(one.id != name for one in procedure.steps):
                known = [one.id for one in procedure.steps]
                entry.page.note(
                    line, "unknown_step", id=name, meant=meant(name, known), known=listed(known, 40)
                )
            before[name] = (*before.get(name, ()), step.id)
    steps = [
        replace(step, after=(*step.after, *before[step.id])) if step.id in before else step
        for step in procedure.steps
    ]
    for step, _ in read:
        place = max(
            (index for index, each in enumerate(steps) if each.id in step.after), default=len(steps) - 1
        )
        steps.insert(place + 1, step)
    found = replace(procedure, steps=tuple(steps))
    check_steps(book, entry, found, read)
    return found


# -------------------------------------------------------------------------------------------- tighter numbers
def _known_steps(entry: Entry, procedure: Procedure) -> None:
    node = entry.get("terms")
    known = [step.id for step in procedure.steps]
    for name, line, _ in entry.page.pairs(node, "terms") if node else ():
        if name not in known:
            entry.page.note(line, "unknown_step", id=name, meant=meant(name, known), known=listed(known, 40))


def _tightened(entry: Entry, step: Step) -> Step:
    """The step with the overlay's numbers from their day on, none of them looser."""
    node = entry.get("terms")
    changes: dict[date, dict[str, int]] = {}
    for name, _, each in entry.page.pairs(node, "terms") if node else ():
        if name != step.id or not isinstance(each, Fields):
            continue
        for key, row in each.entries:
            if not isinstance(key.value, date):
                entry.page.note(key.line, "terms_not_dated", key=key.text)
                continue
            changes[key.value] = dict(_numbers(entry, step, key.value, row))
    if not changes:
        return step
    days = sorted({*changes, *(row.since for row in step.rows)})
    return replace(step, rows=tuple(_merged(step, changes, day) for day in days))


def _merged(step: Step, changes: dict[date, dict[str, int]], day: date) -> StepRow:
    base = step.row_on(day)
    numbers = dict(base.numbers) if base else {}
    for since in sorted(changes):
        if since <= day:
            numbers |= changes[since]
    return StepRow(day, numbers, base.reply if base else "")


def _numbers(entry: Entry, step: Step, day: date, row: object) -> Iterator[tuple[str, int]]:
    ways = dict(_ways(step))
    known = {name for each in step.rows for name in each.numbers}
    for name, line, value in entry.page.pairs(row, name_of(day)) if isinstance(row, (Fields, Leaf)) else ():
        number = entry.page.whole(value, name)
        if name not in known:
            entry.page.note(
                line, "unknown_term", name=name, meant=meant(name, known), known=listed(known, 30)
            )
            continue
        base, way = step.number(name, day), ways.get(name, Tighter.FIXED)
        if way is Tighter.FIXED:
            entry.page.note(line, "overlay_fixed_term", name=name)
        elif base is not None and (number < base if way is Tighter.UP else number > base):
            direction = "小于" if way is Tighter.UP else "大于"
            entry.page.note(
                line, "overlay_loosens", name=name, date=day, base=base, value=number, direction=direction
            )
        yield name, number


def name_of(day: date) -> str:
    """A row as messages name it."""
    return day.isoformat()


def _ways(step: Step) -> Iterator[tuple[str, Tighter]]:
    """Which way every number of a step becomes stricter."""
    for timing in step.waits:
        yield timing.term, Tighter.UP
    for timing in step.due:
        yield timing.term, Tighter.UP if timing.backward else Tighter.DOWN
        yield timing.extended, Tighter.DOWN
    yield "working_days", Tighter.UP
    if step.people:
        yield step.people.least, Tighter.UP
        yield step.people.most, Tighter.DOWN
        yield step.people.surplus, Tighter.UP
        for bar in step.people.bars:
            for term in bar.sanctions.values():
                yield term, Tighter.UP
    if step.repeats:
        yield step.repeats.every, Tighter.DOWN
        yield step.repeats.at_least, Tighter.UP
    yield step.times, Tighter.DOWN
    for requirement in step.requires:
        for each in compared_in(requirement.met):
            if each.against and "." not in each.against:
                yield each.against, _WAY[each.test]
