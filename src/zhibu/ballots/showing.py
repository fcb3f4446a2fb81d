"""What the pages of a vote show: its state in a word, the next step, the paper as the browser needs it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from zhibu import rulebook
from zhibu.ballots import policies, public, queries, strokes
from zhibu.ballots.actions.counting import keep_until
from zhibu.ballots.actions.running import fingerprint
from zhibu.ballots.models import Ballot, BallotState, Duty, RollSource, Voter, Way
from zhibu.core.authority import Actor, may
from zhibu.core.norms import VoteKind
from zhibu.ui.language import pick

STEPS = {
    "start": (
        gettext_lazy("开始投票"),
        gettext_lazy("名册随即固定，不能再改。无记名电子投票先领票，其余方式直接投票。"),
        gettext_lazy("固定名册，开始"),
    ),
    "open_casting": (
        gettext_lazy("停止领票，开始投票"),
        gettext_lazy("没有领票的人不能再领。领票和投票分开，谁什么时候领票就说明不了哪张票是谁投的。"),
        gettext_lazy("停止领票，开始投票"),
    ),
    "close": (
        gettext_lazy("截止投票"),
        gettext_lazy("截止后不再收票，方可计票。此前谁也看不到结果。"),
        gettext_lazy("截止投票"),
    ),
    "run_off": (
        gettext_lazy("再次投票"),
        gettext_lazy("按规则准备下一轮投票，候选人为结果中列出的人。"),
        gettext_lazy("准备下一轮"),
    ),
    "destroy": (
        gettext_lazy("销毁选票"),
        gettext_lazy("保存期已满。选票销毁后不能再复核，票数和核对码保留。"),
        gettext_lazy("销毁选票"),
    ),
}

TONES = {
    BallotState.DRAFT: "idle",
    BallotState.ISSUING: "open",
    BallotState.CASTING: "open",
    BallotState.CLOSED: "soon",
    BallotState.CANCELLED: "idle",
}


def state(ballot: Ballot) -> tuple[str, str]:
    """Where a ballot stands: a word and its tone."""
    if ballot.state != BallotState.COUNTED:
        return str(BallotState(ballot.state).label), TONES[BallotState(ballot.state)]
    if queries.is_withheld(ballot):
        return _("不显示结果"), "idle"
    if ballot.void:
        return _("无效"), "overdue"
    kind = queries.kind_of(ballot)
    if kind is VoteKind.APPRAISAL:
        return _("已计票"), "done"
    if ballot.carried:
        return (_("已选出") if kind is VoteKind.ELECTION else _("通过")), "done"
    return (_("需再次投票") if kind is VoteKind.ELECTION else _("未通过")), "soon"


def page(actor: Actor, ballot: Ballot) -> dict[str, Any]:
    """Everything the page of a vote shows."""
    outcome = queries.outcome_of(ballot)
    voter = policies.voter_of(actor, ballot)
    row = queries.row_of(ballot)
    choices = list(ballot.choices.all())
    return {
        "mark": state(ballot),
        "rule": queries.rule_of(ballot),
        "cited": row.cited,
        "numbers": queries.numbers(ballot),
        "voters": list(ballot.voters.all()) if ballot.roll_source != RollSource.SLIPS else [],
        "officials": list(ballot.officials.select_related("person").order_by("duty", "id")),
        "choices": choices,
        "no_strokes": strokes.unknown(each.name for each in choices),
        "turnout": public.turnout(ballot)
        if ballot.state in {BallotState.ISSUING, BallotState.CASTING}
        else None,
        "outcome": outcome,
        "told": outcome.told("en" if get_language() == "en" else "zh").splitlines() if outcome else [],
        "withheld": queries.is_withheld(ballot),
        "least": queries.least_answers(ballot.voted_on),
        "fingerprint": fingerprint(ballot),
        "keep_until": keep_until(ballot),
        "opinions": row.written_opinions,
        "followed": ballot.followed_by.first(),
        "my_vote": _my_vote(ballot, voter),
        "my_count": _my_count(actor, ballot),
        "may": allowed(actor, ballot),
    }


def _my_vote(ballot: Ballot, voter: Voter | None) -> bool:
    running = ballot.state in {BallotState.ISSUING, BallotState.CASTING}
    return bool(voter and voter.counts and running and ballot.way in {Way.SECRET, Way.NAMED})


def _my_count(actor: Actor, ballot: Ballot) -> bool:
    counts = ballot.state in {BallotState.DRAFT, BallotState.CLOSED, BallotState.COUNTED}
    return counts and ballot.way == Way.SECRET and policies.duty_of(actor, ballot, Duty.TELLER) is not None


def allowed(actor: Actor, ballot: Ballot) -> dict[str, bool]:
    """Which buttons the page has: the acts the state admits and the actor is granted."""
    outcome = queries.outcome_of(ballot)
    where, way = ballot.state, ballot.way
    open_ = where not in {BallotState.COUNTED, BallotState.CANCELLED}
    fits = {
        "exclude": where == BallotState.DRAFT,
        "name_officials": where == BallotState.DRAFT and way in {Way.PAPER, Way.SECRET},
        "add_slips": where == BallotState.DRAFT and ballot.roll_source == RollSource.SLIPS,
        "start": where == BallotState.DRAFT,
        "mark_present": where in {BallotState.DRAFT, BallotState.CASTING}
        and way in {Way.PAPER, Way.SHOW_OF_HANDS}
        and ballot.roll_source != RollSource.SLIPS,
        "open_casting": where == BallotState.ISSUING,
        "close": where == BallotState.CASTING,
        "enter_tally": where == BallotState.CLOSED and way != Way.SECRET,
        "cancel": open_,
        "run_off": queries.needs_run_off(outcome) and not ballot.followed_by.exists(),
        "reduce_seats": queries.needs_run_off(outcome) and ballot.reduce is None,
        "destroy": where == BallotState.COUNTED and way == Way.SECRET and ballot.destroyed_on is None,
    }
    return {act: fit and may(actor, f"ballots.{act}", ballot.organisation.path) for act, fit in fits.items()}


def proposed(rule: str, people: list[tuple[int, str]]) -> dict[str, Any]:
    """What the form of a new vote holds before anyone writes: an appraisal is of all, and in secret on phones."""
    found = rulebook.load().votes.get(rule)
    if found is None or found.kind is not VoteKind.APPRAISAL:
        return {}
    return {"way": Way.SECRET, "names": [person for person, _name in people]}


def asks_every(expected: int) -> int:
    """Milliseconds between two looks of one phone: a hall of any size asks about a hundred times a second at most."""
    return max(3000, 10 * expected)


def paper(ballot: Ballot) -> dict[str, Any]:
    """The paper as the voter's browser needs it: nothing about the voter."""
    row, kind = queries.row_of(ballot), queries.kind_of(ballot)
    writes = row.election is not None and row.election.write_ins and ballot.roll_source != RollSource.SLIPS
    return {
        "code": ballot.code,
        "modulus": ballot.key_modulus,
        "kind": kind.value,
        "seats": ballot.seats,
        "names": queries.names(ballot),
        "length": ballot.paper_bytes,
        "tellers": [each.key for each in queries.tellers(ballot)],
        "state": ballot.state,
        "others": [[place, name] for place, name in enumerate(queries.roll_names(ballot), 1)]
        if writes
        else [],
    }


def options(ballot: Ballot) -> list[tuple[str, str, str]]:
    """What may be said of each name: letter on the sealed paper, word in the data, label."""
    row = queries.row_of(ballot)
    if row.grades is None:
        return [
            ("y", "yes", _("赞成")),
            ("n", "no", _("不赞成")),
            ("b", "abstain", _("弃权")),
        ]
    titles = queries.rule_of(ballot).grade_titles
    found = [
        (str(place), name, pick(titles[name]) if name in titles else name)
        for place, name in enumerate(row.grades.names, 1)
    ]
    return [*found, ("b", "", _("不评"))]
