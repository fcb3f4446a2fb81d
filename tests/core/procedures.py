"""Small procedures for tests of the engine, written as short as may be."""

from datetime import date

from zhibu.core.calendar import Holiday, HolidayYear, WorkingDays
from zhibu.core.norms import Level
from zhibu.core.norms.procedures import (
    Ending,
    Procedure,
    Role,
    Step,
    StepKind,
    StepRow,
    Subject,
)
from zhibu.core.procedure import Case, Counted, Plan, Taken
from zhibu.core.procedure.words import outcomes_of
from zhibu.core.refusal import Force
from zhibu.core.wording import Text

OLD, NEW = date(2014, 5, 28), date(2026, 5, 11)


def text(word):
    return Text(word, word)


def step(name, kind="confirm", *, rows=None, outcomes=(), **given):
    """A step with everything left out that is not given; `rows` maps days to numbers (and `reply`)."""
    kind = StepKind(kind)
    found = {each.id: each for each in outcomes_of(kind)}
    found |= {each.id: each for each in outcomes}
    dated = tuple(
        StepRow(since, {k: v for k, v in numbers.items() if k != "reply"}, numbers.get("reply", ""))
        for since, numbers in (rows or {}).items()
    )
    blank = {
        "by": (Role.BRANCH,), "after": (), "before": (), "optional": False, "force": Force.MUST, "when": None,
        "first": None, "last": None, "waits": (), "due": (), "fields": (), "requires": (), "people": None, "vote": "",
        "notice": "", "needs": (), "makes": (), "effects": (), "repeats": None, "times": "", "one_by_one": False,
        "sources": (),
    }  # fmt: skip
    return Step(
        id=name, title=text(name), kind=kind, rows=dated, outcomes=tuple(found.values()), **(blank | given)
    )


def procedure(*steps, fields=(), papers=None, endings=("stopped",)):
    return Procedure(
        id="p", title=text("p"), about=text("p"), level=Level.LOCAL, subject=Subject.MATTER, applies_to=("branch",),
        opened_by=(Role.BRANCH,), group="g", sources=(), fields=fields, papers=papers or {},
        endings={each: Ending(each, text(each), success=False) for each in endings}, prompts=(), steps=steps,
        examples=(), layer="shipped",
    )  # fmt: skip


CALENDAR = WorkingDays(
    {
        2026: HolidayYear(
            2026,
            (Holiday(text("国庆节"), date(2026, 10, 1), date(2026, 10, 7)),),
            (date(2026, 9, 20), date(2026, 10, 10)),
        )
    }
)
"""2026 with its National Day alone; every other year is provisional."""


def majority(rule, day, counts):
    """A judge of votes: more than half of those expected."""
    return Counted("carried" if 2 * counts["yes"] > counts["expected"] else "not_carried")


def plan(*steps, **given):
    return Plan(procedure(*steps, **given), CALENDAR, majority)


def case(*taken, **given):
    """A case of (step, day) pairs or Taken."""
    rows = tuple(each if isinstance(each, Taken) else Taken(*each) for each in taken)
    return Case(taken=rows, **given)
