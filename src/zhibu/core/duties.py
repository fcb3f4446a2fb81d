"""What is due, when, and what answers it: the worklist of a branch, derived from the standards.

A check due monthly is asked once a month, a quarterly one once a quarter, and so on; a continuous one today. A
monthly check is judged on the facts of that month alone, so a bound it takes from a term (a number written for the
quarter) is divided by three, rounded up; a bound taken from a fact is measured in the month itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache

from .calendar import Month, Quarter, Span
from .evaluate import Facts, Shortfall, State, judge
from .norms import Act, Cadence, Check, Operator, Standard, Terms, TermsRow, compares, facts_of, is_fact
from .refusal import Force
from .wording import Text


class Urgency(StrEnum):
    """How pressing an unmet duty is: past its last day, in its window still, or a state to be put right now."""

    OVERDUE = "overdue"
    DUE = "due"
    STANDING = "standing"


@dataclass(frozen=True, slots=True)
class Duty:
    """One unmet check in one window.

    `due_on` is the last day of the window (today for a continuous check); `overdue_days` counts from the day after.
    `gain` is the weight, in micro-points, that is open.
    """

    standard: str
    check: str
    title: Text
    force: Force
    window: Span
    due_on: date
    overdue_days: int
    urgency: Urgency
    state: State
    missing: tuple[Shortfall, ...]
    gain: int
    act: Act | None

    @property
    def days_left(self) -> int:
        """Whole days until the last day, counted from today; 0 on the last day and after it."""
        return max(0, -self.overdue_days)


@lru_cache(maxsize=512)
def windows(cadence: Cadence, since: date, today: date) -> tuple[Span, ...]:
    """The windows of a cadence from the one holding `since` to the one holding `today`, oldest first."""
    return tuple(_windows(cadence, since, today))


def _windows(cadence: Cadence, since: date, today: date) -> Iterator[Span]:
    match cadence:
        case Cadence.CONTINUOUS:
            yield Span(Quarter.of(today).first, today, today.isoformat())
        case Cadence.MONTH:
            for key in range(Month.of(since).key, Month.of(today).key + 1):
                yield Month.from_key(key).span
        case _:
            seen: set[str] = set()
            for key in range(Quarter.of(since).key, Quarter.of(today).key + 1):
                span = span_of(cadence, Quarter.from_key(key))
                if span.code not in seen:
                    seen.add(span.code)
                    yield span


def span_of(cadence: Cadence, quarter: Quarter) -> Span:
    """The quarter, half-year or year a cadence is judged over in a quarter."""
    if cadence is Cadence.YEAR:
        return quarter.whole_year
    return quarter.half_year if cadence is Cadence.HALF_YEAR else quarter.span


def asked(
    standards: Iterable[Standard], today: date, *, since: date | None = None
) -> dict[Span, frozenset[str]]:
    """The facts `worklist` looks at in each span: those of the checks that are asked for in it, and no others."""
    found: dict[Span, set[str]] = {}
    for standard in standards:
        always = {name for each in standard.unless for name in facts_of(each.when)}
        for check in standard.checks:
            named = always.union(check.facts())
            for span in windows(check.cadence, since or Quarter.of(today).first, today):
                found.setdefault(span, set()).update(named)
    return {span: frozenset(names) for span, names in found.items()}


def worklist(
    standards: Iterable[Standard],
    today: date,
    facts_of: Callable[[Span], Facts],
    *,
    kind: str | None = None,
    since: date | None = None,
) -> tuple[Duty, ...]:
    """Every unmet check: overdue first (longest first), then by last day, then by what it is worth.

    `facts_of` gives the branch's facts over a span of days and is asked once per span. `since` is how far back
    missed windows are looked for: the first day of this quarter when not given.
    """
    remembered = cache(facts_of)
    found = [
        duty
        for standard in standards
        for check in standard.checks
        for span in windows(check.cadence, since or Quarter.of(today).first, today)
        if (duty := _duty(standard, check, span, remembered(span), today=today, kind=kind)) is not None
    ]
    return tuple(sorted(found, key=_pressing))


def _duty(
    standard: Standard, check: Check, span: Span, facts: Facts, *, today: date, kind: str | None
) -> Duty | None:
    alone = _alone(standard, check, span.last)
    verdict = judge(alone, span.last, facts, frozenset(Cadence), kind=kind) if alone else None
    if verdict is None or verdict.state not in (State.NOT_MET, State.PARTLY):
        return None
    (part,) = verdict.parts
    overdue = (today - span.last).days
    urgency = Urgency.OVERDUE if overdue > 0 else Urgency.DUE
    if check.cadence is Cadence.CONTINUOUS:
        urgency = Urgency.STANDING
    return Duty(
        standard.id,
        check.id,
        check.title,
        check.force,
        span,
        span.last,
        overdue,
        urgency,
        part.state,
        part.missing,
        part.gain,
        check.act,
    )


def _alone(standard: Standard, check: Check, day: date) -> Standard | None:
    """The standard with this check only, its bounds those of one window."""
    row = standard.terms.row_on(day)
    if row is None:
        return None
    numbers = dict(row.numbers)
    if check.cadence is Cadence.MONTH:
        for name in _lower_bounds(check):
            numbers[name] = -(-numbers[name] // 3)
    return replace(standard, checks=(check,), reviewed=(), terms=Terms((TermsRow(row.since, numbers),)))


def _lower_bounds(check: Check) -> frozenset[str]:
    named = {check.share.of} if check.share else set()
    if check.met is not None:
        named |= {each.against for each in compares(check.met) if each.operator in AT_LEAST}
    return frozenset(name for name in named if not is_fact(name))


AT_LEAST = frozenset({Operator.AT_LEAST, Operator.MORE_THAN})


def _pressing(duty: Duty) -> tuple[int, int, int, str, str]:
    order = (Urgency.OVERDUE, Urgency.STANDING, Urgency.DUE).index(duty.urgency)
    return (order, -duty.overdue_days, -duty.gain, duty.standard, duty.check)
