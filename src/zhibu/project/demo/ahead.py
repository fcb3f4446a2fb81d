"""What lies ahead in the demo: plans of the year, usual days, shift rosters, meetings convened and answers to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from zhibu import rulebook
from zhibu.core.calendar import Month, Quarter, Span, WorkingDays
from zhibu.core.recurrence import LAST, Recurring, worked
from zhibu.life import kinds
from zhibu.life.models import Session
from zhibu.life.planned import Invitation, Plan, PlanItem, RecurringDay, Shift

from . import doings as done
from . import names
from .bulk import insert, reset_sequences
from .shape import BranchShape, OrganisationRow, Shape

Row = tuple[Any, ...]
HALF_PAST_FOUR = time(16, 30)
DAYS_AHEAD = 21
CONVENED = 2
"""Meetings a branch has convened; what comes later is only in its plan."""
ROSTERED = 12
"""Production branches with a shift roster."""
MONTHLY = (
    # kind, week, the standard and the check that ask for it, only with a committee
    ("committee_meeting", 1, "S12", "committee", True),
    ("committee_study", 2, "S06", "study", True),
    ("themed_day", 3, "S12", "themed_day", False),
    ("group_study", 4, "S10", "study", False),
)
GROUPED = ("group_meeting", LAST, "S12", "groups")
QUARTERLY = (("general_meeting", 2, 1, "S12", "general"), ("party_lesson", 3, 2, "S12", "lesson"))
"""Kind, week, which month of the quarter (0 to 2)."""
SHIFTS = (
    ("白班", time(8, 0), time(16, 0)),
    ("中班", time(16, 0), time(0, 0)),
    ("夜班", time(0, 0), time(8, 0)),
)
APART = {"general_meeting": 1, "party_lesson": 1, "organisational_life_meeting": 2, "member_appraisal": 3}
AIMS = "围绕安全生产和降本增效，开好“三会一课”，抓实党员责任区，帮带新党员，解决职工反映的急事难事。"
ITEM_COLUMNS = (
    "plan_id", "organisation_id", "party_group_id", "kind", "title", "standard", "part", "must", "from_on", "until_on",
    "day", "starts_at", "place", "session_id",
)  # fmt: skip
SESSION_COLUMNS = (
    "id", "organisation_id", "party_group_id", "kind", "state", "title", "planned_on", "starts_at", "place", "known_at",
    "version",
)  # fmt: skip


class Ahead:
    """Writes what is to come of every branch. A plan on file becomes a plan: the same branches, adopted the same day."""

    def __init__(self, shape: Shape, doings: done.Doings, seed: int) -> None:
        self.shape, self.doings = shape, doings
        self.today = shape.today
        self.year = self.today.year
        self.rng = Random(seed + 71)
        self.calendar = WorkingDays(rulebook.load().calendar)
        self.titles = {kind: kinds.title_zh(kind) for kind in kinds.known()}
        self.items: list[Row] = []
        self.sessions: list[Row] = []
        self.invitations: list[Row] = []
        self.usual: list[Row] = []

    def write(self) -> None:
        """Everything, in bulk."""
        adopted = self._plans_on_file()
        shapes = {each.organisation.id: each for each in self.shape.branches}
        plans = []
        for number, (branch, day) in enumerate(sorted(adopted.items()), start=1):
            plans.append((
                number, branch, date(self.year, 1, 1).toordinal(), "adopted", f"{self.year}年支部工作计划", AIMS, day, day,
                self._name(shapes[branch]), done.instant(day), 2,
            ))  # fmt: skip
            self._branch(number, shapes[branch])
        insert(Plan, (
            "id", "organisation_id", "covers_on", "state", "title", "aims", "drafted_on", "adopted_on", "adopted_by",
            "known_at", "version",
        ), plans)  # fmt: skip
        insert(Session, SESSION_COLUMNS, self.sessions)
        insert(PlanItem, ITEM_COLUMNS, self.items)
        insert(
            RecurringDay,
            ("organisation_id", "party_group_id", "kind", "week", "weekday", "starts_at", "place"),
            self.usual,
        )
        insert(Invitation, (
            "session_id", "organisation_id", "person_id", "role", "votes", "reply", "reason", "replied_at", "told_at",
        ), self.invitations)  # fmt: skip
        insert(Shift, ("organisation_id", "party_group_id", "day", "name", "begins", "ends"), self._shifts())
        reset_sequences((Plan, PlanItem, Session, Invitation, RecurringDay, Shift))

    def _plans_on_file(self) -> dict[int, int]:
        """Branch to the day its plan of this year was filed; the paper goes, for the plan is the document."""
        kept, found = [], {}
        first = date(self.year, 1, 1).toordinal()
        for row in self.doings.documents:
            branch, kind, _title, covers, day, _known = row
            if kind == "year_plan" and covers == first:
                found[branch] = day
            else:
                kept.append(row)
        self.doings.documents[:] = kept
        return found

    def _name(self, branch: BranchShape) -> str:
        person = branch.posts[0][0] if branch.posts else branch.members[0].id
        return self.shape.people[person - 1].name

    def _branch(self, plan: int, branch: BranchShape) -> None:
        node = branch.organisation
        weekday, place = node.id % 5, names.PLACES[node.id % len(names.PLACES)]
        open_ = [line for line in self._lines(branch) if not node.closed or line[3].last < node.closed]
        called: set[str] = set()
        for kind, week, group, span, standard, part in sorted(open_, key=lambda line: line[3].last):
            # each kind on a weekday of its own, so that a branch does not meet itself
            recurring = Recurring(week, (weekday + APART.get(kind, 0)) % 5)
            day = worked(recurring.on(Month.of(span.last)), self.calendar, first=span.first, last=span.last)
            session = None
            ahead = (day - self.today).days
            if 0 < ahead <= DAYS_AHEAD and len(called) < CONVENED and kind not in called and not node.closed:
                called.add(kind)
                session = self._convene(branch, kind, group, day, place)
            self.items.append((
                plan, node.id, group.id if group else None, kind, self.titles[kind], standard, part, 1,
                span.first.toordinal(), span.last.toordinal(), day.toordinal(), HALF_PAST_FOUR, place, session,
            ))  # fmt: skip
        for kind, week, _standard, _part, committee in MONTHLY[: 4 if node.id % 2 else 1]:
            if not committee or len(branch.posts) > 2:
                self.usual.append((node.id, None, kind, week, weekday, HALF_PAST_FOUR, place))

    def _lines(
        self, branch: BranchShape
    ) -> Iterator[tuple[str, int, OrganisationRow | None, Span, str, str]]:
        """Every meeting of the year: kind, week, Party group, window, standard, check."""
        months = [Month(self.year, number) for number in range(1, 13)]
        for month in months:
            for kind, week, standard, part, committee in MONTHLY:
                if not committee or len(branch.posts) > 2:
                    yield kind, week, None, month.span, standard, part
            for group in branch.groups:
                kind, week, standard, part = GROUPED
                yield kind, week, group, month.span, standard, part
        for number in (1, 2, 3, 4):
            quarter = Quarter(self.year, number)
            for kind, week, which, standard, part in QUARTERLY:
                # the page shows it in its quarter; the day lies in one of its months
                month = quarter.months[which]
                yield kind, week, None, Span(quarter.first, month.last, ""), standard, part
        for month in (months[5], months[11]):
            yield (
                "organisational_life_meeting",
                3,
                None,
                Span(month.first, month.last, ""),
                "S07",
                "half_year",
            )
        yield "member_appraisal", 2, None, months[11].span, "S14", "held"

    def _convene(
        self, branch: BranchShape, kind: str, group: OrganisationRow | None, day: date, place: str
    ) -> int:
        node, rng = branch.organisation, self.rng
        key = next(self.doings.session_ids)
        told = datetime.combine(self.today - timedelta(days=2), time(1, 30), UTC)
        self.sessions.append((
            key, node.id, group.id if group else None, kind, "convened", self.titles[kind], day.toordinal(),
            HALF_PAST_FOUR, place, done.instant(self.today.toordinal() - 2, node.id), 2,
        ))  # fmt: skip
        self.doings.branch = branch
        for person in self.doings._roll(kind, day.toordinal(), group):  # noqa: SLF001 - the roll the doings were held with
            draw = rng.random()
            reply = (
                "coming" if draw < 0.62 else "excused" if draw < 0.72 else "cannot" if draw < 0.75 else "none"
            )
            self.invitations.append((
                key, node.id, person, "expected", int(person not in branch.probationary), reply,
                rng.choice(done.EXCUSES) if reply == "excused" else "",
                None if reply == "none" else told + timedelta(hours=rng.randint(1, 30)), told,
            ))  # fmt: skip
        return key

    def _shifts(self) -> Iterator[Row]:
        """Party groups of some production branches change shifts every two days, this month and the next."""
        working = [
            each for each in self.shape.branches
            if each.organisation.unit_type == "production" and each.groups and not each.organisation.closed
        ]  # fmt: skip
        first, last = Month.of(self.today).first, Month.of(self.today).next().last
        for branch in working[:ROSTERED]:
            for step in range((last - first).days + 1):
                for turn, group in enumerate(branch.groups):
                    which = (step // 2 + turn) % (len(SHIFTS) + 1)
                    if which < len(SHIFTS):
                        name, begins, ends = SHIFTS[which]
                        yield (
                            branch.organisation.id,
                            group.id,
                            (first + timedelta(days=step)).toordinal(),
                            name,
                            begins,
                            ends,
                        )
