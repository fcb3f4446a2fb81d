"""What anybody may know of a secret vote: its state, the turnout in steps, and the trackers once it is counted."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q

from zhibu import rulebook
from zhibu.ballots import box
from zhibu.ballots.models import Ballot, BallotState, Way

SHOWN = (BallotState.ISSUING, BallotState.CASTING, BallotState.CLOSED, BallotState.COUNTED)


def told(code: str) -> dict[str, Any] | None:
    """The public state of a secret vote; None when there is no such vote."""
    ballot = Ballot.objects.filter(code=code, way=Way.SECRET, state__in=SHOWN).first()
    if ballot is None:
        return None
    found: dict[str, Any] = {"state": ballot.state, "turnout": turnout(ballot)}
    if ballot.state == BallotState.COUNTED:
        found["trackers"] = ballot.trackers.split()
    return found


def turnout(ballot: Ballot) -> int:
    """Tickets or papers in per cent of those expected, rounded down to the step of the rulebook."""
    step = rulebook.load().limit("ballots.turnout_step", ballot.voted_on) or 1
    expected = ballot.voters.filter(no_vote="", excluded="").count()
    if not expected:
        return 0
    if ballot.way == Way.SECRET and ballot.state != BallotState.ISSUING:
        done = ballot.returned if ballot.returned is not None else box.count(ballot.code)
    else:
        counted = ballot.voters.aggregate(
            tickets=Count("id", filter=~Q(ticket="")), named=Count("id", filter=~Q(named_choice=""))
        )
        done = counted["tickets"] or counted["named"]
    return 100 * done // expected // step * step
