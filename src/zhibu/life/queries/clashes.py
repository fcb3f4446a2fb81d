"""What stands against a day: nobody works on it, people are on shift, or there is another meeting already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import TypeAlias

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhibu import rulebook
from zhibu.core.calendar import HolidayYear, WorkingDays
from zhibu.core.days import parse_day
from zhibu.life.models import Session, SessionState
from zhibu.life.planned import PlanItem, Shift
from zhibu.life.queries.roll import exempt_on, in_force, of_committee
from zhibu.register.models import MEMBER_STAGES, Membership, Organisation, Post
from zhibu.ui.language import pick

ONE_DAY = timedelta(days=1)
ARRANGED = (SessionState.PLANNED, SessionState.CONVENED)


OnShift: TypeAlias = tuple[int | None, int | None, time, time, str]
"""A line of a roster: person or Party group, when the shift begins and ends, its name."""
There: TypeAlias = tuple[int | None, int | None, int | None, str, time | None]
"""What lies on a day: the meeting or the line of a plan, whose Party group, what, at which hour."""


@dataclass(frozen=True, slots=True)
class Meant:
    """A meeting meant for a day: what has to be looked at before it is settled. `session`, `item`: itself."""

    day: date
    starts_at: time | None
    kind: str
    party_group: int | None = None
    session: int | None = None
    item: int | None = None


@dataclass(frozen=True, slots=True)
class Clash:
    """One thing against it, in words: `holiday`, `shift` or `meeting`."""

    what: str
    text: str


@dataclass(frozen=True, slots=True)
class Known:
    """Everything of a branch that days are held against, read once for many of them."""

    calendar: WorkingDays
    shifts: Mapping[date, Sequence[OnShift]]
    meetings: Mapping[date, Sequence[There]]
    group_of: Mapping[int, int | None]
    committee: frozenset[int]
    names: Mapping[date, str] = field(default_factory=dict)
    exempt: frozenset[int] = frozenset()

    def against(self, meant: Meant) -> list[Clash]:
        """Everything against a meeting, the holiday first."""
        return [*self._off(meant), *self._on_shift(meant), *self._others(meant)]

    def _off(self, meant: Meant) -> Iterable[Clash]:
        told = self.calendar.is_working(meant.day)
        if told.working:
            return
        name = self.names.get(meant.day) or _("周末")
        yield Clash(
            "holiday", name if not told.provisional else _("%(name)s（当年放假安排未公布）") % {"name": name}
        )

    def _on_shift(self, meant: Meant) -> Iterable[Clash]:
        expected = self._expected(meant)
        busy = {
            person
            for day in (meant.day, meant.day - ONE_DAY)
            for one, group, begins, ends, _name in self.shifts.get(day, ())
            if _covers(begins, ends, day, meant)
            for person in ([one] if one is not None else self._of_group(group))
            if person in expected
        }
        if busy:
            words = ngettext("%(n)d 人当班（应到 %(all)d 人）", "%(n)d 人当班（应到 %(all)d 人）", len(busy))
            yield Clash("shift", words % {"n": len(busy), "all": len(expected)})

    def _of_group(self, group: int | None) -> list[int]:
        return [person for person, there in self.group_of.items() if there == group]

    def _expected(self, meant: Meant) -> frozenset[int]:
        if meant.kind in of_committee():
            return self.committee
        if meant.party_group is not None:
            return frozenset(self._of_group(meant.party_group)) - self.exempt
        return frozenset(self.group_of) - self.exempt

    def _others(self, meant: Meant) -> Iterable[Clash]:
        for session, item, group, title, starts_at in self.meetings.get(meant.day, ()):
            itself = (session is not None and session == meant.session) or (
                item is not None and item == meant.item
            )
            apart = group is not None and meant.party_group is not None and group != meant.party_group
            if itself or apart:
                continue
            hour = f" {starts_at:%H:%M}" if starts_at else ""
            yield Clash("meeting", _("同日：%(title)s") % {"title": title} + hour)


def _covers(begins: time, ends: time, day: date, meant: Meant) -> bool:
    """Whether a shift that began on `day` holds the hour of the meeting; without an hour, any shift of its own day."""
    overnight = ends <= begins
    if day != meant.day:
        return overnight and meant.starts_at is not None and meant.starts_at < ends
    if meant.starts_at is None:
        return True
    return begins <= meant.starts_at and (overnight or meant.starts_at < ends)


def meant(
    day: object,
    starts_at: object,
    kind: str,
    party_group: Organisation | None,
    session: int | None,
    item: int | None,
) -> Meant | None:
    """A day and hour as a form holds them, offered or typed; None while the day cannot be read."""
    try:
        found = parse_day(day)
    except ValueError:
        return None
    hour = starts_at if isinstance(starts_at, time) else _hour(str(starts_at or ""))
    return Meant(found, hour, kind, party_group.pk if party_group else None, session, item)


def _hour(text: str) -> time | None:
    try:
        return time.fromisoformat(text)
    except ValueError:
        return None


def known(organisation: Organisation, first: date, last: date) -> Known:
    """What stands against days from `first` to `last` in a branch; the roll is today's register at `first`."""
    calendar = rulebook.load().calendar
    people = Membership.objects.filter(in_force(first), organisation=organisation, stage__in=MEMBER_STAGES)
    seats = Post.objects.filter(in_force(first), organisation=organisation, in_committee=1)
    return Known(
        WorkingDays(calendar),
        _shifts(organisation, first - ONE_DAY, last),
        _meetings(organisation, first, last),
        dict(people.values_list("person_id", "party_group_id")),
        frozenset(seats.values_list("person_id", flat=True)),
        holiday_names(calendar, first, last),
        exempt_on(organisation, first),
    )


def holiday_names(calendar: Mapping[int, HolidayYear], first: date, last: date) -> dict[date, str]:
    """The published days off within a stretch, by name."""
    return {
        holiday.first + ONE_DAY * step: pick(holiday.name)
        for year in range(first.year - 1, last.year + 2)
        if year in calendar
        for holiday in calendar[year].holidays
        if holiday.last >= first and holiday.first <= last
        for step in range((holiday.last - holiday.first).days + 1)
    }


def _shifts(organisation: Organisation, first: date, last: date) -> dict[date, list[OnShift]]:
    found: dict[date, list[OnShift]] = defaultdict(list)
    rows = Shift.objects.filter(organisation=organisation, day__range=(first, last))
    for day, person, group, begins, ends, name in rows.values_list(
        "day", "person_id", "party_group_id", "begins", "ends", "name"
    ):
        found[day].append((person, group, begins, ends, name))
    return dict(found)


def _meetings(organisation: Organisation, first: date, last: date) -> dict[date, list[There]]:
    """Meetings arranged, and lines of the plan with a day that no meeting was made of yet."""
    found: dict[date, list[There]] = defaultdict(list)
    arranged = Session.objects.filter(
        Q(organisation=organisation) | Q(invitations__organisation=organisation, invitations__withdrawn=0),
        state__in=ARRANGED, planned_on__range=(first, last),
    ).distinct()  # fmt: skip
    for day, pk, group, title, starts_at in arranged.values_list(
        "planned_on", "id", "party_group_id", "title", "starts_at"
    ):
        if day is not None:
            found[day].append((pk, None, group, title, starts_at))
    lines = PlanItem.objects.filter(
        organisation=organisation, day__range=(first, last), session__isnull=True, dropped=0
    ).exclude(kind="")
    for day, pk, group, title, starts_at in lines.values_list(
        "day", "id", "party_group_id", "title", "starts_at"
    ):
        if day is not None:
            found[day].append((None, pk, group, title, starts_at))
    return dict(found)
