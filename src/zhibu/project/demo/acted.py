"""Cases that change the register - who belongs where, who holds which post, which branches there are - through the acts.

For each such procedure one case that is finished and one that runs. Whatever the acts refuse stays where it is: the demo
shows what can be done, not what was forced.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import cycle
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhibu.core.authority import Actor, Mandate, Reach
from zhibu.core.norms.procedures import BRANCH_SIDE, Procedure, Step, Subject
from zhibu.core.procedure import Named, Plan, Standing, Taken
from zhibu.core.refusal import Refused
from zhibu.procedures import actions
from zhibu.procedures.models import Case, StepTaken
from zhibu.procedures.queries.engine import plan_of, standing_of
from zhibu.procedures.told import Told
from zhibu.register.models import Membership, Organisation, Person, Stage, Term
from zhibu.register.names import person_pinyin

from .shape import BranchShape, Shape
from .tellings import Scene, telling_of
from .walks import Walk, fields_of

IN_THE_CUPBOARD = "原件存党支部档案柜"
OPENED = (
    # procedure, how many days ago the finished one and the running one were opened, before which step the latter stands
    ("transfer", 70, 14, "accepted"), ("mobile_spell", 260, 60, "returned"), ("groups", 60, 14, "members_assigned"),
    ("by_election", 120, 40, "candidates_reviewed"), ("secretary_appointment", 80, 16, "decided"),
    ("term_shift", 75, 20, "replied"), ("change", 70, 20, "replied"), ("suspension", 60, 20, "proposed"),
    ("lost_contact", 90, 235, "suspended"), ("removal", 90, 40, "approved"), ("restoration", 60, 20, "restored"),
    ("founding", 50, 16, "replied"), ("joint_branch", 60, 20, "decided"), ("temporary_branch", 100, 40, "dissolved"),
)  # fmt: skip
FAR = ("suspension", "lost_contact", "removal")
"""About people who have not been seen for long: they are nobody whose attendance is on record."""
FAR_AWAY = ("任远航", "雷海生", "梁思远", "傅长青", "于北辰", "江一帆")


def at(day: date, hour: int) -> datetime:
    """An hour of a day, here."""
    return datetime.combine(day, time(hour), timezone.get_current_timezone())


@dataclass(slots=True)
class Entered(Walk):
    """A walk that is entered step by step through the acts, each on its own day."""

    row: Case = field(kw_only=True)
    clerk: Actor = field(kw_only=True)
    officer: Actor = field(kw_only=True)

    def on(self, today: date, before: str) -> None:
        """Step after step, as the case in the database has it."""
        while True:
            self.row = Case.objects.select_related("organisation", "organisation__parent").get(pk=self.row.pk)
            standing = standing_of(self.plan, self.row, self.day)
            self.case = standing.case
            found = self.next(standing)
            if found is None or found[0].id == before or found[1] > today:
                return
            try:
                with transaction.atomic():
                    self._enter(standing, *found)
            except Refused as refused:
                self.stopped, self.last = found[0].id, tuple(refused.refusals)
                return

    def _enter(self, standing: Standing, step: Step, day: date) -> None:
        self.scene = replace(self.scene, day=day)
        made = {name for each in standing.done for name in self.plan.steps[each].makes}
        for paper in step.needs:
            if paper not in standing.case.papers | made:
                actions.attach_paper(
                    self.clerk, case=self.row, paper=paper, note=IN_THE_CUPBOARD, filed_on=day, now=at(day, 9)
                )
        entered = self.enter(standing, step)
        done = entered.until or day
        taken = self._act(step, entered, at(done, 16))
        opened = next(
            (each["organisation"] for each in taken.effects if each["does"] == "open_organisation"), 0
        )
        self.scene = replace(self.scene, day=done, made=opened or self.scene.made)

    def _act(self, step: Step, entered: Taken, now: datetime) -> StepTaken:
        told = Told(
            on=entered.on, until=entered.until, outcome=entered.outcome, role=str(entered.by), reply=entered.reply,
            values=entered.values, people=[each.person for each in entered.people if each.person], vote=entered.vote,
        )  # fmt: skip
        if step.by and step.by[0] in BRANCH_SIDE:
            return actions.take_step(self.clerk, case=self.row, step=step.id, told=told, now=now)
        return actions.reply(self.officer, case=self.row, step=step.id, told=told, now=now)


class Register:
    """Opens and walks the cases that change the register, in branches nobody signs in to."""

    def __init__(self, shape: Shape, kept: set[int], admitted: set[int]) -> None:
        self.shape, self.today = shape, shape.today
        self.names = {person.id: person.name for person in shape.people}
        self.root = Organisation.objects.get(pk=shape.organisations[0].id)
        officer = shape.officers[0][1]
        mandate = Mandate(
            "committee_officer", self.root.pk, self.root.path, frozenset({"procedures.*"}), Reach.BELOW
        )
        self.officer = Actor(0, officer, self.names[officer], (mandate,))
        self.admitted = admitted
        whole = [
            b
            for b in shape.branches
            if b.organisation.closed is None and b.organisation.founded is None and len(b.posts) > 2
        ]
        free = [b for b in whole if b.organisation.id not in kept] or whole
        self.branches = cycle(free)
        self.used: set[int] = set()
        self.far = cycle(FAR_AWAY)

    def fill(self) -> list[Entered]:
        """Every procedure twice; what was walked is returned."""
        found = []
        for name, *days, before in OPENED:
            plan = plan_of(name)
            for number, ago in enumerate(days):
                walk = self._open(plan, number, self.today - timedelta(days=ago)) if plan else None
                if walk is not None:
                    walk.on(self.today, before if number else "")
                    found.append(walk)
        found += self._dissolved(found)
        return found

    def _dissolved(self, walks: list[Entered]) -> Iterator[Entered]:
        """A temporary branch whose task is over is dissolved; of an ordinary one it is only reported."""
        plan = plan_of("dissolution")
        made = next(
            (each.scene.made for each in reversed(walks) if each.row.procedure == "temporary_branch"), 0
        )
        place = Organisation.objects.filter(pk=made, closed_on=None).first()
        if plan is None:
            return
        if place is not None:
            walk = self._begin(
                plan, Scene(self.today, place.founded_on or self.today), place, None, self.officer, []
            )
            if walk is not None:
                walk.pace = 1
                walk.on(self.today, "")
                yield walk
        running = self._open(plan, 1, self.today - timedelta(days=12))
        if running is not None:
            running.on(self.today, "members_placed")
            yield running

    def _open(self, plan: Plan, number: int, opened: date) -> Entered | None:
        """A case opened in the next branch, or of the committee, or None when it is refused."""
        asked = plan.procedure
        if asked.applies_to and "branch" not in asked.applies_to:
            scene = Scene(opened, opened, count=number)
            people = [
                Named(self.names[each], each, "full_member") for _place, each, _kind in self.shape.officers
            ]
            return self._begin(plan, scene, self.root, None, self.officer, people)
        branch, other = self._branch(asked), next(self.branches)
        person = self._person(asked, branch, opened)
        if asked.subject is Subject.PERSON and person is None:
            return None
        cast = self._cast(branch, person)
        scene = Scene(
            opened, opened, count=number, full=len(cast), members=len(branch.members), seats=len(branch.posts),
            other=other.organisation.id,
        )  # fmt: skip
        place = Organisation.objects.get(pk=branch.organisation.id)
        return self._begin(plan, scene, place, person, self._secretary(branch), cast)

    def _begin(
        self,
        plan: Plan,
        scene: Scene,
        place: Organisation,
        person: int | None,
        clerk: Actor,
        cast: list[Named],
    ) -> Entered | None:
        telling = telling_of(plan.procedure.id)
        if scene.count:
            # whoever was found is found in the finished case; in the one that runs the branch still looks
            telling = replace(telling, takes=())
        term = Term.objects.filter(organisation=place, ended_on=None).order_by("-elected_on").first()
        scene = replace(scene, day=scene.opened, term_end=term.valid_until if term else None)
        fields = fields_of(plan, telling, scene)
        title = telling.titles[0] if telling.titles else str(fields.get("name") or "")
        now = at(scene.opened, 9)
        try:
            with transaction.atomic():
                row = actions.open_case(
                    clerk, organisation=place, procedure=plan.procedure.id, opened_on=scene.opened, person=person,
                    title=title, fields=fields, now=now,
                )  # fmt: skip
        except Refused:
            return None
        return Entered(plan, row_case(row), telling, scene, cast, row=row, clerk=clerk, officer=self.officer)

    def _branch(self, asked: Procedure) -> BranchShape:
        """The next branch; groups are made where there are none yet."""
        tried = [next(self.branches) for _each in self.shape.branches]
        if asked.id == "groups":
            plain = (each for each in tried if not each.groups and each.organisation.id not in self.used)
            found = next(plain, tried[0])
            self.used.add(found.organisation.id)
            return found
        return tried[0]

    def _person(self, asked: Procedure, branch: BranchShape, opened: date) -> int | None:
        if asked.subject is not Subject.PERSON:
            return None
        if asked.id in FAR:
            return self._far_away(branch, opened)
        held = {each for each, _kind in branch.posts} | {each for _group, each in branch.leaders}
        taken = held | branch.mobile | branch.probationary | self.used | self.admitted
        found = next(
            (each.id for each in branch.members if each.id not in taken and branch.arrived[each.id] < opened),
            None,
        )
        if found is not None:
            self.used.add(found)
        return found

    def _far_away(self, branch: BranchShape, opened: date) -> int:
        """A member of long standing who is not about: entered in the roster for this case."""
        name = next(self.far)
        pinyin, initials = person_pinyin(name)
        joined = opened - timedelta(days=3000)
        person = Person.objects.create(
            name=name, pinyin=pinyin, initials=initials, sex="1", born_on=joined - timedelta(days=9000), joined_on=joined,
            full_since=joined + timedelta(days=366),
        )  # fmt: skip
        Membership.objects.create(
            person=person,
            organisation_id=branch.organisation.id,
            stage=Stage.FULL_MEMBER,
            since=joined,
            known_at=1,
        )
        return person.pk

    def _cast(self, branch: BranchShape, person: int | None) -> list[Named]:
        away = branch.probationary | {person}
        plain = [each for each in branch.members if each.id not in away]
        held = {each for each, _kind in branch.posts}
        plain.sort(key=lambda each: each.id in held)
        return [Named(each.name, each.id, "full_member") for each in plain]

    def _secretary(self, branch: BranchShape) -> Actor:
        person, node = branch.posts[0][0], branch.organisation
        verbs = frozenset({"procedures.*", "notices.*", "life.*"})
        return Actor(
            0, person, self.names[person], (Mandate("secretary", node.id, node.path, verbs, Reach.OWN),)
        )


def row_case(row: Case) -> Any:
    """The case as data on its first day."""
    plan = plan_of(row.procedure)
    assert plan is not None  # noqa: S101 - it was opened by this plan
    return standing_of(plan, row, row.opened_on).case
