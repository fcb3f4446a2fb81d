"""The cases of the invented company, finished and running: which branch has which, and how far it has come.

Each step stands on a day on which the engine lets it be taken. Examinations are those the branch recorded: they are
linked, not counted twice. What changes the register is walked through the acts, in `acted`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache

from django.db.models import Max

from zhibu import rulebook
from zhibu.core.calendar import add_months
from zhibu.core.norms.procedures import PromptKind, Subject
from zhibu.notices.models import Notice

from .admissions import Way
from .case_rows import CaseRows, Whose, clerk_of, ended
from .doings import Doings
from .shape import BranchShape, Shape
from .tellings import Scene, telling_of
from .walks import Walk

RENEWAL_STOPS = ("requested", "replied", "candidates_reviewed", "election", "members_filed")
FINISHED = (
    # every branch has two of these: procedure, how many days ago it was opened
    ("committee_decision", 110), ("major_matter", 145), ("secretary_report", 180), ("decision_4plus2", 170),
    ("report_and_review", 330), ("member_appraisal", 340), ("commendation", 300),
)  # fmt: skip
RUNNING = (
    # every second branch has one of these: procedure, how many days ago, where it stands
    ("decision_4plus2", 40, "resolution_published"), ("committee_decision", 20, "settled"), ("major_matter", 35, "answered"),
    ("secretary_report", 30, "commented"), ("commendation", 30, "reviewed"), ("report_and_review", 30, "delivered"),
    ("member_appraisal", 35, "reported"), ("decision_4plus2", 50, "implemented"),
)  # fmt: skip
ABOUT_PEOPLE = (
    # few branches have one of these
    ("member_reminder", 90, ""), ("member_reminder", 25, "followed_up"), ("rectification_in_time", 280, ""),
    ("rectification_in_time", 110, "heard_again"),
)  # fmt: skip
FEW = 12
WEAK = (("weak_branch", 150, ""), ("weak_branch", 60, "plan_approved"))
CALLS = ((500, ""), (160, "midterm_held"))
"""The call of last year, compiled; and this year's, whose projects are at work."""
AFTER_THE_CALL = 28
PROJECT_STOPS = ("presented", "decided", "midterm", "settled")


class Cases:
    """The cases of every branch, as rows."""

    def __init__(self, shape: Shape, doings: Doings, ways: Mapping[int, Way]) -> None:
        self.shape, self.today = shape, shape.today
        self.officer = shape.people[shape.officers[0][1] - 1].name
        examined: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for number, row in enumerate(doings.examinations, 1):
            examined[row[1]].append((row[2], number))
        talked: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
        for number, row in enumerate(doings.talks, 1):
            if row[3] == "activist_talk":
                talked[row[1]].append((row[4], number, row[2], row[5]))
        # the notices before have keys of the database's own choosing
        last = Notice.objects.aggregate(last=Max("pk"))["last"] or 0
        self.rows = CaseRows(self.today, examined, talked, last + 1)
        for way in ways.values():
            self._add(way.walk, way.branch, way.person.name, person=way.person.id)
        self._calls()
        for number, branch in enumerate(shape.branches):
            if branch.organisation.closed is None and branch.posts:
                self._branch(branch, number)

    def write(self, say: Callable[[str], None]) -> None:
        """All rows, in bulk."""
        say(f"写入 {len(self.rows.cases)} 件办理事项 …")
        self.rows.write()

    def _branch(self, branch: BranchShape, number: int) -> None:
        self._renewal(branch)
        if branch.manner.name != "idle":
            for turn in (number, number + 3):
                procedure, ago = FINISHED[turn % len(FINISHED)]
                self._matter(branch, procedure, ago + number % 7)
            self._project(branch, number)
        if branch.manner.name == "idle" or number % 40 in (6, 9):
            self._matter(branch, *WEAK[number % len(WEAK)])
        if number % 2 == 0:
            self._matter(branch, *RUNNING[number // 2 % len(RUNNING)])
        if number % 3 == 0 and (number < FEW or number % 24 == 0):
            self._matter(branch, *ABOUT_PEOPLE[number // 3 % len(ABOUT_PEOPLE)])

    def _matter(self, branch: BranchShape, procedure: str, ago: int, before: str = "") -> None:
        walk = walked(procedure, self.today, ago, before)
        if walk is None or not self._there(branch, procedure, walk.scene.opened):
            return
        if not before and not ended(walk.plan, walk):
            return
        asked = walk.plan.procedure.subject
        about = next(
            (each for each in branch.members[2:] if asked is Subject.PERSON and self._plain(branch, each.id)),
            None,
        )
        titles = telling_of(procedure).titles
        title = titles[branch.organisation.id % len(titles)] if titles else branch.organisation.name
        if asked is Subject.PERSON and about is None:
            return
        self._add(walk, branch, about.name if about else title, person=about.id if about else None)

    def _plain(self, branch: BranchShape, person: int) -> bool:
        return person not in branch.probationary and all(held != person for held, _kind in branch.posts)

    def _there(self, branch: BranchShape, procedure: str, day: date) -> bool:
        known = rulebook.load().procedures.get(procedure)
        founded = branch.organisation.founded
        return known is not None and branch.organisation.kind in (known.applies_to or ("branch",)) and not (
            founded and founded > day
        )  # fmt: skip

    def _add(self, walk: Walk, branch: BranchShape, title: str, person: int | None = None) -> None:
        self.rows.add(walk, Whose(branch, title, clerk_of(branch), self.officer, person))

    # ----------------------------------------------------------------------------------------- projects
    def _calls(self) -> None:
        """Two calls of the group's committee, entered by its officer."""
        root, name = self.shape.officers[0][0], self.officer
        for ago, before in CALLS:
            walk = walked("innovation_call", self.today, ago, before)
            if walk is not None and self.shape.branches:
                title = f"{walk.scene.opened.year} 年度党支部创新立项"
                self.rows.add(walk, Whose(self.shape.branches[0], title, name, name, None, root))

    def _project(self, branch: BranchShape, number: int) -> None:
        titles = telling_of("innovation_project").titles
        if number % 4 > 1:
            return
        ago, before = (
            CALLS[number % 2][0],
            PROJECT_STOPS[number // 2 % len(PROJECT_STOPS)] if number % 2 else "",
        )
        walk = walked("innovation_project", self.today, ago - AFTER_THE_CALL, before)
        if walk is not None and self._there(branch, "innovation_project", walk.scene.opened):
            self._add(walk, branch, titles[number // 4 % len(titles)])

    # ----------------------------------------------------------------------------------------- renewal
    def _renewal(self, branch: BranchShape) -> None:
        """The renewal that elected the committee there is; and the next one where it is due."""
        if branch.seats < 3 or branch.organisation.kind == "temporary_branch":
            return
        if branch.organisation.founded is None and branch.elected > self.today - timedelta(days=900):
            walk = renewed(branch.elected, self.today)
            if walk is not None and ended(walk.plan, walk):
                self._add(walk, branch, branch.organisation.name)
        known = rulebook.load().procedures.get("renewal")
        months = (
            next((each.months for each in known.prompts if each.kind is PromptKind.TERM_EXPIRING), 0)
            if known
            else 0
        )
        begun = add_months(branch.valid_until, -months) + timedelta(days=branch.organisation.id % 40)
        if months and begun <= self.today and branch.manner.name != "idle":
            stop = RENEWAL_STOPS[branch.organisation.id % len(RENEWAL_STOPS)]
            walk = walked("renewal", self.today, (self.today - begun).days, stop, branch.valid_until)
            if walk is not None:
                self._add(walk, branch, branch.organisation.name)


@lru_cache(maxsize=1024)
def walked(name: str, today: date, ago: int, before: str = "", expires_on: date | None = None) -> Walk | None:
    """A case opened so many days ago and walked as far as it goes, or until it stands before a step."""
    opened = today - timedelta(days=ago)
    subject = {"born_on": date(1980, 3, 1), "stage": "full_member"}
    walk = Walk.begun(
        name, opened, subject=subject, branch={"expires_on": expires_on}, scene=Scene(opened, opened)
    )
    return walk.go(today, before=before) if walk else None


@lru_cache(maxsize=256)
def renewed(elected: date, today: date) -> Walk | None:
    """The renewal whose election was on a day: opened as long before as its steps take."""
    opened = elected - timedelta(days=60)
    for _attempt in range(2):
        walk = Walk.begun("renewal", opened, subject={}, branch={"expires_on": elected})
        if walk is None:
            return None
        walk.go(today)
        day = next((each.on for each in walk.case.taken if each.step == "election"), None)
        if day in (elected, None):
            break
        opened += elected - day
    return walk
