"""Two tellers count, each alone; the counts agree and the result stands, explained by the rule."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu import rulebook
from zhibu.ballots import box, envelope, marks, policies, queries
from zhibu.ballots.models import Ballot, BallotState, Official, Way
from zhibu.core.authority import Actor
from zhibu.core.norms import VoteKind
from zhibu.core.refusal import Refusal, or_refuse, refuse_if
from zhibu.core.tally import Round, RunOffKind, VoteDataError, add_up, count, vote_from
from zhibu.record.writing import write

from .running import TELLERS, _save
from .setting_up import Named, locked, open_ballot

OPEN_STATES = (BallotState.DRAFT, BallotState.ISSUING, BallotState.CASTING, BallotState.CLOSED)


@transaction.atomic
def enter_tally(
    actor: Actor, *, ballot: Ballot, entry: Mapping[str, Any], now: datetime, official: Official | None = None,
    by_file: bool = False,
) -> Ballot:  # fmt: skip
    """Enter what was counted. Papers are counted by two tellers; the vote is decided when both have found the same.

    `by_file`: a teller whose device is lost counted with the other teller's file of keys; that is recorded.
    """
    ballot = locked(ballot)
    official = official or policies.duty_of(actor, ballot)
    two = ballot.way in {Way.PAPER, Way.SECRET}
    refuse_if(
        policies.in_state(ballot, BallotState.CLOSED),
        _may_enter(actor, ballot, official if two else None),
        _whole(ballot, entry),
    )
    data = counted(ballot, entry)
    refuse_if(_readable(ballot, data))
    write(
        actor, "ballots.enter_tally", ballot, organisation=ballot.organisation, now=now,
        teller=official.person_id if two and official else None, by_file=by_file,
    )  # fmt: skip
    if two and official is not None:
        official.entry = json.dumps(dict(entry), ensure_ascii=False, sort_keys=True)
        official.save(update_fields=["entry"])
        entries = [each.entry for each in queries.tellers(ballot)]
        if len([each for each in entries if each]) < TELLERS or len(set(entries)) > 1:
            return ballot
    return _decide(ballot, data, now)


@transaction.atomic
def reduce_seats(actor: Actor, *, ballot: Ballot, agreed: int, now: datetime) -> Ballot:
    """Record that so many voters agreed to fill fewer seats than planned."""
    ballot = locked(ballot)
    outcome = queries.outcome_of(ballot)
    refuse_if(
        policies.may_act(actor, "ballots.reduce_seats", ballot.organisation),
        policies.in_state(ballot, BallotState.COUNTED),
        None
        if outcome and outcome.run_off and outcome.run_off.kind is RunOffKind.GAP
        else Refusal("ballots.no_gap", _("没有空缺的名额")),
    )
    ballot.reduce = agreed
    data = {**json.loads(ballot.vote), "reduce": agreed}
    write(actor, "ballots.reduce_seats", ballot, organisation=ballot.organisation, now=now, agreed=agreed)
    return _decide(ballot, data, now)


@transaction.atomic
def run_off(actor: Actor, *, ballot: Ballot, now: datetime) -> Ballot:
    """Prepare the further vote that a tie or an empty seat asks for, among the names that remain."""
    ballot = locked(ballot)
    outcome = queries.outcome_of(ballot)
    refuse_if(
        policies.may_act(actor, "ballots.run_off", ballot.organisation),
        policies.in_state(ballot, BallotState.COUNTED),
        Refusal("ballots.run_off_made", _("再次投票已经准备")) if ballot.followed_by.exists() else None,
    )
    not_needed = Refusal("ballots.no_run_off", _("不需要再次投票"))
    again = or_refuse(outcome.run_off if outcome else None, not_needed)
    people = dict(ballot.choices.values_list("name", "person_id"))
    is_tie = again.kind is RunOffKind.TIE
    title = _("{title}（再次投票）") if is_tie else _("{title}（另行选举）")
    made = open_ballot(
        actor, organisation=ballot.organisation, rule=ballot.rule, title=title.replace("{title}", ballot.title),
        way=ballot.way, voted_on=timezone.localtime(now).date(), now=now,
        names=[Named(name, people.get(name)) for name in again.among], seats=again.seats,
        roll_source=ballot.roll_source, allowed_by=ballot.allowed_by, origin=ballot.origin, follows=ballot,
        vote_round=(Round.REVOTE if is_tie else Round.GAP).value,
    )  # fmt: skip
    write(actor, "ballots.run_off", ballot, organisation=ballot.organisation, now=now, made=made.pk)
    return made


@transaction.atomic
def cancel(actor: Actor, *, ballot: Ballot, reason: str, now: datetime) -> Ballot:
    """Give a vote up before it is counted, for a reason that stays; what was cast is destroyed."""
    ballot = locked(ballot)
    refuse_if(
        policies.may_act(actor, "ballots.cancel", ballot.organisation),
        policies.in_state(ballot, *OPEN_STATES),
        None if reason.strip() else Refusal("ballots.reason_needed", _("取消投票要写明原因")),
    )
    ballot.state, ballot.cancelled_because, ballot.key_sealed = (
        BallotState.CANCELLED,
        reason.strip()[:200],
        "",
    )
    _save(ballot, now)
    write(
        actor,
        "ballots.cancel",
        ballot,
        organisation=ballot.organisation,
        now=now,
        reason=ballot.cancelled_because,
    )
    transaction.on_commit(lambda: box.destroy(ballot.code))
    return ballot


@transaction.atomic
def destroy(actor: Actor | None, *, ballot: Ballot, now: datetime) -> Ballot:
    """Destroy the papers of a counted vote once their term of keeping is over; totals and trackers stay."""
    ballot = locked(ballot)
    today = timezone.localtime(now).date()
    until = keep_until(ballot)
    refuse_if(
        policies.may_act(actor, "ballots.destroy", ballot.organisation) if actor else None,
        policies.in_state(ballot, BallotState.COUNTED),
        None
        if until is None or today > until
        else Refusal(
            "ballots.kept_still",
            _("选票要保存到 {day}"),
            {"day": until.isoformat()},
            remedy=_("到期后再销毁"),
        ),
    )
    ballot.destroyed_on = today
    ballot.officials.update(entry="")
    _save(ballot, now)
    write(actor, "ballots.destroy", ballot, organisation=ballot.organisation, now=now)
    transaction.on_commit(lambda: box.destroy(ballot.code))
    return ballot


def keep_until(ballot: Ballot) -> date | None:
    """The last day papers are kept; None when nothing says so."""
    days = rulebook.load().limit("ballots.retention_days", ballot.counted_on or ballot.voted_on)
    return None if days is None or ballot.counted_on is None else ballot.counted_on + timedelta(days=days)


# -------------------------------------------------------------------------------------------- pieces
def counted(ballot: Ballot, entry: Mapping[str, Any]) -> dict[str, Any]:
    """The vote in the words of `zhibu tally`: what was known before, and what was counted."""
    frame = queries.frame(ballot)
    if ballot.way == Way.SECRET:
        return {**frame, "issued": ballot.issued, **_sum(ballot, frame, list(entry.get("papers", ())))}
    if ballot.way == Way.NAMED:
        rows = ballot.voters.exclude(named_choice="").values_list("named_choice", flat=True)
        papers = [json.loads(row) for row in rows]
        return {**frame, **_names(ballot), "papers": [_unnamed(each) for each in papers]}
    found = {key: value for key, value in entry.items() if key in ALLOWED}
    if ballot.way == Way.PAPER and ballot.roll_source == "slips" and "issued" in found:
        frame["present"] = found["issued"]
    return {**frame, **found}


ALLOWED = ("issued", "returned", "void", "yes", "no", "abstain", "candidates", "write_ins", "grades")


def _unnamed(choices: Mapping[str, str]) -> dict[str, str]:
    return {"mark": choices[""]} if "" in choices else dict(choices)


def _names(ballot: Ballot) -> dict[str, Any]:
    names = queries.names(ballot)
    key = {VoteKind.ELECTION: "candidates", VoteKind.APPRAISAL: "grades"}.get(queries.kind_of(ballot))
    return {key: names} if key else {}


def _sum(ballot: Ballot, frame: Mapping[str, Any], papers: list[str]) -> dict[str, Any]:
    """The sums of secret papers, as counts: single papers are kept nowhere."""
    rule, row = queries.rule_of(ballot), queries.row_of(ballot)
    names, roll = queries.names(ballot), queries.roll_names(ballot)
    read = [marks.paper_of(each, row, rule.kind, names, roll) for each in papers]
    vote = add_up(row, rule.kind, vote_from({**frame, **_names(ballot)}, row, rule.kind), read)
    sums: dict[str, Any] = {"returned": vote.returned, "void": vote.void}
    if rule.kind is VoteKind.MOTION:
        return {**sums, "yes": vote.yes, "no": vote.no, "abstain": vote.abstain}
    if rule.kind is VoteKind.APPRAISAL:
        return {**sums, "grades": {each.name: dict(each.grades) for each in vote.subjects}}
    printed = {
        each.name: {"yes": each.yes, "no": each.no, "abstain": each.abstain}
        for each in vote.candidates
        if not each.written_in
    }
    others = {each.name: each.yes for each in vote.candidates if each.written_in}
    return {**sums, "candidates": printed, **({"write_ins": others} if others else {})}


def _decide(ballot: Ballot, data: dict[str, Any], now: datetime) -> Ballot:
    """Write down what was counted; of an appraisal that too few answered, nothing but that."""
    rule, row = queries.rule_of(ballot), queries.row_of(ballot)
    vote = vote_from(data, row, rule.kind)
    answers = vote.returned if vote.returned is not None else vote.present
    ballot.state, ballot.counted_on = BallotState.COUNTED, timezone.localtime(now).date()
    ballot.returned = vote.returned
    if rule.kind is VoteKind.APPRAISAL and answers < queries.least_answers(ballot.voted_on):
        ballot.vote = json.dumps({"withheld": True})
        ballot.officials.update(entry="")
    else:
        outcome = count(rule, ballot.voted_on, vote)
        ballot.vote = json.dumps(data, ensure_ascii=False)
        ballot.carried, ballot.void = int(outcome.carried), int(outcome.void)
    if ballot.way == Way.SECRET:
        ballot.trackers = " ".join(envelope.tracker_of(each).hex() for each in box.papers(ballot.code))
    _save(ballot, now)
    return ballot


def _may_enter(actor: Actor, ballot: Ballot, official: Official | None) -> Refusal | None:
    if ballot.way == Way.SECRET:
        if official is not None and official.person_id == actor.person:
            return None
        return Refusal("ballots.not_teller", _("您不是本次投票的计票人"), who=_("计票人"))
    if ballot.way == Way.PAPER and official is None:
        return Refusal("ballots.not_teller", _("请由计票人录入"), who=_("计票人"))
    if policies.runs_count(actor, ballot) or (official is not None and official.person_id == actor.person):
        return None
    return Refusal("ballots.not_teller", _("您不是本次投票的计票人"), who=_("计票人"))


def _whole(ballot: Ballot, entry: Mapping[str, Any]) -> Refusal | None:
    """Every paper of the box is counted, and no other."""
    if ballot.way != Way.SECRET:
        return None
    papers = entry.get("papers")
    if not isinstance(papers, list) or not all(isinstance(each, str) for each in papers):
        return Refusal("ballots.entry_shape", _("计票结果的格式不成立"), remedy=_("刷新“计票”页面再计一次"))
    if len(papers) == ballot.returned and papers == sorted(papers):
        return None
    return Refusal(
        "ballots.papers_missing", _("票箱中有 {there} 张，计了 {counted} 张"),
        {"there": ballot.returned, "counted": len(papers)}, remedy=_("在生成密钥的那台设备上打开“计票”页面再计一次"),
    )  # fmt: skip


def _readable(ballot: Ballot, data: Mapping[str, Any]) -> Refusal | None:
    try:
        vote_from(data, queries.row_of(ballot), queries.kind_of(ballot))
    except VoteDataError as error:
        return Refusal("ballots.entry_unreadable", error.told(), remedy=_("核对计票单"))
    return None
