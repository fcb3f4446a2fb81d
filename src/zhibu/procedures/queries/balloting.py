"""Votes held for a step: the one door between cases and the room of ballots.

A ballot says what opened it by a word; nothing in the room of ballots knows of cases. What it counted arrives here as the
counts of `core.tally`, the same as counts entered by hand, and is judged by the same rule.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from zhibu.ballots.models import Ballot, BallotState
from zhibu.ballots.queries import decided, frame
from zhibu.core.norms.procedures import Step
from zhibu.procedures.models import Case
from zhibu.ui.language import pick


@dataclass(frozen=True, slots=True)
class Held:
    """A vote held for a step: where it is, what came of it (empty before the count), what was counted.

    `withheld`: it was counted and too few answered; the sums are counts all the same, and nobody's grades.
    """

    ballot: int
    title: str
    told: str
    counts: Mapping[str, Any] | None
    withheld: bool = False


def origin_of(case: Case, step: Step) -> str:
    """How a ballot says for which step of which case it is held."""
    return f"procedures.case:{case.pk}:{step.id}"[:60]


def held_for(case: Case, step: Step) -> Held | None:
    """The last vote opened for a step and not cancelled; None when there is none."""
    rows = Ballot.objects.filter(origin=origin_of(case, step)).exclude(state=BallotState.CANCELLED)
    found = rows.order_by("-pk").first() if step.vote else None
    if found is None:
        return None
    counts = json.loads(found.vote) if found.vote else None
    if counts and counts.get("withheld"):
        # too few answered: how many there were is known from the roll, and nothing of it is shown anywhere, here neither
        sums = {"issued": found.issued, "returned": found.returned}
        known = {**frame(found), **{name: number for name, number in sums.items() if number is not None}}
        return Held(found.pk, found.title, "", known, withheld=True)
    return Held(found.pk, found.title, decided(found) if counts else "", counts)


def opening_of(case: Case, step: Step) -> str:
    """The address at which a vote for the step is opened, filled in as far as the case knows."""
    asked = {
        "organisation": case.organisation_id, "rule": step.vote, "origin": origin_of(case, step),
        "title": f"{pick(step.title)}：{case.title}"[:160],
    }  # fmt: skip
    return f"{reverse('ballots:open_ballot')}?{urlencode(asked)}"
