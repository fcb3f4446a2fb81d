"""What the next meeting most likely looks like: the last one of its kind, and the people expected today."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from zhibu.core.calendar import Month
from zhibu.life import kinds
from zhibu.life.models import Session
from zhibu.life.queries.collecting import offered as sent
from zhibu.life.queries.following import reported
from zhibu.life.queries.invited import excuses_of
from zhibu.life.queries.roll import Expected, due, groups, of_committee, roll, secretary
from zhibu.life.queries.sessions import last_of_kind
from zhibu.register.models import MEMBER_STAGES, Membership, Organisation

MONTHS_BACK = 6
"""How far back a meeting may be said to make up for; older months are history."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and what a meeting is about to be recorded: the place, the kind, and what is known already."""

    organisation: Organisation
    party_group: Organisation | None
    kind: str
    day: date
    expected: list[Expected]
    others: list[Expected]
    last: Session | None
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def due(self) -> int:
        """How many must come."""
        return due(self.expected)

    @property
    def exempt(self) -> int:
        """How many need not come."""
        return len(self.expected) - self.due

    @property
    def is_study(self) -> bool:
        """Whether the length of study is asked."""
        return kinds.is_study(self.kind)

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return kinds.title(self.kind)


def setting(
    organisation: Organisation,
    party_group: Organisation | None,
    kind: str,
    day: date,
    planned: Session | None = None,
) -> Setting:
    """Everything the page offers before anything is typed. `planned`: the meeting that was planned, if one was."""
    expected = roll(organisation, kind, day, party_group)
    on_roll = {each.person for each in expected}
    last = last_of_kind(organisation.pk, kind, party_group.pk if party_group else None)
    values: dict[str, Any] = {"held_on": day}
    for source in (last, planned):
        if source is not None:
            offered = {"place": source.place, "starts_at": source.starts_at}
            values |= {name: value for name, value in offered.items() if value}
    if planned is not None:
        values |= {"title": planned.title, "held_on": min(planned.planned_on or day, day)}
        values |= _away(planned, on_roll)
        # what was written before the meeting is its beginning
        values |= {"minutes": planned.minutes} if planned.minutes else {}
    if last is not None:
        values |= {"study_minutes": last.study_minutes or None, "minute_taker": last.minute_taker_id}
    chair = (
        last.chair_id if last and last.chair_id in on_roll else secretary(party_group or organisation, day)
    )
    values["chair"] = chair
    values["details"] = reported(organisation.pk, kind, day)
    if planned is not None:
        values["details"] |= sent(planned) | planned.details
    exempt = [each.person for each in expected if each.exempt]
    values["excused"] = [*exempt, *(each for each in values.get("excused", ()) if each not in exempt)]
    others = people_besides(organisation, kind, day, party_group, expected)
    return Setting(organisation, party_group, kind, day, expected, others, last, values)


def _away(planned: Session, on_roll: set[int]) -> dict[str, Any]:
    """Who answered the notice that they would not be there, with the reasons as the page takes them."""
    rows = [(person, name, reason) for person, name, reason in excuses_of(planned) if person in on_roll]
    reasons = "、".join(f"{name}（{reason}）" for _person, name, reason in rows if reason)
    return {"excused": [person for person, _name, _reason in rows], "reasons": reasons}


def months_to_make_up(day: date) -> list[Month]:
    """The months a meeting may be made up for, latest first."""
    key = Month.of(day).key
    return [Month.from_key(key - back) for back in range(1, MONTHS_BACK + 1)]


def group_choices(organisation: Organisation, day: date) -> list[Organisation]:
    """The Party groups a group meeting may be of."""
    return groups(organisation, day)


def people_besides(
    organisation: Organisation,
    kind: str,
    day: date,
    party_group: Organisation | None,
    expected: list[Expected],
) -> list[Expected]:
    """Members of the branch who are not expected: whoever comes of them is an observer. None where all are."""
    if kind not in of_committee() and party_group is None:
        return []
    on_roll = {each.person for each in expected}
    return [each for each in _people(organisation, day) if each.person not in on_roll]


def _people(organisation: Organisation, day: date) -> list[Expected]:
    rows = Membership.objects.filter(
        organisation=organisation, since__lte=day, until__isnull=True, stage__in=MEMBER_STAGES
    ).order_by("person__initials", "person_id")
    return [
        Expected(person, name, "", False, f"{pinyin} {initials}")
        for person, name, initials, pinyin in rows.values_list(
            "person_id", "person__name", "person__initials", "person__pinyin"
        )
    ]
