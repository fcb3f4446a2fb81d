"""Projecting running cases: how long each takes, how it grows with their number, and what loading the rulebook takes.

A case is an admission somewhere on its way, its days drawn by dice; it is projected whole: every step's earliest and
latest day and every reason. Nothing is read from a database.
"""

import random
import time
from datetime import date, timedelta

from benchmarks.report import Report

TODAY = date(2026, 6, 15)
STEPS = (
    "apply", "talk", "activist_selected", "activist_filed", "mentors_named", "examined", "examined",
    "prospect_proposed", "prospect_consented",
)  # fmt: skip


def running(number: int, dice: random.Random) -> list:
    from zhibu.core.procedure import Case, Named, Taken

    cases = []
    for _ in range(number):
        day, taken = date(2024, 1, 2) + timedelta(days=dice.randrange(500)), []
        for name in STEPS[: dice.randrange(1, len(STEPS) + 1)]:
            people = (Named("甲", stage="full_member"), Named("乙", stage="full_member"))
            taken.append(Taken(name, day, reply="filed", people=people if name == "mentors_named" else ()))
            day += timedelta(days=dice.randrange(5, 120))
        cases.append(
            Case(subject={"born_on": date(1995, 2, 28)}, branch={"kind": "branch"}, taken=tuple(taken))
        )
    return cases


def timed(plan, cases) -> float:
    from zhibu.core.procedure import project

    began = time.process_time()
    for case in cases:
        project(plan, case, TODAY)
    return time.process_time() - began


def run(report: Report) -> None:
    from zhibu import rulebook
    from zhibu.project.procedures import plan_of

    began = time.process_time()
    book = rulebook.load(())
    report.add("rulebook loaded (all files, no worked cases)", time.process_time() - began, "s CPU")
    began = time.process_time()
    rulebook.check(())
    report.add("rulebook checked (every worked case run)", time.process_time() - began, "s CPU")
    plan = plan_of(book, book.procedures["admission"])
    dice, taken = random.Random(1), {}
    timed(plan, running(200, dice))
    for number in (1_000, 10_000, 100_000):
        taken[number] = timed(plan, running(number, dice)) / number
        report.add(f"admission, {number:,} running cases", taken[number] * 1e6, "µs/case")
    report.add("growth per case, 100,000 beside 1,000", taken[100_000] / taken[1_000], "×", at_most=1.2)
