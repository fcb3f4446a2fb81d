"""An overlay's amendments: tighten the dated numbers of a norm that is not national, or disable it with a reason.

Weights may be changed freely (no regulation gives them), but the weight of a national norm stays above zero. What is
"tighter" follows from how a number is used: more for at_least, more_than and a share's `of`; less for at_most and
less_than; the other way round under `not`. An exception is tighter when it is harder to claim, so the same holds
there. A number used both ways, or with equals, is fixed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from zhibu.core.norms import (
    AllOf,
    AnyOf,
    Check,
    Compare,
    Condition,
    Disabled,
    Level,
    Not,
    Operator,
    Scheme,
    Standard,
    Terms,
    TermsRow,
    is_fact,
)

from .entry import Entry
from .examples import read_examples, run_examples
from .gathering import Gathering
from .problems import listed, meant
from .terms import DatedRow, read_rows


class Tighter(StrEnum):
    """Which way a number becomes stricter."""

    UP = "up"
    DOWN = "down"
    FIXED = "fixed"


_WAY = {
    Operator.AT_LEAST: Tighter.UP,
    Operator.MORE_THAN: Tighter.UP,
    Operator.AT_MOST: Tighter.DOWN,
    Operator.LESS_THAN: Tighter.DOWN,
    Operator.EQUALS: Tighter.FIXED,
}
_TURNED = {Tighter.UP: Tighter.DOWN, Tighter.DOWN: Tighter.UP, Tighter.FIXED: Tighter.FIXED}


@dataclass(frozen=True, slots=True)
class Change:
    """One number an overlay sets from a day on, and where it says so."""

    since: date
    name: str
    value: int
    line: int


def amend(book: Gathering, entry: Entry, standard: Standard) -> None:
    """Apply an overlay's amendment to a standard: `id`, `reason`, and `disable: true` or dated `terms`."""
    entry.need("reason", "overlay_without_reason", id=standard.id)
    reason = entry.wording_or("reason")
    disable = entry.flag_or("disable", otherwise=False)
    changes = _changes(entry, standard.terms)
    amended = standard if disable else _amended(entry, standard, changes)
    examples = read_examples(book, entry, amended)
    entry.close()
    if disable and standard.level is Level.NATIONAL:
        entry.page.note(entry.at("disable"), "overlay_touches_national", name=standard.id)
    elif disable and reason is not None:
        book.disabled[standard.id] = Disabled(book.layer, reason)
        del book.standards[standard.id]
        return
    if not book.problems.within(entry.page.file):
        book.standards[standard.id] = replace(amended, examples=(*standard.examples, *examples))
        run_examples(book, amended, examples, entry)


def amend_scheme(book: Gathering, entry: Entry, scheme: Scheme) -> None:
    """Apply an overlay's scheme.yaml: `reason` and dated `terms` of the changed names."""
    entry.need("reason", "overlay_without_reason", id="scheme")
    entry.wording_or("reason")
    changes = _changes(entry, scheme.terms)
    entry.close()
    if scheme.level is Level.NATIONAL:
        entry.page.note(entry.line, "overlay_touches_national", name="scheme")
    book.scheme = replace(scheme, terms=merged(scheme.terms, changes))


def amended_terms(entry: Entry, terms: Terms) -> Terms:
    """The terms with the numbers that an overlay's entry sets from a day on."""
    return merged(terms, _changes(entry, terms))


def merged(terms: Terms, changes: tuple[Change, ...]) -> Terms:
    """The rows of a norm with an overlay's numbers in force from their day on, over every later row."""
    days = sorted({row.since for row in terms.rows} | {change.since for change in changes})
    rows = []
    for day in days:
        base = terms.row_on(day)
        if base is not None:
            set_by_then = {change.name: change.value for change in changes if change.since <= day}
            rows.append(TermsRow(day, {**base.numbers, **set_by_then}))
    return Terms(tuple(rows))


def _changes(entry: Entry, terms: Terms) -> tuple[Change, ...]:
    """The numbers under the overlay's `terms:`, each checked to exist in the norm on its day."""
    names = terms.rows[0].numbers if terms.rows else {}
    found = [change for row in read_rows(entry) for change in _row_changes(entry, row, terms)]
    for change in found:
        if change.name not in names:
            entry.page.note(
                change.line,
                "unknown_term",
                name=change.name,
                meant=meant(change.name, names),
                known=listed(names, 30),
            )
    return tuple(change for change in found if change.name in names)


def _row_changes(entry: Entry, row: DatedRow, terms: Terms) -> Iterator[Change]:
    if terms.rows and row.since < terms.rows[0].since:
        entry.page.note(row.line, "overlay_before_terms", date=row.since, first=terms.rows[0].since)
        return
    for name, value in row.numbers.items():
        yield Change(row.since, name, value, row.lines[name])


def _amended(entry: Entry, standard: Standard, changes: tuple[Change, ...]) -> Standard:
    national, ways = _national_terms(standard), directions(standard)
    weights = {part.weight for part in standard.parts}
    for change in changes:
        if change.name in weights and change.name not in ways:
            _check_weight(entry, standard, change)
        elif change.name in national:
            entry.page.note(change.line, "overlay_touches_national", name=change.name)
        elif ways.get(change.name) is Tighter.FIXED:
            entry.page.note(change.line, "overlay_fixed_term", name=change.name)
        else:
            _check_tighter(entry, standard, change, changes, ways.get(change.name))
    return replace(standard, terms=merged(standard.terms, changes))


def _check_weight(entry: Entry, standard: Standard, change: Change) -> None:
    if change.value < 0:
        entry.page.note(change.line, "term_negative", name=change.name)
    carries_national = standard.level is Level.NATIONAL or any(
        check.level is Level.NATIONAL and check.weight == change.name for check in standard.checks
    )
    if change.value == 0 and carries_national:
        entry.page.note(change.line, "overlay_weight_zero", name=change.name)


def _check_tighter(
    entry: Entry, standard: Standard, change: Change, changes: tuple[Change, ...], way: Tighter | None
) -> None:
    """The number must not be looser than the norm's own on its day and on every later row it covers."""
    until = min(
        (each.since for each in changes if each.name == change.name and each.since > change.since),
        default=date.max,
    )
    days = [change.since, *(row.since for row in standard.terms.rows if change.since < row.since < until)]
    for day in days:
        row = standard.terms.row_on(day)
        base = row.numbers[change.name] if row else change.value
        looser = change.value < base if way is Tighter.UP else change.value > base
        if way is not None and looser:
            direction = "小于" if way is Tighter.UP else "大于"
            entry.page.note(
                change.line,
                "overlay_loosens",
                name=change.name,
                date=day,
                base=base,
                value=change.value,
                direction=direction,
            )
            return


# -------------------------------------------------------------------------------------------- which way
def directions(standard: Standard) -> dict[str, Tighter]:
    """Which way every number used as a bound becomes stricter."""
    found: dict[str, Tighter] = {}
    for name, way in _uses(standard):
        found[name] = way if found.get(name, way) is way else Tighter.FIXED
    return found


def _uses(standard: Standard) -> Iterator[tuple[str, Tighter]]:
    for check in standard.checks:
        yield from _check_uses(check)
    for exception in (*standard.unless, *(each for part in standard.reviewed for each in part.unless)):
        yield from _bounds(exception.when, turned=False)


def _check_uses(check: Check) -> Iterator[tuple[str, Tighter]]:
    if check.share is not None and not is_fact(check.share.of):
        yield check.share.of, Tighter.UP
    if check.met is not None:
        yield from _bounds(check.met, turned=False)
    for exception in check.unless:
        yield from _bounds(exception.when, turned=False)


def _bounds(condition: Condition, *, turned: bool) -> Iterator[tuple[str, Tighter]]:
    match condition:
        case Compare(operator=operator, against=against):
            if not is_fact(against):
                way = _WAY[operator]
                yield against, _TURNED[way] if turned else way
        case Not(part=part):
            yield from _bounds(part, turned=not turned)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from _bounds(part, turned=turned)


def _national_terms(standard: Standard) -> frozenset[str]:
    """Numbers no overlay may touch: all bounds of a national standard, and those of national checks."""
    if standard.level is Level.NATIONAL:
        return frozenset(name for name, _ in _uses(standard))
    return frozenset(
        name for check in standard.checks if check.level is Level.NATIONAL for name, _ in _check_uses(check)
    )
