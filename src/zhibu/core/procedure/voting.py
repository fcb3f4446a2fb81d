"""Votes inside procedures, judged by the vote rules of the rulebook: the one door through which votes come in.

A ballot held in the room of ballots and counts entered by hand both arrive here as the counts of `core.tally`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from zhibu.core.norms import VoteRule
from zhibu.core.refusal import Refusal
from zhibu.core.tally import VoteDataError, count, vote_from
from zhibu.core.wording import Text

from .plan import Counted, Judge

UNREADABLE = ""
"""The outcome of counts that cannot be judged: the step is refused, not entered as void."""


def judge_by(rules: Mapping[str, VoteRule]) -> Judge:
    """How votes are judged by these rules: carried, not carried or void, with every reason."""

    def judge(name: str, day: date, counts: Mapping[str, Any]) -> Counted:
        rule = rules.get(name)
        row = rule.row_on(day) if rule else None
        if rule is None or row is None:
            return Counted(UNREADABLE, (_not_in_force(name, day),))
        try:
            outcome = count(rule, day, vote_from(counts, row, rule.kind))
        except VoteDataError as error:
            told = Text(error.told("zh"), error.told("en"))
            remedy = Text("核对票数的写法", "Correct the counts")
            return Counted(UNREADABLE, (Refusal("vote_unreadable", told, remedy=remedy),))
        found = "void" if outcome.void else "carried" if outcome.carried else "not_carried"
        return Counted(found, outcome.reasons)

    return judge


def _not_in_force(name: str, day: date) -> Refusal:
    told = Text("{day} 没有表决规则“{rule}”", "There is no vote rule “{rule}” on {day}")
    return Refusal("vote_rule_not_in_force", told, {"rule": name, "day": day.isoformat()})
