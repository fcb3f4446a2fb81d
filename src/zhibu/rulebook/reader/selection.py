"""selection.yaml: what weighs in the selection of advanced branches; an overlay sets other weights, or adds a procedure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from zhibu.core.norms.procedures import FieldKind, Procedure, Step
from zhibu.core.norms.selection import MOST, Result, Weighing

from .entry import Entry, Page
from .gathering import Gathering
from .overlays import amended_terms
from .problems import listed, meant
from .sources import read_level
from .terms import read_terms
from .tree import Node


def read_selection(book: Gathering, page: Page, root: Node) -> None:
    """Read every procedure whose results weigh; in an overlay a known one is weighed anew, an unknown one added."""
    for name, line, node in page.pairs(root, page.file):
        entry = page.fields(node, name, f"评选参考“{name}”")
        known = book.selection.get(name)
        if book.overlay and known is not None:
            entry.need("reason", "overlay_without_reason", id=name)
            entry.wording_or("reason")
            book.selection[name] = replace(known, terms=amended_terms(entry, known.terms))
        elif book.claim(page, "selection", name, line):
            book.selection[name] = _read(book, entry, name)
        _run(entry, book.selection.get(name))
        entry.close()


def _read(book: Gathering, entry: Entry, name: str) -> Weighing:
    level, sources = read_level(book, entry)
    procedure = _procedure(book, entry)
    steps = {each.id: each for each in procedure.steps} if procedure else {}
    terms, rows = read_terms(entry)
    if not entry.has("examples"):
        entry.page.note(entry.line, "examples_missing")
    found = Weighing(
        id=name,
        title=entry.wording("title"),
        about=entry.wording("about"),
        level=level,
        sources=sources,
        verified=entry.flag_or("verified", otherwise=False),
        procedure=procedure.id if procedure else "",
        accepted=_step(entry, "accepted", steps),
        results={each.id: each for each in _results(entry, steps)},
        terms=terms,
    )
    names = {*found.results, MOST}
    for row in rows[:1]:
        for each in row.numbers.keys() ^ names:
            line = row.lines.get(each, row.line)
            entry.page.note(line, "unknown_term", name=each, meant=meant(each, names), known=listed(names))
    return found


def _procedure(book: Gathering, entry: Entry) -> Procedure | None:
    name = entry.text("procedure")
    if name and name not in book.procedures:
        entry.page.note(
            entry.at("procedure"), "unknown_choice", key="procedure", value=name, meant=meant(name, book.procedures),
            known=listed(book.procedures),
        )  # fmt: skip
    return book.procedures.get(name)


def _step(entry: Entry, key: str, steps: dict[str, Step]) -> str:
    name = entry.text(key)
    if name and steps and name not in steps:
        entry.page.note(entry.at(key), "unknown_step", id=name, meant=meant(name, steps), known=listed(steps))
    return name


def _results(entry: Entry, steps: dict[str, Step]) -> Iterator[Result]:
    node = entry.need("results")
    for name, _line, value in entry.page.pairs(node, "results") if node else ():
        one = entry.page.fields(value, name, f"成果“{name}”")
        step = _step(one, "step", steps)
        field, wanted = one.text_or("field", "") or "", one.text_or("is", "") or ""
        choices = {
            each.id: each.choices
            for each in (steps[step].fields if step in steps else ())
            if each.kind is FieldKind.CHOICE
        }
        if step in steps and bool(field) != bool(wanted):
            one.page.note(one.line, "missing_key", what=one.what, key="is" if field else "field")
        elif field and step in steps and field not in choices:
            one.page.note(
                one.at("field"),
                "unknown_value",
                name=field,
                meant=meant(field, choices),
                known=listed(choices),
            )
        elif field and step in steps and wanted not in choices[field]:
            one.page.note(
                one.at("is"), "unknown_choice", key="is", value=wanted, meant=meant(wanted, choices[field]),
                known=listed(choices[field]),
            )  # fmt: skip
        yield Result(name, one.wording("title"), step, field, wanted)
        one.close()


def _run(entry: Entry, rule: Weighing | None) -> None:
    """Every example: the results of the cases of a branch, and what they weigh together."""
    page = entry.page
    for example in entry.entries("examples", "例子"):
        name, day = example.text("name"), example.day("as_of")
        node, expect = example.need("cases"), example.need("expect")
        cases = [
            [page.text(one, "cases") for one in page.items(case, "cases")]
            for case in (page.items(node, "cases") if node else ())
        ]
        wanted = page.whole(expect, "expect") if expect else 0
        came = rule.total(cases, day) if rule else wanted
        if came != wanted:
            page.note(
                example.at("expect"), "example_fails", name=name, what="weight", expected=wanted, came=came
            )
        example.close()
