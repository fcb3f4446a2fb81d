"""Worked votes: read, and counted before the rule is accepted."""

from __future__ import annotations

import json
from typing import Any

from zhibu.core.norms import VoteExample, VoteRule
from zhibu.core.tally import Outcome, VoteDataError, count, vote_from

from .entry import Entry
from .problems import listed, meant
from .tree import Fields, Items, Leaf, Node


def read_vote_examples(entry: Entry) -> tuple[VoteExample, ...]:
    """The examples under `examples:`."""
    return tuple(_example(each) for each in entry.entries("examples", "例子"))


def _example(entry: Entry) -> VoteExample:
    node = entry.need("vote")
    expect = entry.entry("expect", "应得结果")
    if expect is None:
        entry.need("expect")
    example = VoteExample(
        name=entry.text("name"),
        as_of=entry.day("as_of"),
        vote=json.dumps(_plain(node), ensure_ascii=False) if node else "{}",
        expect=_expected(expect) if expect else {},
    )
    entry.close()
    return example


EXPECTED = (
    "quorum",
    "carried",
    "void",
    "elected",
    "run_off",
    "kind",
    "seats_left",
    "reasons",
    "excellent",
    "needed",
)


def _expected(entry: Entry) -> dict[str, str]:
    found = {}
    for name, line, value in entry.page.pairs(entry.node, "expect"):
        if name not in EXPECTED:
            entry.page.note(
                line,
                "unknown_key",
                what=entry.what,
                key=name,
                meant=meant(name, EXPECTED),
                known=listed(EXPECTED, 30),
            )
        found[name] = json.dumps(_plain(value), ensure_ascii=False)
    return found


def _plain(node: Node) -> Any:
    """The node as JSON has it."""
    match node:
        case Fields(entries=entries):
            return {key.text: _plain(value) for key, value in entries}
        case Items(items=items):
            return [_plain(each) for each in items]
        case Leaf(value=value, text=text):
            return value if isinstance(value, (str, bool, int)) or value is None else text


# -------------------------------------------------------------------------------------------- running
def run_vote_examples(rule: VoteRule, entry: Entry, *, skip: int = 0) -> None:
    """Count every example; one that does not come out as written is a problem at its own line."""
    for example, each in zip(rule.examples[skip:], entry.entries("examples", "例子"), strict=True):
        row = rule.row_on(example.as_of)
        if row is None:
            entry.page.note(
                each.at("as_of"), "example_too_early", date=example.as_of, first=rule.terms[0].since
            )
            continue
        try:
            vote = vote_from(json.loads(example.vote), row, rule.kind)
        except VoteDataError as error:
            entry.page.note(each.at("vote"), "example_vote", name=example.name, detail=error.told())
            continue
        for what, expected, came in differences(example, count(rule, example.as_of, vote)):
            entry.page.note(
                each.at("expect"), "example_fails", name=example.name, what=what, expected=expected, came=came
            )


def differences(example: VoteExample, outcome: Outcome) -> list[tuple[str, str, str]]:
    """What an example expects and did not get: what, expected, came."""
    came = {name: json.dumps(value, ensure_ascii=False) for name, value in _came(outcome).items()}
    return [
        (f"“{name}”", expected, came[name])
        for name, expected in example.expect.items()
        if expected != came.get(name, expected)
    ]


def _came(outcome: Outcome) -> dict[str, object]:
    run_off = outcome.run_off
    return {
        "quorum": outcome.quorum_reached,
        "carried": outcome.carried,
        "void": outcome.void,
        "elected": list(outcome.elected),
        "run_off": list(run_off.among) if run_off else [],
        "kind": run_off.kind.value if run_off else None,
        "seats_left": run_off.seats if run_off else 0,
        "reasons": list(outcome.codes),
        "excellent": outcome.excellent,
        "needed": outcome.majority.needed if outcome.majority else None,
    }
