"""Single papers: what makes one void, and what they add up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from zhibu.core.norms import VoteKind, VoteRow

from .vote import Candidate, Round, Subject, Vote

YES, NO, ABSTAIN = "yes", "no", "abstain"
MARKS: Final = (YES, NO, ABSTAIN)


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper: name to mark (yes, no, abstain; or a grade), names written in, and whether it was spoiled.

    A name not marked was left blank, which is to abstain. A motion's only name is "".
    """

    marks: Mapping[str, str] = field(default_factory=dict)
    write_ins: tuple[str, ...] = ()
    spoiled: bool = False


def why_void(row: VoteRow, kind: VoteKind, paper: Paper, names: Sequence[str], seats: int) -> str:
    """The code of what makes the paper void; empty when it is valid."""
    known = row.grades.names if row.grades else MARKS
    if paper.spoiled or any(name not in names or mark not in known for name, mark in paper.marks.items()):
        return "spoiled"
    if kind is not VoteKind.ELECTION:
        return "write_in_not_allowed" if paper.write_ins else ""
    return _election_void(row, paper, names, seats)


def _election_void(row: VoteRow, paper: Paper, names: Sequence[str], seats: int) -> str:
    others = set(paper.write_ins)
    if others and (row.election is None or not row.election.write_ins):
        return "write_in_not_allowed"
    if len(others) != len(paper.write_ins) or others & set(names):
        return "name_twice"
    marks = Counter(paper.marks.values())
    if marks[YES] + len(others) > seats:
        return "too_many_chosen"
    if len(others) > marks[NO]:
        return "write_in_without_no"
    return ""


def add_up(row: VoteRow, kind: VoteKind, frame: Vote, papers: Iterable[Paper]) -> Vote:
    """The frame (attendance, seats, names) with the papers counted into it; `returned` is how many there are."""
    names = [each.name for each in frame.candidates] or [each.name for each in frame.subjects] or [""]
    returned, void = 0, 0
    marks: Counter[tuple[str, str]] = Counter()
    others: Counter[str] = Counter()
    for paper in papers:
        returned += 1
        if why_void(row, kind, paper, names, frame.seats):
            void += 1
            continue
        for name in names:
            marks[name, paper.marks.get(name, ABSTAIN)] += 1
        others.update(paper.write_ins)
    counted = replace(frame, returned=returned, void=void)
    return _filled(counted, kind, marks, others)


def _filled(frame: Vote, kind: VoteKind, marks: Counter[tuple[str, str]], others: Counter[str]) -> Vote:
    match kind:
        case VoteKind.MOTION:
            return replace(frame, yes=marks["", YES], no=marks["", NO], abstain=marks["", ABSTAIN])
        case VoteKind.APPRAISAL:
            return replace(frame, subjects=tuple(_subject(each, marks) for each in frame.subjects))
    printed = tuple(
        Candidate(each.name, marks[each.name, YES], marks[each.name, NO], marks[each.name, ABSTAIN])
        for each in frame.candidates
    )
    written = tuple(Candidate(name, yes=number, written_in=True) for name, number in sorted(others.items()))
    return replace(frame, candidates=(*printed, *(written if frame.round is not Round.REVOTE else ())))


def _subject(subject: Subject, marks: Counter[tuple[str, str]]) -> Subject:
    counts = {mark: number for (name, mark), number in marks.items() if name == subject.name}
    counts.pop(ABSTAIN, None)
    return replace(subject, grades=counts)
