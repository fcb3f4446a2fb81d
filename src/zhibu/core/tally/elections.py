"""Elections: who has enough votes, who is elected, and whether another vote is needed."""

from __future__ import annotations

from dataclasses import replace

from zhibu.core.norms import ElectionTerms, Slate, Threshold, VoteRow
from zhibu.core.refusal import Refusal
from zhibu.core.wording import Text

from . import faults, words
from .outcome import Measured, Outcome, RunOff, RunOffKind, Standing
from .vote import Candidate, Round, Vote

MARK = {True: Text("当选", "elected"), False: Text("", "")}


def slate_fits(row: VoteRow, seats: int, candidates: int) -> Refusal | None:
    """Whether the printed names are as many as the rule asks for so many seats."""
    terms = row.election
    if terms is None:
        return None
    needed = terms.candidates_needed(seats)
    fits = candidates == seats if terms.slate is Slate.SINGLE_SLATE else candidates >= needed
    return None if fits else faults.too_few_candidates(row, candidates, seats)


def elected(row: VoteRow, vote: Vote, begun: Outcome) -> Outcome:
    """Who is elected; a tie at the last seat and seats left open ask for another vote."""
    wrong = list(_wrong(row, vote))
    if wrong:
        said = [Text(each.told("zh"), each.told("en")) for each in wrong]
        said.append(Text("本次选举无效", "The election does not count"))
        return replace(begun, void=True, reasons=(*begun.reasons, *wrong), words=(*begun.words, *said))
    threshold = row.majority if vote.round is not Round.REVOTE else None
    ranked = sorted(vote.candidates, key=lambda each: -each.yes)
    enough = [each for each in ranked if _enough(threshold, vote, each)]
    winners, tied = _seated(enough, vote.seats)
    left = vote.seats - len(winners)
    reduced = left > 0 and not tied and _reduced(row.election, vote)
    run_off = None if reduced else _run_off(vote, ranked, winners, tied)
    standings = tuple(_standing(each, each in enough, each in winners) for each in ranked)
    outcome = replace(
        begun,
        carried=run_off is None and bool(winners),
        elected=tuple(each.name for each in winners),
        standings=standings,
        run_off=run_off,
        majority=_boundary(threshold, vote, enough, ranked),
    )
    return replace(outcome, words=(*begun.words, *_words(vote, outcome, reduced=reduced)))


def _wrong(row: VoteRow, vote: Vote) -> list[Refusal]:
    printed = [each for each in vote.candidates if not each.written_in]
    found: list[Refusal] = []
    if vote.round is Round.FIRST and (misfit := slate_fits(row, vote.seats, len(printed))):
        found.append(misfit)
    papers = vote.valid
    for each in vote.candidates:
        exact = vote.returned is not None and not each.written_in
        if (exact and each.total != papers) or each.total > papers:
            found.append(faults.votes_disagree(each.total, papers, each.name))
    chosen = sum(each.yes for each in vote.candidates)
    if not found and chosen > papers * vote.seats:
        found.append(faults.votes_disagree(chosen, papers * vote.seats))
    return found


def _enough(threshold: Threshold | None, vote: Vote, candidate: Candidate) -> bool:
    if threshold is None:
        return candidate.yes > 0
    return threshold.reached(candidate.yes, vote.number(threshold.of) or 0)


def _seated(enough: list[Candidate], seats: int) -> tuple[list[Candidate], list[Candidate]]:
    """Those with a seat, and those tied for the last ones."""
    if len(enough) <= seats:
        return enough, []
    boundary = enough[seats - 1].yes
    if enough[seats].yes < boundary:
        return enough[:seats], []
    return (
        [each for each in enough if each.yes > boundary],
        [each for each in enough if each.yes == boundary],
    )


def _reduced(terms: ElectionTerms | None, vote: Vote) -> bool:
    if terms is None or terms.reduced_seats is None or vote.reduce is None:
        return False
    return terms.reduced_seats.reached(vote.reduce, vote.number(terms.reduced_seats.of) or 0)


def _run_off(
    vote: Vote, ranked: list[Candidate], winners: list[Candidate], tied: list[Candidate]
) -> RunOff | None:
    left = vote.seats - len(winners)
    if tied:
        return RunOff(RunOffKind.TIE, left, tuple(each.name for each in tied))
    if left:
        remaining = tuple(each.name for each in ranked if each not in winners)
        return RunOff(RunOffKind.GAP, left, remaining)
    return None


def _standing(candidate: Candidate, enough: bool, seated: bool) -> Standing:  # noqa: FBT001 - two facts in a row
    return Standing(
        candidate.name,
        candidate.yes,
        candidate.no,
        candidate.abstain,
        enough,
        seated,
        written_in=candidate.written_in,
    )


def _boundary(
    threshold: Threshold | None, vote: Vote, enough: list[Candidate], ranked: list[Candidate]
) -> Measured | None:
    """The majority, measured for the last name that has it (or the first that has not)."""
    if threshold is None or not ranked:
        return None
    last = (enough or ranked[:1])[-1]
    return Measured(threshold, last.yes, vote.number(threshold.of) or 0)


def _words(vote: Vote, outcome: Outcome, *, reduced: bool) -> list[Text]:
    said = [_rule(vote, outcome)]
    for each in outcome.standings:
        told = words.votes(each.yes, each.no, each.abstain)
        end = MARK[each.elected]
        other = Text("（另选人）", " (written in)") if each.written_in else Text("", "")
        said.append(
            Text(
                f"{each.name}{other.zh}：{told.zh}" + (f"，{end.zh}" if end.zh else ""),
                f"{each.name}{other.en}: {told.en}" + (f", {end.en}" if end.en else ""),
            )
        )
    if reduced:
        said.append(
            Text(
                f"经 {vote.reduce} 人同意，减少名额，不再选举",
                f"{vote.reduce} agreed: the number of seats is reduced and no further vote held",
            )
        )
    if outcome.run_off:
        said.append(_again(outcome.run_off))
    return said


def _rule(vote: Vote, outcome: Outcome) -> Text:
    if outcome.majority is None:
        return Text(
            f"应选 {vote.seats} 名；得票相等者再次投票，得票多的当选",
            f"{vote.seats} seats; a vote among those tied: the most votes win",
        )
    threshold = outcome.majority.threshold
    wanted = words.asked(threshold, outcome.majority.number)
    rule, cited = words.proportion(threshold), words.source(threshold.cited)
    return Text(
        f"应选 {vote.seats} 名；赞成{rule.zh} 的始得当选（{wanted.zh}；{cited.zh}）",
        f"{vote.seats} seats; to be elected takes {rule.en} ({wanted.en}; {cited.en})",
    )


def _again(run_off: RunOff) -> Text:
    names = "、".join(run_off.among)
    if run_off.kind is RunOffKind.TIE:
        return Text(
            f"{names} 得票相等，就剩下的 {run_off.seats} 个名额对其再次投票，得票多的当选",
            f"Tied: {names}. A further vote among them for the last {run_off.seats}; the most votes win",
        )
    return Text(
        f"当选人数少于应选名额，不足的 {run_off.seats} 名另行选举",
        f"Fewer are elected than there are seats; a further election for {run_off.seats}",
    )
