"""Random cases of every shipped procedure: the engine allows a step exactly when an independent checker finds nothing
against it, whatever was done before; and what it projects as possible can be done.
"""

import random
from datetime import date, timedelta

import pytest

from tests.rulebook.plain_checker import ONE, Checker
from zhibu import rulebook
from zhibu.core.calendar import WorkingDays
from zhibu.core.norms.procedures import FieldKind, StepKind
from zhibu.core.procedure import OPEN, Case, Named, Plan, Taken, judge_by, project_standing, replay, try_on

BOOK = rulebook.load(())
HOLIDAYS = {
    holiday.first + n * ONE
    for year in BOOK.calendar.values()
    for holiday in year.holidays
    for n in range((holiday.last - holiday.first).days + 1)
}
WORKDAYS = {day for year in BOOK.calendar.values() for day in year.workdays}
START = date(2024, 1, 2)
CAREFUL = {"expected": 20, "present": 18, "yes": 17, "no": 1, "abstain": 0}

VOTES = (
    CAREFUL,
    {"expected": 20, "present": 18, "yes": 10, "no": 8, "abstain": 0},
    {"expected": 20, "present": 10, "yes": 10, "no": 0, "abstain": 0},
    {"expected": 5, "present": 9, "yes": 9},
    {},
)
NUMBERS = {
    FieldKind.NUMBER: (0, 1, 2, 3, 6, 12, 24, 40),
    FieldKind.MONEY: (0, 50_000, 100_000, 150_000, 200_000),
    FieldKind.FLAG: (True, False),
}


def one_field(dice, field, day):
    if field.kind is FieldKind.DAY:
        return day + timedelta(days=dice.randint(-40, 400))
    if field.kind is FieldKind.CHOICE:
        return dice.choice(sorted(field.choices))
    return dice.choice(NUMBERS.get(field.kind, ("某",)))


def values(dice, fields, day, *, careless):
    return {each.id: one_field(dice, each, day) for each in fields if not (careless and dice.random() < 0.5)}


def people(dice):
    return tuple(
        Named(
            dice.choice("甲乙丙丁"),
            stage=dice.choice(("", "full_member", "probationary_member")),
            sanction=dice.choice(("", "", "", "warning", "disciplinary_probation")),
            sanction_on=dice.choice((None, date(2025, 6, 1))),
        )
        for _ in range(dice.randint(0, 4))
    )


def some_step(dice, step, day):
    """A step taken on a day, with care or without."""
    careless = dice.random() < 0.25
    row = step.row_on(day)
    lasts = dice.randint(0, 12) if careless else 9
    named = people(dice) if careless else (Named("甲", stage="full_member"), Named("乙", stage="full_member"))
    return Taken(
        step=step.id,
        on=day,
        until=day + timedelta(days=lasts) if step.kind in (StepKind.NOTICE, StepKind.TRAIN) else None,
        outcome=dice.choice(step.outcomes).id if dice.random() < 0.2 else "",
        by=dice.choice(("branch", "superior")) if careless or not step.by else step.by[0].value,
        reply=dice.choice(("filed", "approved", "refused", "")) if careless else row.reply if row else "",
        values=values(dice, step.fields, day, careless=careless),
        people=named if step.people else (),
        vote=(dice.choice(VOTES) if careless else CAREFUL) if step.vote else None,
    )


def opened(dice, plan):
    branch = {
        "kind": "branch", "unit_type": dice.choice(("production", "community", "organ")),
        "full_members": dice.choice((2, 5, 8, 23, 60)), "members": 24, "committee": dice.random() < 0.5,
        "committee_size": 5, "can_approve": False, "expires_on": date(2025, 9, 30), "founded_on": date(2010, 1, 1),
    }  # fmt: skip
    return Case(
        fields=values(dice, plan.procedure.fields, START, careless=dice.random() < 0.3),
        subject={"born_on": date(1995, 2, 28), "stage": dice.choice(("full_member", "applicant"))},
        branch=branch,
    )


def drive(plan, checker, dice):
    """One random case, every attempt put to both; how many were lawful."""
    case, day, lawful = opened(dice, plan), START, 0
    every = [step.id for step in plan.procedure.steps]
    for _ in range(dice.randint(5, 45)):
        standing = replay(plan, case)
        ready = [each.step for each in project_standing(standing, day).of(*OPEN)]
        taken = some_step(
            dice, plan.steps[dice.choice(ready if ready and dice.random() < 0.8 else every)], day
        )
        tried = try_on(standing, taken)
        against = checker.against(case, case.taken, taken)
        before = [(each.step, each.on.isoformat(), each.outcome) for each in case.taken]
        codes = [each.code for each in tried.refusals]
        assert tried.lawful is (not against), f"{taken.step} {taken.on}: {codes} / {against} after {before}"
        if tried.lawful:
            lawful += 1
            case = Case(case.fields, case.subject, case.branch, (*case.taken, tried.taken))
            day = max(day, taken.until or taken.on)
        day += timedelta(days=dice.choice((0, 1, 7, 30, 95, 190, 370)))
    return lawful


def agree(name, many):
    plan = Plan(BOOK.procedures[name], WorkingDays(BOOK.calendar), judge_by(BOOK.votes), BOOK.documents)
    checker = Checker(plan.procedure, HOLIDAYS, WORKDAYS, plan.judge)
    lawful = sum(drive(plan, checker, random.Random(f"{name} {seed}")) for seed in range(many))
    assert 3 * lawful > many, "the dice never got anywhere"


@pytest.mark.parametrize("name", sorted(BOOK.procedures))
def test_engine_and_checker_agree_on_every_step_of_random_cases(name):
    agree(name, 20)


@pytest.mark.release
@pytest.mark.parametrize("name", sorted(BOOK.procedures))
def test_engine_and_checker_agree_on_very_many(name):
    agree(name, 5000)
