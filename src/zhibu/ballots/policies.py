"""Who may see and run a ballot, and in which state what may be done."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhibu.ballots.models import Ballot, BallotState, Duty, Excluded, NoVote, Official, Voter
from zhibu.core.authority import Actor, may, ranges
from zhibu.core.refusal import Refusal
from zhibu.register.models import Organisation
from zhibu.ui.doors import within

Rows = TypeVar("Rows", bound=QuerySet[Any])


def visible_to(actor: Actor, queryset: Rows, verb: str = "ballots.view") -> Rows:
    """Ballots of the organisations in reach."""
    return within(queryset, ranges(actor, verb), "organisation__path")


def may_act(actor: Actor, verb: str, organisation: Organisation) -> Refusal | None:
    """The mandate at the organisation that votes."""
    if may(actor, verb, organisation.path):
        return None
    return Refusal(
        "ballots.no_mandate", _("您的职务不能主持“{name}”的投票"), {"name": organisation.name},
        remedy=_("请由有权的人办理"), who=_("党支部书记或支部委员"),
    )  # fmt: skip


def in_state(ballot: Ballot, *states: str) -> Refusal | None:
    """Whether the ballot is where the act needs it; states only go forward."""
    if ballot.state in states:
        return None
    return Refusal(
        "ballots.wrong_state", _("投票“{title}”现在是“{state}”，不能办理这一步"),
        {"title": ballot.title, "state": str(BallotState(ballot.state).label)}, remedy=_("刷新页面，看现在到了哪一步"),
    )  # fmt: skip


def voter_of(actor: Actor, ballot: Ballot) -> Voter | None:
    """The actor's own line of the roll, if there is one."""
    return ballot.voters.filter(person_id=actor.person).first() if actor.person else None


def no_voter() -> Refusal:
    """Somebody who is not on the roll."""
    return Refusal(
        "ballots.not_on_roll", _("您不在本次投票的选举人名册上"), remedy=_("如有疑问，请向主持人提出")
    )


class Listed(Protocol):
    """Whatever says why somebody on a roll has no vote."""

    @property
    def no_vote(self) -> str: ...
    @property
    def excluded(self) -> str: ...


def may_vote(voter: Listed) -> Refusal | None:
    """Whether somebody on the roll has a vote."""
    if not voter.no_vote and not voter.excluded:
        return None
    why = str((NoVote(voter.no_vote) if voter.no_vote else Excluded(voter.excluded)).label)
    return Refusal("ballots.no_vote", _("您在本次投票中没有表决权：{why}"), {"why": why})


def duty_of(actor: Actor, ballot: Ballot, duty: str = Duty.TELLER) -> Official | None:
    """The actor's own duty at the ballot."""
    return ballot.officials.filter(person_id=actor.person, duty=duty).first() if actor.person else None


def runs_count(actor: Actor, ballot: Ballot) -> bool:
    """Whether somebody who runs the vote may enter the sheets of its tellers."""
    path = ballot.organisation.path
    return may(actor, "ballots.enter_tally", path) and may(actor, "ballots.close", path)


def counts(actor: Actor, ballot: Ballot) -> bool:
    """Whether there is a tally sheet for somebody to enter."""
    return runs_count(actor, ballot) or duty_of(actor, ballot) is not None
