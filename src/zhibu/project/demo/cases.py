"""Running cases for the invented company: walked by the engine once for each day they began, then given to people.

Each step stands on a day on which the engine lets it be taken. Examinations are those the branch recorded: they are
linked, not counted twice.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from zhibu import rulebook
from zhibu.core import procedure as engine
from zhibu.core.calendar import add_months
from zhibu.core.norms.procedures import BRANCH_SIDE, FieldKind, PromptKind, Step, StepKind
from zhibu.core.procedure import Named, Plan, Taken, project, try_on
from zhibu.procedures.actions.standing import keep
from zhibu.procedures.models import Case, CaseState, StepTaken
from zhibu.procedures.queries.engine import plan_of, waits_for

from .bulk import insert
from .doings import Doings, instant
from .shape import BranchShape, Shape

CASE_COLUMNS = (
    "id", "organisation_id", "procedure", "person_id", "title", "fields", "opened_on", "entered_on", "digest", "opened_by",
    "state", "ended", "ended_on", "next_step", "next_role", "next_from", "next_due", "above_step", "above_from", "above_due",
    "repeat_step", "repeat_due", "overdue_from", "steps_done", "judged_by", "judged_on", "known_at",
)  # fmt: skip
STEP_COLUMNS = (
    "case_id", "organisation_id", "procedure", "step", "taken_on", "until_on", "outcome", "passes", "role", "reply", "values",
    "people", "vote", "cautions", "cautioned", "effects", "digest", "row_since", "entered_on", "entered_by", "evidence_table",
    "evidence_id", "known_at",
)  # fmt: skip
LONGEST = 14
BRANCH: dict[str, Any] = {
    "kind": "branch",
    "full_members": 20,
    "members": 22,
    "committee": True,
    "committee_size": 5,
    "can_approve": True,
}
DONE = "已按要求办理"
ANY = 99
FINISHED = (
    ("committee_decision", "党员活动室修缮和党建经费使用"),
    ("major_matter", "班组排班调整方案征求意见"),
    ("secretary_report", "书记抓党建工作述职评议"),
)


@dataclass(frozen=True, slots=True)
class Walked:
    """A case walked by the engine: its steps, and its row with the columns of lists."""

    taken: tuple[Taken, ...]
    cautions: tuple[tuple[str, ...], ...]
    row: Case


class Cases:
    """The cases of every branch, as rows."""

    def __init__(self, shape: Shape, doings: Doings) -> None:
        self.shape, self.today = shape, shape.today
        self.digest = rulebook.load().digest
        self.cases: list[tuple[Any, ...]] = []
        self.steps: list[tuple[Any, ...]] = []
        self.examined: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for number, row in enumerate(doings.examinations, 1):
            self.examined[row[1]].append((row[2], number))
        self._build()

    def _build(self) -> None:
        """Admissions of every branch, and the renewals that are due."""
        admission = plan_of("admission")
        for branch in self.shape.branches:
            if branch.organisation.closed is not None:
                continue
            clerk = self.shape.people[branch.posts[0][0] - 1].name if branch.posts else ""
            if admission is not None and branch.organisation.kind in admission.procedure.applies_to:
                self._admissions(branch, clerk)
            self._renewal(branch, clerk)
            if branch.manner.name != "idle":
                self._finished(branch, clerk)

    def write(self, say: Callable[[str], None]) -> None:
        """All rows, in bulk."""
        say(f"写入 {len(self.cases)} 件办理事项 …")
        insert(Case, CASE_COLUMNS, self.cases)
        insert(StepTaken, STEP_COLUMNS, self.steps)

    def _admissions(self, branch: BranchShape, clerk: str) -> None:
        for days, people, stage in (
            (480, branch.activists, "activist"),
            (90, branch.applicants, "applicant"),
        ):
            for number, person in enumerate(people):
                since = self.today - timedelta(days=days + person.id % 60)
                if branch.organisation.founded and branch.organisation.founded > since - timedelta(days=150):
                    continue
                often = min(2, len(self.examined[person.id])) if stage == "activist" else 0
                walked = walk(
                    "admission", since, stage, often, self.today, (number + branch.organisation.id) % 3
                )
                if walked is not None:
                    self._write(branch, walked, person.id, person.name, clerk)

    def _finished(self, branch: BranchShape, clerk: str) -> None:
        """What was decided and followed through some months ago: two of the three in every branch."""
        number = branch.organisation.id
        for turn in (number, number + 1):
            procedure, title = FINISHED[turn % len(FINISHED)]
            since = self.today - timedelta(days=110 + 35 * (turn % 3))
            plan = plan_of(procedure)
            young = branch.organisation.founded and branch.organisation.founded > since
            if plan is None or young or branch.organisation.kind not in plan.procedure.applies_to:
                continue
            walked = walk(procedure, since, "", ANY, self.today, 2)
            if walked is not None and walked.row.state == CaseState.ENDED:
                self._write(branch, walked, None, title, clerk)

    def _renewal(self, branch: BranchShape, clerk: str) -> None:
        for procedure in rulebook.load().procedures.values():
            prompt = next((each for each in procedure.prompts if each.kind is PromptKind.TERM_EXPIRING), None)
            if prompt is None or branch.organisation.kind not in (procedure.applies_to or ("branch",)):
                continue
            begun = add_months(branch.valid_until, -prompt.months) + timedelta(
                days=branch.organisation.id % 40
            )
            if begun > self.today or branch.manner.name == "idle":
                return
            walked = walk(
                procedure.id,
                begun,
                "",
                branch.organisation.id % 4,
                self.today,
                2,
                expires_on=branch.valid_until,
            )
            if walked is not None:
                self._write(branch, walked, None, branch.organisation.name, clerk)
            return

    def _write(self, branch: BranchShape, walked: Walked, person: int | None, title: str, clerk: str) -> None:
        number, row, node = len(self.cases) + 1, walked.row, branch.organisation.id
        own = sorted(self.examined.get(person or 0, ()))[-2:]
        exams = iter(own)
        plan = plan_of(row.procedure)
        last = walked.taken[0].on if walked.taken else row.opened_on
        for taken, cautions in zip(walked.taken, walked.cautions, strict=True):
            step = plan.steps[taken.step] if plan else None
            linked: tuple[int, int] | None = None
            if step is not None and step.kind is StepKind.REVIEW and step.repeats is not None and person:
                linked = next(exams, None)
            last = date.fromordinal(linked[0]) if linked else taken.on
            self.steps.append(
                _step_row(
                    (number, node, row.procedure),
                    step,
                    self._named(taken, branch),
                    cautions,
                    last,
                    (self.digest, clerk),
                    linked,
                )
            )
        again = row.repeat_due
        if own and plan is not None and row.repeat_step:
            repeats = plan.steps[row.repeat_step].repeats
            every = plan.steps[row.repeat_step].number(repeats.every, self.today) if repeats else None
            again = add_months(date.fromordinal(own[-1][0]), every) if every else again
        self.cases.append((
            number, node, row.procedure, person, title, json.dumps(row.fields), *map(_day, (row.opened_on, row.opened_on)),
            self.digest, clerk, row.state, row.ended, _day(row.ended_on), row.next_step, row.next_role, _day(row.next_from),
            _day(row.next_due), row.above_step, _day(row.above_from), _day(row.above_due), row.repeat_step, _day(again), _day(row.overdue_from),
            len({each.step for each in walked.taken}), self.digest, _day(self.today), instant(_ordinal(last)),
        ))  # fmt: skip

    def _named(self, taken: Taken, branch: BranchShape) -> Taken:
        """The people of a step are members of the branch."""
        there = [each for each in branch.members if each.id not in branch.probationary]
        if not taken.people or not there:
            return taken
        people = (
            replace(each, name=there[index % len(there)].name, person=there[index % len(there)].id)
            for index, each in enumerate(taken.people)
        )
        return replace(taken, people=tuple(people))


def _step_row(
    place: tuple[int, int, str], step: Step | None, taken: Taken, cautions: Sequence[str], on: date, by: tuple[str, str],
    linked: tuple[int, int] | None,
) -> tuple[Any, ...]:  # fmt: skip
    terms = step.row_on(on) if step else None
    people = [{"person": each.person, "name": each.name, "stage": each.stage} for each in taken.people]
    values = {
        name: value.isoformat() if isinstance(value, date) else value for name, value in taken.values.items()
    }
    until = taken.until or on
    return (
        *place, taken.step, _ordinal(on), _day(taken.until), taken.outcome, 1, str(taken.by), taken.reply,
        json.dumps(values, ensure_ascii=False), json.dumps(people, ensure_ascii=False),
        json.dumps(taken.vote) if taken.vote else None, json.dumps(list(cautions)), int(bool(cautions)), "[]", by[0],
        _day(terms.since) if terms else None, _ordinal(until), by[1], "zb_examination" if linked else "",
        linked[1] if linked else None, instant(_ordinal(until)),
    )  # fmt: skip


@lru_cache(maxsize=4096)
def walk(
    name: str, since: date, stage: str, often: int, today: date, how_far: int, expires_on: date | None = None
) -> Walked | None:
    """A case walked from its opening: whoever has a stage got it on the day `since`; it stops where it would by itself."""
    plan = plan_of(name)
    if plan is None:
        return None
    opened = since - timedelta(days=75) if stage == "activist" else since
    fields = {each.id: _value(each.kind, opened) for each in plan.procedure.fields if each.required}
    subject: dict[str, Any] = {"born_on": date(1992, 3, 1), "stage": stage} if stage else {}
    case = engine.Case(
        fields=fields, subject=subject, branch={"expires_on": expires_on, **BRANCH},
    )  # fmt: skip
    cautions: list[tuple[str, ...]] = []
    for taken, found in _steps(plan, case, since, stage, often, today, how_far):
        case = replace(case, taken=(*case.taken, taken))
        cautions.append(found)
    row = Case(procedure=plan.procedure.id, opened_on=opened, state=CaseState.RUNNING)
    row.fields = {
        key: value.isoformat() if isinstance(value, date) else value for key, value in fields.items()
    }
    keep(row, plan, project(plan, case, today))
    return Walked(case.taken, tuple(cautions), row)


def _steps(
    plan: Plan, case: engine.Case, since: date, stage: str, often: int, today: date, how_far: int
) -> Iterator[tuple[Taken, tuple[str, ...]]]:
    day = since - timedelta(days=75) if stage == "activist" else since
    counted = 0
    for _number in range(LONGEST):
        standing = engine.replay(plan, case)
        following = waits_for(plan, engine.project_standing(standing, day)).following
        if following is None or following.earliest is None:
            return
        step = plan.steps[following.step]
        above = bool(step.by) and step.by[0] not in BRANCH_SIDE
        if step.repeats is not None:
            counted += 1
            if counted > often:
                return
        sets = next((each.value for each in step.effects if each.kind == "set_stage"), "")
        if (stage == "applicant" and sets == "activist") or sets in ("prospect", "probationary_member"):
            return
        if above and how_far < 2 and case.taken and sets != "activist" and "filed" not in step.id:
            return
        day = max(day + timedelta(days=9), following.earliest)
        if sets == "activist":
            day = max(day, since)
        taken = _taken(step, day)
        tried = try_on(standing, taken, today)
        if day > today or tried.refusals:
            return
        yield tried.taken, tuple(each.code for each in tried.cautions)
        case = replace(case, taken=(*case.taken, tried.taken))
        if stage == "" and len(case.taken) > often + 1:
            return


def _taken(step: Step, day: date) -> Taken:
    row = step.row_on(day)
    least = (step.number(step.people.least, day) or 1) if step.people else 0
    stage = step.people.stages[0] if step.people and step.people.stages else "full_member"
    vote = {"expected": 20, "present": 19, "issued": 19, "returned": 19, "yes": 18, "no": 0, "abstain": 1}
    return Taken(
        step.id, day, None, "", step.by[0] if step.by else "", row.reply if row else "",
        {each.id: _value(each.kind, day, each.choices) for each in step.fields if each.required},
        tuple(Named(f"党员{number}", None, stage) for number in range(1, least + 1)), vote if step.vote else None,
    )  # fmt: skip


def _value(kind: FieldKind, day: date, choices: Any = ()) -> Any:
    match kind:
        case FieldKind.NUMBER | FieldKind.MONEY:
            return 24
        case FieldKind.DAY:
            return day
        case FieldKind.FLAG:
            return True
        case FieldKind.CHOICE:
            return next(iter(choices), "")
        case FieldKind.PERSON | FieldKind.ORGANISATION:
            return 1
        case _:
            return DONE


def _day(value: date | None) -> int | None:
    return None if value is None else value.toordinal()


def _ordinal(value: date) -> int:
    return value.toordinal()
