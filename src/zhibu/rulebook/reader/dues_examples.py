"""Worked cases of dues: read as a payer would be given to `zhibu dues compute`, and run before the rule is accepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from zhibu.core.calendar import Month
from zhibu.core.levy import (
    Levy,
    SharesRow,
    Sort,
    charge,
    destination,
    in_force,
    months_in_a_row,
    split,
    stage_of,
    within_back_payment,
)
from zhibu.core.levy.stated import Reading, read_member, read_practice

from .entry import Entry
from .gathering import Gathering
from .problems import listed
from .tree import Fields, Items, Node

UNKNOWN = "unknown"
Difference = tuple[str, object, object]


def run_dues(book: Gathering) -> None:
    """Run every example of dues, when all files of all layers are read and sound."""
    levy = book.levy
    if (levy.rates or levy.fixed) and levy.practice is None:
        book.problems.add("dues", 1, "dues_practice_missing")
    if book.problems.found:
        return
    count = 0
    for sort, entry in book.dues_examples:
        for example in entry.entries("examples", "例子"):
            count += 1
            _run(levy, sort, example)
    book.levy = replace(levy, examples=count)


def _run(levy: Levy, sort: Sort, example: Entry) -> None:
    name = example.text("name")
    if sort in (Sort.RATES, Sort.FIXED, Sort.PRACTICE):
        found = _amounts(levy, example)
    elif sort is Sort.ARREARS:
        found = _arrears(levy, example)
    elif sort is Sort.EXTRA:
        found = _extra(levy, example)
    else:
        found = _shares(levy, example)
    for what, expected, came in found:
        if expected != came:
            example.page.note(
                example.at("expect"), "example_fails", name=name, what=what, expected=expected, came=came
            )
    example.close()


def _amounts(levy: Levy, example: Entry) -> Iterator[Difference]:
    reading = Reading()
    node, chosen, expect = example.need("payer"), example.get("practice"), example.need("expect")
    given = plain(node) if node else {}
    fields = reading.fields(given, "payer", ("admitted_on", "left_on", "spells", "reliefs"))
    member = read_member(reading, fields, "payer")
    for month, _line, value in example.page.pairs(expect, "expect") if expect else ():
        wanted = plain(value)
        at = reading.month(month, "expect")
        practice = levy.practice_on(at.first) if at else None
        practice = practice or (levy.practice.rows[0] if levy.practice else None)
        if at is None or practice is None:
            continue
        if chosen:
            practice = read_practice(reading, plain(chosen), "practice", practice)
        came = charge(levy, member, at, practice).fen
        yield month, wanted, UNKNOWN if came is None else came
    _note(example, reading)


def _note(example: Entry, reading: Reading) -> None:
    for each in reading.wrong[:1]:
        example.page.note(
            example.line, "dues_example_malformed", at=each.at, detail=each.message, hint=each.remedy
        )


def _arrears(levy: Levy, example: Entry) -> Iterator[Difference]:
    reading = Reading()
    as_of = example.day("as_of")
    unpaid = {reading.month(text, "unpaid") for text in example.texts("unpaid")} - {None}
    expect = example.entry("expect", "应得结论")
    row = in_force(levy.arrears.rows, as_of) if levy.arrears else None
    _note(example, reading)
    if expect is None or row is None:
        example.need("expect")
        return
    months = {each for each in unpaid if each is not None}
    count = months_in_a_row(months, Month.of(as_of))
    yield "连续未交的月数", expect.whole_or("in_a_row"), count
    yield "阶段", expect.text("stage"), stage_of(count, row).value
    if expect.has("beyond"):
        late = [each.code for each in months if not within_back_payment(each, Month.of(as_of), row)]
        yield "超出补交期限的月份", listed(expect.texts("beyond")), listed(late)
    expect.close()


def _extra(levy: Levy, example: Entry) -> Iterator[Difference]:
    fen, as_of, expect = (
        example.whole_or("fen", 0) or 0,
        example.day("as_of"),
        example.entry("expect", "应得结论"),
    )
    row = in_force(levy.extra.rows, as_of) if levy.extra else None
    if expect is not None and row is not None:
        yield "去向", expect.text("destination"), destination(fen, row).value
        expect.close()


def _shares(levy: Levy, example: Entry) -> Iterator[Difference]:
    fen, kind, as_of = example.whole_or("fen", 0) or 0, example.text("kind"), example.day("as_of")
    expect = example.entry("expect", "应得结论")
    row: SharesRow | None = in_force(levy.shares.rows, as_of) if levy.shares else None
    if expect is not None and row is not None:
        found = split(fen, kind, row)
        yield "留存", expect.whole_or("kept"), found.kept_fen
        yield "上缴", expect.whole_or("up"), found.up_fen
        expect.close()


def plain(node: Node) -> object:
    """A tree as JSON would give it, days as days."""
    if isinstance(node, Items):
        return [plain(each) for each in node.items]
    if isinstance(node, Fields):
        return {key.text: plain(value) for key, value in node.entries}
    return node.value
