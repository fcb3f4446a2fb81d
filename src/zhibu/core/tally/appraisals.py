"""Appraisals: how many gave each grade, and how many may have the best one. People decide the grades, not the count."""

from __future__ import annotations

from dataclasses import replace

from zhibu.core.norms import Denominator, GradeTerms, VoteRow
from zhibu.core.refusal import Caution, Force, Refusal
from zhibu.core.wording import Text

from . import faults, words
from .outcome import Outcome
from .vote import Subject, Vote


def appraised(row: VoteRow, vote: Vote, begun: Outcome) -> Outcome:
    """The votes of each person by grade, and whether the grades given keep within the cap on the best."""
    terms = row.grades
    if terms is None:
        return begun
    reasons = [*begun.reasons, *_wrong(terms, vote)]
    void = any(each.blocks for each in reasons)
    most = terms.cap.within(vote.number(terms.of) or 0)
    best = terms.names[0]
    given = sum(1 for each in vote.subjects if each.given == best)
    said = [*begun.words, *(_subject(terms, each) for each in vote.subjects), _cap(row, terms, most, vote)]
    if given > most:
        reasons.append(_too_many(row, terms, given, most))
    void = void or any(each.blocks for each in reasons)
    return replace(
        begun, void=void, carried=not void, excellent=most, reasons=tuple(reasons), words=tuple(said)
    )


def _wrong(terms: GradeTerms, vote: Vote) -> list[Refusal]:
    papers = vote.valid if vote.returned is not None else vote.present
    found: list[Refusal] = []
    for each in vote.subjects:
        total = sum(each.grades.get(name, 0) for name in terms.names)
        if total > papers:
            found.append(faults.votes_disagree(total, papers, each.name))
    return found


def _subject(terms: GradeTerms, subject: Subject) -> Text:
    counts = [subject.grades.get(name, 0) for name in terms.names]
    told = " / ".join(str(each) for each in counts)
    return Text(f"{subject.name}：{told}", f"{subject.name}: {told}")


def _cap(row: VoteRow, terms: GradeTerms, most: int, vote: Vote) -> Text:
    base: Denominator = terms.of
    share, name = f"{terms.cap.parts}/{terms.cap.whole}", words.NAMES[base]
    number, cited = vote.number(base), words.source(row.cited)
    return Text(
        f"优秀一般不超过{name.zh} {number} 的 {share}，即 {most} 名（{cited.zh}）",
        f"Generally at most {share} of {number} {name.en} are excellent: {most} ({cited.en})",
    )


def _too_many(row: VoteRow, terms: GradeTerms, given: int, most: int) -> Refusal:
    kind = Refusal if terms.force is Force.MUST else Caution
    return kind(
        "too_many_excellent",
        Text("评为优秀 {given} 名，超过 {most} 名", "{given} are graded excellent, more than {most}"),
        {"given": given, "most": most},
        source=row.cited.document,
        article=row.cited.article,
        remedy=Text("减少优秀名额，或报上级说明", "Grade fewer as excellent, or explain to the superior"),
    )
