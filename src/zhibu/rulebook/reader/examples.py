"""Worked cases of standards: read, and run before the standard is accepted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from zhibu.core.calendar import Quarter
from zhibu.core.evaluate import StandardVerdict, State, judge
from zhibu.core.norms import Example, Standard, due_in
from zhibu.core.points import micro_of

from .entry import Entry
from .gathering import Gathering
from .problems import listed, meant


def read_examples(book: Gathering, entry: Entry, standard: Standard) -> tuple[Example, ...]:
    """The examples under `examples:`."""
    return tuple(_example(book, each, standard) for each in entry.entries("examples", "例子"))


def _example(book: Gathering, entry: Entry, standard: Standard) -> Example:
    page = entry.page
    kind = entry.text_or("kind")
    if kind is not None:
        book.kind_known(page, kind, entry.at("kind"))
    example_facts = _facts(entry, standard)
    review = _numbers(entry, "review")
    for part in review:
        _part_known(entry, standard, part, "review")
    expect = entry.entry("expect", "应得结论")
    if expect is None:
        entry.need("expect")
    example = Example(
        name=entry.text("name"),
        as_of=entry.day("as_of"),
        kind=kind or next(iter(standard.applies_to), ""),
        facts=example_facts,
        review=review,
        verdict=expect.choice("verdict", State).value if expect else "",
        points=expect.whole_or("points") if expect else None,
        checks=_states(expect, standard) if expect else {},
        missing=expect.texts("missing") if expect and expect.has("missing") else None,
    )
    if expect is not None:
        expect.close()
    entry.close()
    return example


def _facts(entry: Entry, standard: Standard) -> dict[str, int]:
    known = {*standard.facts(), *(fact for part in standard.reviewed for fact in part.supported_by)}
    node = entry.need("facts")
    found = {}
    for name, line, value in entry.page.pairs(node, "facts") if node else ():
        if name not in known:
            entry.page.note(
                line, "example_unknown_fact", name=name, meant=meant(name, known), known=listed(known, 30)
            )
        found[name] = entry.page.whole(value, name)
    return found


def _numbers(entry: Entry, key: str) -> dict[str, int]:
    node = entry.get(key)
    return (
        {name: entry.page.whole(value, name) for name, _, value in entry.page.pairs(node, key)}
        if node
        else {}
    )


def _states(expect: Entry, standard: Standard) -> dict[str, str]:
    node = expect.get("checks")
    found = {}
    for name, _, value in expect.page.pairs(node, "checks") if node else ():
        _part_known(expect, standard, name, "checks")
        found[name] = expect.page.choice(value, name, State).value
    return found


def _part_known(entry: Entry, standard: Standard, name: str, key: str) -> None:
    known = [part.id for part in standard.parts]
    if name not in known:
        entry.page.note(
            entry.at(key), "example_unknown_part", id=name, meant=meant(name, known), known=listed(known, 30)
        )


# -------------------------------------------------------------------------------------------- running
def run_examples(book: Gathering, standard: Standard, examples: Iterable[Example], entry: Entry) -> None:
    """Judge every example; one that does not come out as written is a problem at its own line."""
    for example, each in zip(examples, entry.entries("examples", "例子"), strict=True):
        verdict = judged(book.facts_over_nothing(standard), standard, example)
        if verdict is None:
            entry.page.note(
                each.at("as_of"), "example_too_early", date=example.as_of, first=standard.terms.rows[0].since
            )
            continue
        for what, expected, came in differences(example, verdict):
            entry.page.note(
                each.at("expect"), "example_fails", name=example.name, what=what, expected=expected, came=came
            )


def judged(nothing: Mapping[str, int], standard: Standard, example: Example) -> StandardVerdict | None:
    """An example's verdict, on the last day of its quarter; facts it does not name are those over no record."""
    quarter = Quarter.of(example.as_of)
    review = {part: micro_of(points) for part, points in example.review.items()}
    facts = {**nothing, **example.facts}
    return judge(standard, quarter.last, facts, due_in(quarter), review, kind=example.kind or None)


def differences(example: Example, verdict: StandardVerdict) -> list[tuple[str, str, str]]:
    """What an example expects and did not get: what, expected, came."""
    compared: list[tuple[str, object, object]] = [("结论", example.verdict, verdict.state.value)]
    if example.points is not None:
        compared.append(("得分（百分之一分）", example.points, verdict.hundredths))
    states = {part.id: part.state.value for part in verdict.parts}
    compared += [(f"“{part}”", expected, states[part]) for part, expected in example.checks.items()]
    if example.missing is not None:
        compared.append(("缺项", listed(example.missing), listed(verdict.missing)))
    return [(what, str(expected), str(came)) for what, expected, came in compared if expected != came]
