"""Adding up a survey without names: nothing is told of few, in any cut. Below the limit there is no number at all.

The results leave this module in the form in which they are kept: what may not be told is not in them, so that nobody who
holds the database can read it either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhibu.core.norms.surveys import Asked, Question

GROUP = "group"
"""What an answer says of whoever gave it, if anything: one of the groups asked."""

Answer = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Group:
    """The same of one group: how many of it answered, how often each choice."""

    answered: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Told:
    """What may be told of one question: how many answered it, how often each choice, and the same by group."""

    id: str
    answered: int
    counts: Mapping[str, int]
    by: Mapping[str, Group]

    @property
    def unanimous(self) -> bool:
        """Whether everybody who answered chose the same: then the sum tells each answer."""
        return any(count == self.answered for count in self.counts.values())


@dataclass(frozen=True, slots=True)
class Results:
    """How many answered, and of which questions something may be told; of the others not even how many."""

    answers: int
    told: tuple[Told, ...]
    words: Mapping[str, tuple[str, ...]]


def results(
    questions: Sequence[Question], answers: Sequence[Answer], *, fewest: int, fewest_words: int
) -> Results | None:
    """What may be told of the answers; None when there are fewer than `fewest`.

    Words are given in an order that says nothing (sorted); whoever keeps them shuffles them.
    """
    if len(answers) < fewest:
        return None
    told = tuple(
        found
        for question in questions
        if question.kind is not Asked.WORDS and (found := _told(question, answers, fewest))
    )
    words = {
        question.id: tuple(sorted(str(each[question.id]) for each in answers if each.get(question.id)))
        for question in questions
        if question.kind is Asked.WORDS
    }
    kept = {name: texts for name, texts in words.items() if texts} if len(answers) >= fewest_words else {}
    return Results(len(answers), told, kept)


def _told(question: Question, answers: Sequence[Answer], fewest: int) -> Told | None:
    given = [(_chosen(question, each), str(each.get(GROUP) or "")) for each in answers]
    given = [(chosen, group) for chosen, group in given if chosen]
    if len(given) < fewest:
        return None
    return Told(question.id, len(given), _counts(question, given), _by_group(question, given, fewest))


def _by_group(
    question: Question, given: Sequence[tuple[frozenset[str], str]], fewest: int
) -> dict[str, Group]:
    """Each group by itself, or none: one left out could be had by taking the others from the whole."""
    sizes = Counter(group for _chosen, group in given)
    if len(sizes) < 2 or min(sizes.values()) < fewest:
        return {}
    return {
        group: Group(size, _counts(question, [each for each in given if each[1] == group]))
        for group, size in sorted(sizes.items())
        if group
    }


def _counts(question: Question, given: Sequence[tuple[frozenset[str], str]]) -> dict[str, int]:
    return {name: sum(name in chosen for chosen, _group in given) for name, _title in question.choices}


def _chosen(question: Question, answer: Answer) -> frozenset[str]:
    """The choices of an answer that the question has; one when it asks for one."""
    value = answer.get(question.id)
    names = {name for name, _title in question.choices}
    if question.kind is Asked.SEVERAL:
        return frozenset(value) & names if isinstance(value, (list, tuple)) else frozenset()
    return frozenset({value}) & names if isinstance(value, str) else frozenset()
