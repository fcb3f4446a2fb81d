"""A vote given as plain data (JSON, or an example of the rulebook), read strictly.

The format is described in docs/reference/tally.md. Everything that is wrong is said with where it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NoReturn

from zhibu.core.norms import VoteKind, VoteRow
from zhibu.core.wording import Text

from .papers import ABSTAIN, MARKS, NO, YES, Paper, add_up
from .vote import Candidate, Round, Subject, Vote, Written

COUNTS: Final = (
    "expected", "present", "all_members", "committee_size", "issued", "returned", "void", "yes", "no", "abstain",
    "seats", "reduce",
)  # fmt: skip
KNOWN: Final = (*COUNTS, "written", "round", "candidates", "write_ins", "grades", "given", "papers", "roll")
OPINIONS: Final = ("yes", "no", "abstain")


class VoteDataError(ValueError):
    """Data of a vote that cannot be read: where, and what is wrong."""

    def __init__(self, where: str, message: Text) -> None:
        self.where, self.message = where, message
        super().__init__(f"{where}: {message.en}")

    def told(self, language: str = "zh") -> str:
        """Where and what, in a language."""
        return f"{self.where}：{self.message.zh}" if language == "zh" else f"{self.where}: {self.message.en}"


def vote_from(data: object, row: VoteRow, kind: VoteKind) -> Vote:
    """The vote in the data; single papers are counted by the row. Raises VoteDataError."""
    given = _mapping(data, "vote")
    for key in given:
        if key not in KNOWN:
            _wrong(key, f"没有这一项；可写的有 {'、'.join(KNOWN)}", f"unknown; known are {', '.join(KNOWN)}")
    numbers = {key: _whole(given[key], key) for key in COUNTS if key in given}
    if "roll" in given:
        numbers = {**_from_roll(given["roll"]), **numbers}
    for key in ("expected", "present"):
        if key not in numbers:
            _wrong(key, "缺少这一项", "missing")
    frame = Vote(
        **numbers,
        written=_written(given),
        round=_round(given),
        candidates=_candidates(given),
        subjects=_subjects(given, row),
    )
    if "papers" not in given:
        return frame
    for key in ("returned", "void", "yes", "no", "abstain", "write_ins"):
        if key in given:
            _wrong(key, "给出了逐张选票 papers，不再写合计", "papers are given one by one: leave out sums")
    return add_up(row, kind, frame, _papers(given["papers"], kind))


# -------------------------------------------------------------------------------------------- the roll
def _from_roll(node: object) -> dict[str, int]:
    expected = present = 0
    for index, each in enumerate(_items(node, "roll")):
        where = f"roll[{index}]"
        person = _mapping(each, where)
        for key in person:
            if key not in ("name", "votes", "why", "present", "written"):
                _wrong(f"{where}.{key}", "没有这一项", "unknown")
        if _flag(person.get("votes", True), f"{where}.votes"):
            expected += 1
            present += _flag(person.get("present", False), f"{where}.present")
    return {"expected": expected, "present": present}


def _written(given: Mapping[str, Any]) -> Written:
    found = dict.fromkeys(OPINIONS, 0)
    for index, each in enumerate(given.get("roll", ())):
        opinion = each.get("written")
        if opinion is None:
            continue
        if opinion not in OPINIONS or each.get("present", False) or not each.get("votes", True):
            _wrong(
                f"roll[{index}].written",
                "书面意见只能是 yes、no、abstain，且本人有表决权、未到会",
                "a written opinion is yes, no or abstain, of a voter who is absent",
            )
        found[opinion] += 1
    if "written" in given:
        node = _mapping(given["written"], "written")
        for key, value in node.items():
            if key not in OPINIONS:
                _wrong(f"written.{key}", "只有 yes、no、abstain", "only yes, no, abstain")
            found[key] = _whole(value, f"written.{key}")
    return Written(**found)


def _round(given: Mapping[str, Any]) -> Round:
    value = given.get("round", Round.FIRST.value)
    if value not in [each.value for each in Round]:
        _wrong("round", "只能是 first、revote、gap", "one of first, revote, gap")
    return Round(value)


# -------------------------------------------------------------------------------------------- names and marks
def _candidates(given: Mapping[str, Any]) -> tuple[Candidate, ...]:
    node = given.get("candidates", {})
    if isinstance(node, Sequence) and not isinstance(node, str):
        printed = tuple(Candidate(_text(each, "candidates")) for each in node)
    else:
        printed = tuple(_candidate(name, each) for name, each in _mapping(node, "candidates").items())
    names = [each.name for each in printed]
    if len(set(names)) != len(names):
        _wrong("candidates", "有人写了两次；同名的加以区别", "a name stands twice; tell namesakes apart")
    others = _mapping(given.get("write_ins", {}), "write_ins")
    written = tuple(
        Candidate(name, yes=_whole(value, f"write_ins.{name}"), written_in=True)
        for name, value in others.items()
    )
    return (*printed, *written)


def _candidate(name: str, node: object) -> Candidate:
    where, counts = f"candidates.{name}", {}
    for key, value in _mapping(node, where).items():
        if key not in MARKS:
            _wrong(f"{where}.{key}", "只有 yes、no、abstain", "only yes, no, abstain")
        counts[key] = _whole(value, f"{where}.{key}")
    return Candidate(name, counts.get(YES, 0), counts.get(NO, 0), counts.get(ABSTAIN, 0))


def _subjects(given: Mapping[str, Any], row: VoteRow) -> tuple[Subject, ...]:
    known = row.grades.names if row.grades else ()
    decided = _mapping(given.get("given", {}), "given")
    node = given.get("grades", {})
    named = (
        node if isinstance(node, Mapping) else {_text(each, "grades"): {} for each in _items(node, "grades")}
    )
    found = []
    for name, each in named.items():
        counts = _mapping(each, f"grades.{name}")
        for grade in (*counts, *([decided[name]] if name in decided else [])):
            if grade not in known:
                _wrong(f"grades.{name}", f"没有等次 {grade}", f"no grade {grade}")
        whole = {grade: _whole(value, f"grades.{name}.{grade}") for grade, value in counts.items()}
        found.append(Subject(name, whole, str(decided.get(name, ""))))
    return tuple(found)


def _papers(node: object, kind: VoteKind) -> list[Paper]:
    found: list[Paper] = []
    for index, each in enumerate(_items(node, "papers")):
        where = f"papers[{index}]"
        if isinstance(each, str):
            found.append(Paper({"": each}))
            continue
        paper = dict(_mapping(each, where))
        times = _whole(paper.pop("times", 1), f"{where}.times")
        others = tuple(_text(one, f"{where}.write_ins") for one in _items(paper.pop("write_ins", []), where))
        spoiled = _flag(paper.pop("spoiled", False), f"{where}.spoiled")
        if kind is VoteKind.MOTION and "mark" in paper:
            paper = {"": paper.pop("mark"), **paper}
        marks = {name: _text(mark, f"{where}.{name}") for name, mark in paper.items()}
        found += [Paper(marks, others, spoiled)] * times
    return found


# -------------------------------------------------------------------------------------------- shapes
def _mapping(node: object, where: str) -> Mapping[str, Any]:
    if not isinstance(node, Mapping) or any(not isinstance(key, str) for key in node):
        _wrong(where, "应是一组键值", "should be an object")
    return node


def _items(node: object, where: str) -> Sequence[Any]:
    if not isinstance(node, Sequence) or isinstance(node, str):
        _wrong(where, "应是列表", "should be a list")
    return node


def _whole(node: object, where: str) -> int:
    if not isinstance(node, int) or isinstance(node, bool) or node < 0:
        _wrong(where, "应是 0 或正整数", "should be a whole number, 0 or more")
    return node


def _flag(node: object, where: str) -> bool:
    if not isinstance(node, bool):
        _wrong(where, "应是 true 或 false", "should be true or false")
    return node


def _text(node: object, where: str) -> str:
    if not isinstance(node, str) or not node:
        _wrong(where, "应是文字", "should be a text")
    return node


def _wrong(where: str, zh: str, en: str) -> NoReturn:
    raise VoteDataError(where, Text(zh, en))
