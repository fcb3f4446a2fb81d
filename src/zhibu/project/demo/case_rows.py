"""Cases walked by the engine, put down as rows for people of a branch: steps, papers, notices."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from zhibu import rulebook
from zhibu.core.calendar import WorkingDays, add_months
from zhibu.core.norms.procedures import BRANCH_SIDE, FieldKind, Step, StepKind
from zhibu.core.procedure import Named, Plan, Taken, project
from zhibu.notices.models import Notice, NoticeKind
from zhibu.procedures.actions.standing import keep
from zhibu.procedures.models import Case, CasePaper, CaseState, StepTaken

from .bulk import insert
from .doings import instant
from .shape import BranchShape
from .tellings import given
from .walks import Walk, fields_of

CASE_COLUMNS = (
    "id", "organisation_id", "procedure", "person_id", "title", "fields", "opened_on", "entered_on", "digest", "opened_by",
    "state", "ended", "ended_on", "next_step", "next_role", "next_from", "next_due", "above_step", "above_from", "above_due",
    "repeat_step", "repeat_due", "overdue_from", "steps_done", "judged_by", "judged_on", "known_at",
)  # fmt: skip
STEP_COLUMNS = (
    "case_id", "organisation_id", "procedure", "step", "taken_on", "until_on", "outcome", "passes", "role", "reply", "values",
    "people", "vote", "cautions", "caution_words", "cautioned", "effects", "digest", "row_since", "entered_on", "entry_delay",
    "entered_by", "notice_id", "evidence_table", "evidence_id", "known_at",
)  # fmt: skip
PAPER_COLUMNS = ("case_id", "paper", "note", "filed_on", "filed_by")
NOTICE_COLUMNS = (
    "id", "organisation_id", "kind", "title", "subject_id", "text", "opens_on", "closes_on", "least", "working_days",
    "has_result", "outcome", "result", "result_on", "purpose_table", "purpose_id", "purpose_step", "entered_on", "known_at",
)  # fmt: skip
IN_THE_CUPBOARD = "原件存党支部档案柜"
ON_PAPER = "公示以纸质张贴，内容以归档的公示原件为准。"


@dataclass(frozen=True, slots=True)
class Whose:
    """Where a case belongs, whom or what it is about, who enters it."""

    branch: BranchShape
    title: str
    clerk: str
    officer: str
    person: int | None = None
    place: int | None = None
    """The organisation, when it is not the branch's own."""

    @property
    def organisation(self) -> int:
        return self.place or self.branch.organisation.id


class CaseRows:
    """Collects rows; `examined` and `talked` are what is on record of a person: (day, row)."""

    def __init__(
        self, today: date, examined: Mapping[int, list[tuple[int, int]]], talked: Mapping[int, list[tuple[int, int, int, int]]],
        first_notice: int,
    ) -> None:  # fmt: skip
        book = rulebook.load()
        self.today, self.digest, self.examined, self.talked = today, book.digest, examined, talked
        self.days = WorkingDays(book.calendar)
        self.cases: list[tuple[Any, ...]] = []
        self.steps: list[tuple[Any, ...]] = []
        self.papers: list[tuple[Any, ...]] = []
        self.notices: list[tuple[Any, ...]] = []
        self.next_notice = first_notice
        self.projected: dict[int, tuple[Walk, Case]] = {}

    def write(self) -> None:
        """All rows, in bulk."""
        insert(Notice, NOTICE_COLUMNS, self.notices)
        insert(Case, CASE_COLUMNS, self.cases)
        insert(StepTaken, STEP_COLUMNS, self.steps)
        insert(CasePaper, PAPER_COLUMNS, self.papers)

    def add(self, walk: Walk, whose: Whose) -> None:
        """A case: its numbers, votes and people are those of the branch."""
        told = retold(walk, whose.branch)
        number, plan = len(self.cases) + 1, walk.plan
        days = {each.step: each.on.toordinal() for each in walk.case.taken}
        over = days.get("prospect_proposed", self.today.toordinal() + 1)
        own = [each for each in sorted(self.examined.get(whose.person or 0, ())) if each[0] < over][-2:]
        exams = iter(own)
        last, late = walk.case.taken[0].on if walk.case.taken else walk.scene.opened, 0
        for index, (taken, cautions) in enumerate(zip(told, walk.cautions, strict=True)):
            step = plan.steps[taken.step]
            linked = None
            if step.kind is StepKind.REVIEW and step.repeats is not None and step.id == "examined":
                linked = next(exams, None)
            last = date.fromordinal(linked[0]) if linked else taken.on
            notice = self._notice(number, step, taken, whose) if step.kind is StepKind.NOTICE else None
            late = self._delay(whose, index, taken.until or last)
            words = [[each.told("zh"), each.told("en")] for each in cautions]
            codes = [each.code for each in cautions]
            place = (number, whose.organisation, plan.procedure.id)
            above = bool(step.by) and step.by[0] not in BRANCH_SIDE
            by = (late, whose.officer if above else whose.clerk, notice, linked)
            self.steps.append(self._step(place, step, taken, last, (codes, words), by))
        self.papers += [
            (number, paper, IN_THE_CUPBOARD, day.toordinal(), whose.clerk) for paper, day in walk.filed
        ]
        talks = self._talks(number, walk, whose) if whose.person in self.talked else []
        self._case(number, walk, whose, {"examined": own, "talked": talks}, last, late)

    def _talks(self, number: int, walk: Walk, whose: Whose) -> list[tuple[int, int]]:
        """Talks on record with an activist are steps of the case: linked, not counted twice."""
        step = walk.plan.steps.get("talked")
        days = {each.step: each.on.toordinal() for each in walk.case.taken}
        begun, over = days.get("activist_selected"), days.get("prospect_proposed", self.today.toordinal())
        if step is None or begun is None:
            return []
        found = []
        for held, key, talker, entered in self.talked[whose.person or 0]:
            if begun < held < over:
                on, late = date.fromordinal(held), entered - held
                taken = Taken(step.id, on, None, step.passing.id, step.by[0], "", {"talker": talker})
                place = (number, whose.organisation, walk.plan.procedure.id)
                row = self._step(place, step, taken, on, ([], []), (late, whose.clerk, None, (held, key)))
                self.steps.append((*row[:-3], "zb_talk", *row[-2:]))
                found.append((held, key))
        return found

    def _delay(self, whose: Whose, index: int, done: date) -> int:
        low, high = whose.branch.manner.delay
        return min((self.today - done).days, low + (whose.organisation + index * 7) % (high - low + 1))

    def _step(
        self, place: tuple[int, int, str], step: Step, taken: Taken, on: date, cautions: tuple[list[str], list[list[str]]],
        by: tuple[int, str, int | None, tuple[int, int] | None],
    ) -> tuple[Any, ...]:  # fmt: skip
        late, clerk, notice, linked = by
        row = step.row_on(on)
        people = [{"person": each.person, "name": each.name, "stage": each.stage} for each in taken.people]
        until = (taken.until or on).toordinal()
        outcome = step.outcome(taken.outcome)
        return (
            *place, taken.step, on.toordinal(), _day(taken.until), taken.outcome,
            int(outcome is None or outcome.passes), str(taken.by), taken.reply, _json(_plain(taken.values)), _json(people),
            _json(taken.vote) if taken.vote else None, _json(cautions[0]), _json(cautions[1]), int(bool(cautions[0])), "[]",
            self.digest, _day(row.since) if row else None, until + late, late, clerk, notice,
            "zb_examination" if linked else "", linked[1] if linked else None, instant(until + late),
        )  # fmt: skip

    def _notice(self, number: int, step: Step, taken: Taken, whose: Whose) -> int:
        kind = step.notice if step.notice in NoticeKind.values else NoticeKind.NOTICE.value
        closes = taken.until or taken.on
        counted = self.days.count(taken.on, date.fromordinal(closes.toordinal() + 1)).days
        key, self.next_notice = self.next_notice, self.next_notice + 1
        self.notices.append((
            key, whose.organisation, kind, f"{step.title.zh}：{whose.title}"[:120], whose.person, ON_PAPER, taken.on.toordinal(),
            closes.toordinal(), step.number("working_days", taken.on) or 0, counted, 1, "clear", "公示期满，未收到异议",
            closes.toordinal(), "zb_case", number, step.id, closes.toordinal(), instant(closes.toordinal()),
        ))  # fmt: skip
        return key

    def _again(
        self, walk: Walk, row: Case, own: Mapping[str, list[tuple[int, int]]]
    ) -> tuple[str, date | None]:
        """What falls due again, and when: counted from what is on record."""
        due = []
        for name, rows in own.items():
            step = walk.plan.steps.get(name)
            every = step.number(step.repeats.every, self.today) if step and step.repeats else None
            if rows and every and row.repeat_step in own:
                due.append((add_months(date.fromordinal(rows[-1][0]), every), name))
        return (min(due)[1], min(due)[0]) if due else (row.repeat_step, row.repeat_due)

    def _case(
        self,
        number: int,
        walk: Walk,
        whose: Whose,
        own: Mapping[str, list[tuple[int, int]]],
        last: date,
        late: int,
    ) -> None:
        row, plan = self._stands(walk), walk.plan
        repeat, again = self._again(walk, row, own)
        fields = _plain(_numbered(walk, whose.branch))
        opened = walk.scene.opened.toordinal()
        self.cases.append((
            number, whose.organisation, plan.procedure.id, whose.person, whose.title, _json(fields), opened, opened,
            self.digest, whose.clerk, row.state, row.ended, _day(row.ended_on), row.next_step, row.next_role, _day(row.next_from),
            _day(row.next_due), row.above_step, _day(row.above_from), _day(row.above_due), repeat, _day(again),
            _day(row.overdue_from), len({each.step for each in walk.case.taken}), self.digest, _day(self.today),
            instant(last.toordinal() + late),
        ))  # fmt: skip

    def _stands(self, walk: Walk) -> Case:
        """Where the case stands today; worked out once for all that are alike."""
        known = self.projected.get(id(walk))
        if known is None:
            row = Case(procedure=walk.plan.procedure.id, opened_on=walk.scene.opened, state=CaseState.RUNNING)
            keep(row, walk.plan, project(walk.plan, walk.case, self.today))
            # the walk is held too, so that its id stays its own
            known = self.projected[id(walk)] = (walk, row)
        return known[1]


def retold(walk: Walk, branch: BranchShape) -> list[Taken]:
    """The steps of a walk as this branch took them: its own people, its own numbers, its own votes."""
    people = [each for each in branch.members if each.id not in branch.probationary] or branch.members
    posts = [person for person, _kind in branch.posts]
    people.sort(key=lambda each: (posts.index(each.id) if each.id in posts else len(posts), each.id))
    cast = [Named(each.name, each.id, "full_member") for each in people]
    scene = replace(
        walk.scene, full=len(people), members=len(branch.members), seats=max(1, branch.seats or len(posts)),
    )  # fmt: skip
    mine = replace(walk, scene=scene, cast=cast, case=replace(walk.case, fields=_numbered(walk, branch)))
    found, counts = [], dict[str, int]()
    for taken in walk.case.taken:
        step, told = walk.plan.steps[taken.step], walk.telling.steps.get(taken.step, {})
        mine.scene = replace(scene, day=taken.on, count=counts.get(step.id, 0))
        counts[step.id] = counts.get(step.id, 0) + 1
        values = dict(taken.values)
        for each in step.fields:
            if each.kind is FieldKind.PERSON and each.id in values:
                values[each.id] = _as(values[each.id], cast).person
            elif each.kind is FieldKind.NUMBER and callable(told.get(each.id)):
                values[each.id] = given(told, each.id, mine.scene)
        named = tuple(_as(each.person, cast) for each in taken.people)
        unique = tuple({each.person: each for each in named}.values())
        vote = mine.vote(step) if taken.vote else None
        found.append(replace(taken, values=values, people=unique, vote=vote))
    return found


def _as(placeholder: Any, cast: list[Named]) -> Named:
    """The member in the place of somebody who is nobody yet."""
    number = -placeholder if isinstance(placeholder, int) and placeholder < 0 else 1
    return cast[(number - 1) % len(cast)]


def _numbered(walk: Walk, branch: BranchShape) -> dict[str, Any]:
    scene = replace(walk.scene, day=walk.scene.opened, seats=max(1, branch.seats or len(branch.posts)))
    return fields_of(walk.plan, walk.telling, scene)


def clerk_of(branch: BranchShape) -> str:
    """Who enters the cases of a branch: its secretary."""
    names = {each.id: each.name for each in branch.members}
    return names.get(branch.posts[0][0], "") if branch.posts else ""


def ended(plan: Plan, walk: Walk) -> bool:
    """Whether the walk came to an end of the procedure."""
    return walk.stopped in {"completed", *plan.procedure.endings}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _day(value: date | None) -> int | None:
    return None if value is None else value.toordinal()
