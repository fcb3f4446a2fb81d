"""Small norms for the tests, built without any file."""

from datetime import date

from zhibu.core.norms import (
    Act,
    Cadence,
    Check,
    Compare,
    Level,
    Operator,
    Reviewed,
    Share,
    Source,
    Standard,
    Terms,
    TermsRow,
)
from zhibu.core.refusal import Force
from zhibu.core.wording import Text

TITLE = Text("标题", "Title")
DAY = date(2026, 3, 31)
ALL_YEAR = frozenset(Cadence)


def at_least(fact, bound):
    return Compare(fact, Operator.AT_LEAST, bound)


def at_most(fact, bound):
    return Compare(fact, Operator.AT_MOST, bound)


def check(
    name, *, met=None, share=None, weight="w", cadence=Cadence.QUARTER, unless=(), applies_to=(), act=None
):
    return Check(
        id=name,
        title=TITLE,
        weight=weight,
        force=Force.MUST,
        cadence=cadence,
        met=met,
        share=Share(*share) if share else None,
        act=act or Act("life:record"),
        unless=tuple(unless),
        applies_to=applies_to,
        level=Level.LOCAL,
        sources=(Source("opinion"),),
    )


def reviewed(name, *, weight="w", cadence=Cadence.QUARTER, unless=()):
    return Reviewed(name, TITLE, weight, TITLE, cadence, (), tuple(unless))


def standard(*parts, terms=None, unless=(), applies_to=("branch",), name="S01", since=date(2020, 1, 1)):
    numbers = {"w": 100, "none": 0, "one": 1, "two": 2, "three": 3, **(terms or {})}
    return Standard(
        id=name,
        group="A",
        title=TITLE,
        asks=TITLE,
        level=Level.LOCAL,
        applies_to=applies_to,
        sources=(Source("opinion"),),
        units={},
        terms=Terms((TermsRow(since, numbers),)),
        checks=tuple(part for part in parts if isinstance(part, Check)),
        reviewed=tuple(part for part in parts if isinstance(part, Reviewed)),
        unless=tuple(unless),
        examples=(),
        layer="shipped",
    )
