"""A case walked by the engine: at every step it is asked what comes next and from which day, and told what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from zhibu import rulebook
from zhibu.core import procedure as engine
from zhibu.core.norms import VoteKind
from zhibu.core.norms.procedures import EffectKind, Field, FieldKind, Role, Step, StepKind
from zhibu.core.procedure import OPEN, Named, Plan, Standing, StepState, StepView, Taken, try_on
from zhibu.core.procedure.timing import notice_end
from zhibu.core.refusal import Refusal
from zhibu.procedures.queries.engine import plan_of

from .tellings import Scene, Telling, given, telling_of

LONGEST = 80
COMING = frozenset({StepState.NOT_BEFORE, StepState.BLOCKED})
DONE = "已按要求办理"
ABOVE = 9
"""Members of a superior committee, as its votes count them."""
COURSE = timedelta(days=2)


def extras(number: int) -> tuple[Named, ...]:
    """People who are nobody yet: whoever writes the case down puts members of the branch in their place."""
    return tuple(Named(f"党员{each}", -each, "full_member") for each in range(1, number + 1))


@dataclass(slots=True)
class Walk:
    """A case on its way. `stopped` says why it went no further; `filed` holds the papers handed in, `stages`
    what became of the person, each with its day.
    """

    plan: Plan
    case: engine.Case
    telling: Telling
    scene: Scene
    cast: Sequence[Named] = field(default_factory=lambda: extras(30))
    pace: int = 6
    cautions: list[tuple[Refusal, ...]] = field(default_factory=list)
    filed: list[tuple[str, date]] = field(default_factory=list)
    stages: list[tuple[str, date]] = field(default_factory=list)
    stopped: str = ""
    last: tuple[Refusal, ...] = ()

    @classmethod
    def begun(
        cls, name: str, opened: date, *, subject: Mapping[str, Any], branch: Mapping[str, Any], **more: Any
    ) -> Walk | None:
        """A case opened; None when the rulebook has no such procedure."""
        plan = plan_of(name)
        if plan is None:
            return None
        telling = telling_of(name)
        scene = replace(more.pop("scene", Scene(opened, opened)), day=opened, opened=opened)
        scene = replace(scene, term_end=branch.get("expires_on"))
        fields = fields_of(plan, telling, scene)
        full = {
            "kind": "branch", "full_members": scene.full, "members": scene.members, "committee": True,
            "committee_size": scene.seats, "can_approve": True,
        } | dict(branch)  # fmt: skip
        return cls(plan, engine.Case(fields=fields, subject=subject, branch=full), telling, scene, **more)

    @property
    def day(self) -> date:
        """How far it has come."""
        return self.scene.day

    def go(self, today: date, *, before: str = "", most: int = LONGEST) -> Walk:
        """Step after step until it ends, needs a day to come, is refused, or stands before the step named."""
        while len(self.case.taken) < most:
            standing = engine.replay(self.plan, self.case)
            found = self.next(standing)
            if found is None:
                return self
            step, day = found
            if before == step.id or day > today:
                self.stopped = f"before {step.id}"
                return self
            if not self.take(standing, step, day, today):
                return self
        self.stopped = self.stopped or "long"
        return self

    def next(self, standing: Standing) -> tuple[Step, date] | None:
        """The step to be taken now and its day; None when the case has ended or nothing can follow."""
        projection = engine.project_standing(standing, self.day)
        if projection.ended:
            self.stopped = projection.ended
            return None
        view = following(self.plan, self.telling, projection)
        if view is None:
            self.stopped = "nothing follows"
            return None
        done = {each.step: each.until or each.on for each in self.case.taken}
        self.scene = replace(self.scene, count=view.count, done=done)
        planned = given(self.telling.planned, view.step, self.scene) or self.day
        pace = 0 if view.step in self.telling.together else self.pace
        day = max(self.day + timedelta(days=pace), view.earliest or self.day, planned)
        return self.plan.steps[view.step], day

    def take(self, standing: Standing, step: Step, day: date, today: date) -> bool:
        """Take a step on a day; whatever papers it asks for are filed first."""
        self.scene = replace(self.scene, day=day)
        self._file(standing, step)
        standing = replace(standing, case=self.case)
        tried = try_on(standing, self.enter(standing, step), today)
        if tried.refusals:
            self.stopped, self.last = step.id, tried.refusals
            return False
        self.case = replace(self.case, taken=(*self.case.taken, tried.taken))
        self.cautions.append(tuple(tried.cautions))
        done = tried.taken.until or day
        self.stages += [
            (str(each.value), done) for each in tried.effects if each.kind == EffectKind.SET_STAGE
        ]
        self.scene = replace(self.scene, day=done)
        return True

    def _file(self, standing: Standing, step: Step) -> None:
        made = {name for each in standing.done for name in self.plan.steps[each].makes}
        missing = [name for name in step.needs if name not in self.case.papers | made]
        self.filed += [(name, self.day) for name in missing]
        self.case = replace(self.case, papers=self.case.papers | set(missing))

    # ------------------------------------------------------------------------------------- what is entered
    def enter(self, standing: Standing, step: Step) -> Taken:
        """What is entered of a step on the day reached."""
        day = self.day
        row = step.row_on(day)
        until = None
        if step.kind is StepKind.NOTICE:
            until = notice_end(standing, step, day).day
        elif step.kind is StepKind.TRAIN:
            until = day + COURSE
        told = self.telling.steps.get(step.id, {})
        values = {
            each.id: self.value(standing, step, each, told)
            for each in step.fields if each.required or each.id in told
        }  # fmt: skip
        return Taken(
            step.id, day, until, self.telling.outcomes.get(step.id, ""), step.by[0] if step.by else "",
            row.reply if row else "", values, self._people(standing, step), self.vote(step) if step.vote else None,
        )  # fmt: skip

    def value(self, standing: Standing, step: Step, asked: Field, told: Mapping[str, Any]) -> Any:
        if asked.id in told:
            return given(told, asked.id, self.scene)
        if asked.kind is FieldKind.PERSON:
            named = standing.done.get(self.plan.steps[asked.of].id) if asked.of else None
            among = named.people if named else self.cast
            return among[self.scene.count % len(among)].person
        return plain(asked, self.scene)

    def _people(self, standing: Standing, step: Step) -> tuple[Named, ...]:
        asked = step.people
        if asked is None:
            return ()
        count = step.number(asked.least, self.day) or 1
        seats = standing.value(asked.seats, Taken(step.id, self.day)) if asked.seats else None
        if isinstance(seats, int):
            more = step.number(asked.surplus, self.day) or 0 if asked.surplus else 0
            count = max(count, -(-seats * (100 + more) // 100))
        count = given(self.telling.people, step.id, self.scene) or count
        barred = {
            each.person
            for name in asked.not_among
            if (other := standing.done.get(self.plan.steps[name].id))
            for each in other.people
        }
        free = [each for each in self.cast if each.person not in barred]
        # who is elected sits on the committee already; whoever else is named is somebody else
        first = 0 if asked.seats or step.id in self.telling.people or step.vote else self.scene.seats
        start = (first + self.scene.count) % max(1, len(free) - count)
        return tuple(free[start : start + count])

    def vote(self, step: Step) -> dict[str, Any]:
        rule = rulebook.load().votes[step.vote]
        voters = self.voters(step)
        found: dict[str, Any] = dict.fromkeys(("expected", "present", "issued", "returned"), voters)
        if step.by and step.by[0] in (Role.GENERAL_MEETING, Role.MASSES) and voters > ABOVE:
            found |= dict.fromkeys(("present", "issued", "returned"), voters - 1)
        present = found["present"]
        if rule.kind is VoteKind.MOTION:
            return found | {"yes": present, "no": 0, "abstain": 0, "all_members": self.scene.members}
        if rule.kind is VoteKind.APPRAISAL:
            return found | self._grades(present)
        given_seats = self.case.fields.get("seats")
        seats = given_seats if isinstance(given_seats, int) and not step.people else 1
        stood = -(-seats * 12 // 10) if not step.people else seats
        counts = {}
        for index, each in enumerate(self.cast[:stood]):
            yes = (present - (stood > seats) - index // 2) if index < seats else 1
            counts[each.name] = {"yes": yes, "no": present - yes, "abstain": 0}
        return found | {"seats": seats, "candidates": counts}

    def _grades(self, present: int) -> dict[str, Any]:
        best = self.scene.full // 4
        grades = {
            each.name: {
                "excellent": present if index < best else 0,
                "qualified": 0 if index < best else present,
            }
            for index, each in enumerate(self.cast[: self.scene.full])
        }
        return {"all_members": self.scene.members, "grades": grades}

    def voters(self, step: Step) -> int:
        """How many are expected to vote."""
        role = step.by[0] if step.by else ""
        if role == Role.BRANCH_COMMITTEE:
            return self.scene.seats
        if role in (Role.SUPERIOR, Role.APPROVING, Role.DEPARTMENT):
            return ABOVE
        return self.scene.full


def fields_of(plan: Plan, telling: Telling, scene: Scene) -> dict[str, Any]:
    """What is given when the case is opened."""
    asked = [each for each in plan.procedure.fields if each.required or each.id in telling.fields]
    return {
        each.id: given(telling.fields, each.id, scene) if each.id in telling.fields else plain(each, scene)
        for each in asked
    }


def plain(asked: Field, scene: Scene) -> Any:
    """A plain value of a kind."""
    match asked.kind:
        case FieldKind.NUMBER | FieldKind.MONEY:
            return 1
        case FieldKind.DAY:
            return scene.day
        case FieldKind.FLAG:
            return True
        case FieldKind.CHOICE:
            return next(iter(asked.choices), "")
        case FieldKind.PERSON:
            return -1
        case FieldKind.ORGANISATION:
            return scene.other
        case _:
            return DONE


def following(plan: Plan, telling: Telling, projection: engine.Projection) -> StepView | None:
    """What the demo does next: in the order of the procedure what is open, else what opens first."""

    def wanted(view: StepView) -> bool:
        step = plan.steps[view.step]
        if step.kind is StepKind.WAIT:
            return False
        if step.repeats is not None:
            return view.count < telling.times.get(step.id, 0 if view.optional else 1)
        return not view.optional or step.id in telling.takes

    views = [view for view in projection.steps if wanted(view)]
    ready = [view for view in views if view.state in OPEN]
    if ready:
        return min(ready, key=lambda view: plan.rank[view.step])
    coming = [view for view in views if view.state in COMING and view.earliest is not None]
    return min(coming, key=lambda view: view.earliest or date.max, default=None)
