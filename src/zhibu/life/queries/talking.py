"""Whom nobody has had a talk with this year yet, and the young: for whoever records talks in the branch itself.

That people talked is all it looks at. Nothing is told of moods, and nobody is marked: the young are those of an age.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from zhibu.core.authority import POSTS_ABOVE, Actor, grants, span_of
from zhibu.life.limits import Limit, limit
from zhibu.life.models import Talk, TalkKind
from zhibu.life.queries.roll import in_force
from zhibu.register.models import MEMBER_STAGES, Membership, Stage

YOUNG_STAGES = (*MEMBER_STAGES, Stage.PROSPECT, Stage.ACTIVIST)


@dataclass(frozen=True, slots=True)
class ToTalk:
    """Somebody of the branch, the last talk there was, and with whom."""

    person: int
    name: str
    organisation: int
    last_on: date | None
    other: str


@dataclass(frozen=True, slots=True)
class TalksDue:
    """People, the longest waiting first; how many there are in all, and the rule that asks."""

    rows: list[ToTalk]
    whole: int
    rule: Limit | None


def near(actor: Actor) -> list[tuple[str, str]]:
    """Where the actor records talks by a post of the branch itself: those above learn that people talked, not of what."""
    return [
        span
        for mandate in actor.mandates
        if mandate.post not in POSTS_ABOVE
        and grants(mandate, "life.record_talk")
        and (span := span_of(mandate))
    ]


def talks_due(actor: Actor, today: date) -> TalksDue:
    """Members without a heart-to-heart talk this year."""
    rule = limit("talks_a_year", today)
    people = _people(actor, today, MEMBER_STAGES, [TalkKind.HEART_TO_HEART])
    since = date(today.year, 1, 1)
    waiting = [each for each in people if rule and (each.last_on is None or each.last_on < since)]
    return TalksDue(waiting, len(people), rule)


def young(actor: Actor, today: date) -> TalksDue:
    """The young, whatever the last talk was about."""
    rule = limit("young_until_age", today)
    rows = _people(actor, today, YOUNG_STAGES, TalkKind.values, until=rule.number) if rule else []
    return TalksDue(rows, len(rows), rule)


def _people(
    actor: Actor, today: date, stages: tuple[str, ...], kinds: list[str], until: int | None = None
) -> list[ToTalk]:
    here = Q(pk__in=())
    for low, end in near(actor):
        here |= Q(organisation__path__gte=low, organisation__path__lt=end)
    rows = Membership.objects.filter(here, in_force(today), stage__in=stages)
    if until is not None:
        # whoever has turned one more is no longer among them; 29 February counts with 1 March
        born_after = today.replace(
            year=today.year - until - 1, day=min(today.day, 28) if today.month == 2 else today.day
        )
        rows = rows.filter(person__born_on__gt=born_after)
    people = list(
        rows.order_by("person__initials", "person_id").values_list(
            "person_id", "person__name", "organisation_id"
        )
    )
    last = _last({person for person, _name, _organisation in people}, kinds)
    found = [
        ToTalk(person, name, organisation, *last.get(person, (None, "")))
        for person, name, organisation in people
    ]
    return sorted(found, key=lambda each: each.last_on or date.min)


def _last(people: set[int], kinds: list[str]) -> dict[int, tuple[date, str]]:
    """The last talk of each, whichever of the two one was."""
    found: dict[int, tuple[date, str]] = {}
    rows = Talk.objects.filter(Q(person__in=people) | Q(talker__in=people), kind__in=kinds).order_by(
        "held_on", "id"
    )
    for person, name, talker, other, day in rows.values_list(
        "person_id", "person__name", "talker_id", "talker__name", "held_on"
    ):
        found[person] = (day, other or "")
        if talker is not None:
            found[talker] = (day, name)
    return found
