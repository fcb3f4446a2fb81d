"""Whether what is asked of named values holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from zhibu.core.norms.procedures import Asked, Compared, Comparison, Every, Literal, Never, Some, Step

from .case import Value

Values = Callable[[str], Value]


def holds(asked: Asked, value: Values, step: Step, day: date) -> bool:
    """Whether it holds, with the numbers of the step in force on the day. A value not given meets no comparison.

    A comparison with a number that the row in force leaves out asks nothing, and holds.
    """
    match asked:
        case Every(parts=parts):
            return all(holds(part, value, step, day) for part in parts)
        case Some(parts=parts):
            return any(holds(part, value, step, day) for part in parts)
        case Never(part=part):
            return not holds(part, value, step, day)
        case Compared():
            return _tested(asked, value, step, day)


def _tested(asked: Compared, value: Values, step: Step, day: date) -> bool:
    found = value(asked.name)
    match asked.test:
        case Comparison.GIVEN:
            return (found not in (None, "")) is asked.literals[0]
        case Comparison.IS:
            return _alike(found, asked.literals[0])
        case Comparison.AMONG:
            return any(_alike(found, each) for each in asked.literals)
        case _:
            against = value(asked.against) if "." in asked.against else step.number(asked.against, day)
            if against is None and "." not in asked.against:
                return True
            return _compared(found, asked.test, against)


def _alike(found: Value, literal: Literal) -> bool:
    if isinstance(literal, bool):
        return bool(found) is literal
    return found is not None and str(found) == literal


def _compared(found: Value, test: Comparison, against: Value) -> bool:
    if isinstance(found, date) and isinstance(against, date):
        return _ordered(found.toordinal(), test, against.toordinal())
    if isinstance(found, (int, Fraction)) and isinstance(against, (int, Fraction)):
        return _ordered(found, test, against)
    return test is Comparison.EQUALS and isinstance(found, str) and found == against


def _ordered(left: int | Fraction, test: Comparison, right: int | Fraction) -> bool:
    match test:
        case Comparison.AT_LEAST:
            return left >= right
        case Comparison.AT_MOST:
            return left <= right
        case Comparison.MORE_THAN:
            return left > right
        case Comparison.LESS_THAN:
            return left < right
        case _:
            return left == right
