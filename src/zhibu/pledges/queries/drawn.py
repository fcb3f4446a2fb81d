"""The plans of a branch with what is drawn on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhibu.pledges.queries.plans import plans_of, title_of
from zhibu.pledges.queries.zones import Drawn
from zhibu.record.models import Attachment
from zhibu.register.models import Organisation


@dataclass(frozen=True, slots=True)
class Floor:
    """A plan with the zones drawn on it; without a plan those that are drawn nowhere. `number` counts from 1."""

    number: int
    plan: Attachment | None
    title: str
    zones: tuple[Drawn, ...]


def floors(branch: Organisation, zones: Sequence[Drawn]) -> list[Floor]:
    """The plans with what is drawn on each; what is drawn nowhere comes last."""
    found = [
        Floor(
            number,
            plan,
            title_of(plan),
            tuple(each for each in zones if each.points and each.zone.plan_id == plan.pk),
        )
        for number, plan in enumerate(plans_of(branch), 1)
    ]
    left = tuple(each for each in zones if not each.points)
    return [*found, Floor(len(found) + 1, None, "", left)] if left else found
