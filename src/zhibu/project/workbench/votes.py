"""Votes on the desks: one's own ticket and paper, and the democratic test of the year that the branch has to hold."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from zhibu.ballots import queries as ballots
from zhibu.ballots.models import BallotState, Way
from zhibu.core import authority
from zhibu.pledges import queries as pledges
from zhibu.register.models import Organisation

from .lines import Line
from .pledges import when_due

if TYPE_CHECKING:
    from zhibu.core.authority import Actor

RULE = "member-appraisal"


def own_votes(actor: Actor, today: date) -> tuple[Line, ...]:
    """Votes that are open and in which one has still to take the ticket, or may hand the paper in.

    Whether a secret paper was handed in nobody knows, so its line stands until the vote is closed.
    """
    if actor.person is None:
        return ()
    return tuple(
        Line(
            _("现在"), "soon", title, note, _("投票"), reverse("ballots:ballots"), step,
            reverse("ballots:vote", args=[pk]), today,
        )
        for pk, title, step, note in ((pk, title, *_told(asked)) for pk, title, asked in _open(actor))
    )  # fmt: skip


def _open(actor: Actor) -> tuple[tuple[int, str, str], ...]:
    """(vote, title, what is asked: ticket, paper, named)."""
    found = []
    for line in ballots.my_ballots(actor):
        vote, asked = line.ballot, ""
        if vote.way == Way.NAMED:
            asked = "named" if vote.state == BallotState.CASTING and not line.named_choice else ""
        elif vote.state == BallotState.ISSUING:
            asked = "" if line.ticket else "ticket"
        elif line.ticket:
            asked = "paper"
        if asked:
            found.append((vote.pk, vote.title, asked))
    return tuple(found)


def _told(asked: str) -> tuple[str, str]:
    if asked == "ticket":
        return _("领票"), ""
    return _("投票"), _("已经投出的不用再投") if asked == "paper" else ""


def year_test(actor: Actor, branch: Organisation, today: date) -> tuple[Line, ...]:
    """The democratic test of all members at the end of the year, while the branch has not held it."""
    if not authority.may(actor, "ballots.open_ballot", branch.path):
        return ()
    asked = pledges.test_asked(branch, today)
    if asked is None:
        return ()
    what = _("%(year)d 年度党员民主测评") % {"year": asked.year}
    when, tone = when_due(asked.due_on, today)
    if asked.ballot is not None:
        note, step, url = asked.state_told, _("办理"), reverse("ballots:ballot", args=[asked.ballot])
    else:
        query = urlencode({"organisation": branch.pk, "rule": RULE, "title": what})
        note, step, url = "", _("准备"), f"{reverse('ballots:open_ballot')}?{query}"
    page = f"{reverse('pledges:mark_branch')}?organisation={branch.pk}"
    return (Line(when, tone, what, note, _("党员承诺"), page, step, url, asked.due_on),)
