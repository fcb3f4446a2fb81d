"""The count: quorum first, then the question, the seats or the grades."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from zhibu.core.norms import Denominator, Threshold, VoteKind, VoteRow, VoteRule
from zhibu.core.refusal import Refusal
from zhibu.core.wording import Text

from . import faults, words
from .appraisals import appraised
from .elections import elected
from .outcome import Measured, Outcome
from .vote import Round, Vote


def count(rule: VoteRule, day: date, vote: Vote) -> Outcome:
    """What comes of a vote under a rule, by the terms in force on the day of the vote."""
    row = rule.row_on(day)
    if row is None:
        return _nothing(rule, day, None, (faults.not_in_force(rule),))
    wrong = [*faults.numbers(vote), *faults.papers(vote, row)]
    if missing := _missing(row, vote):
        wrong += [faults.unknown_number(each) for each in missing]
        return _nothing(rule, day, row, tuple(wrong))
    quorum = _measured(row.quorum, vote)
    begun = Outcome(rule.id, rule.title, day, row.cited, quorum, None, carried=False, void=bool(wrong))
    said = [words.quorum(vote, quorum) if quorum else words.attendance(vote)]
    if papers := words.papers(vote):
        said.append(papers)
    if quorum and not quorum.reached:
        wrong.append(faults.no_quorum(quorum))
    begun = replace(begun, void=bool(wrong), reasons=tuple(wrong), words=tuple(said))
    if wrong:
        return _closed(begun)
    match rule.kind:
        case VoteKind.ELECTION:
            return elected(row, vote, begun)
        case VoteKind.APPRAISAL:
            return appraised(row, vote, begun)
    return _motion(row, vote, begun)


def _motion(row: VoteRow, vote: Vote, begun: Outcome) -> Outcome:
    reasons = list(begun.reasons)
    cast = vote.yes + vote.no + vote.abstain
    if (vote.returned is not None and cast != vote.valid) or cast > vote.present:
        reasons.append(faults.votes_disagree(cast, vote.valid if vote.returned is not None else vote.present))
        return _closed(replace(begun, void=True, reasons=tuple(reasons)))
    if vote.written.total and not row.written_opinions:
        reasons.append(faults.written_not_counted(vote, row))
    total = with_written(vote) if row.written_opinions else vote
    majority = _measured(row.majority, total, total.yes)
    said = [*begun.words, words.votes(total.yes, total.no, total.abstain)]
    if row.written_opinions and (opinions := words.written(vote)):
        said.append(opinions)
    if majority:
        said.append(words.majority(majority, passed=words.CARRIED, failed=words.NOT_CARRIED))
        if not majority.reached:
            reasons.insert(0, faults.not_carried(majority))
    carried = majority is not None and majority.reached
    return replace(begun, majority=majority, carried=carried, reasons=tuple(reasons), words=tuple(said))


def with_written(vote: Vote) -> Vote:
    """The vote with its written opinions among the yes, no and abstain."""
    opinions = vote.written
    return replace(
        vote, yes=vote.yes + opinions.yes, no=vote.no + opinions.no, abstain=vote.abstain + opinions.abstain
    )


def _measured(threshold: Threshold | None, vote: Vote, count: int | None = None) -> Measured | None:
    if threshold is None:
        return None
    found = vote.number(threshold.count or Denominator.PRESENT_VOTERS) if count is None else count
    return Measured(threshold, found or 0, vote.number(threshold.of) or 0)


def _missing(row: VoteRow, vote: Vote) -> tuple[Denominator, ...]:
    """The numbers the rule measures by that the vote does not give."""
    thresholds = [each for each in (row.quorum, row.majority) if each]
    if vote.round is Round.REVOTE:
        thresholds = [each for each in (row.quorum,) if each]
    asked = [each.of for each in thresholds] + [each.count for each in thresholds if each.count]
    if row.grades is not None:
        asked.append(row.grades.of)
    return tuple(dict.fromkeys(each for each in asked if vote.number(each) is None))


def _nothing(rule: VoteRule, day: date, row: VoteRow | None, reasons: tuple[Refusal, ...]) -> Outcome:
    cited = row.cited if row else None
    begun = Outcome(rule.id, rule.title, day, cited, None, None, carried=False, void=True, reasons=reasons)
    return _closed(begun)


def _closed(outcome: Outcome) -> Outcome:
    """The outcome with what voids it said at the end."""
    said = [Text(each.told("zh"), each.told("en")) for each in outcome.reasons if each.code != "no_quorum"]
    return replace(outcome, words=(*outcome.words, *said, Text("本次表决无效", "The vote does not count")))
