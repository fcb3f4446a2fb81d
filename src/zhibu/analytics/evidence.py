"""The records behind a fact: which counted, and why the others did not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from zhibu.core.norms import ColumnType, Fact, Matching, Reduce, Rulebook, Table
from zhibu.core.wording import Text

from .conditions import ALWAYS, column_tests, time_tests
from .placeholders import Style, binds_of, render
from .scans import PAST, SUPERSEDED, Keys, Setting
from .timeframe import FOREVER, Shape, Timeframe

OUTSIDE = Text("不在本期内", "Outside the period")
TOO_LATE = Text("截止时点之后录入或更正", "Entered or corrected after the cut-off")
# the reasons by number: 0 counts, 1 outside the period, 2 entered after the cut-off, then those of the fact
_COUNTED, _OUTSIDE, _TOO_LATE, _OWN = 0, 1, 2, 3


class EvidenceRow(NamedTuple):
    """One record: its key, the columns shown (days as dates), whether it counted and otherwise the first reason."""

    key: int
    shown: tuple[Any, ...]
    counted: bool
    because: Text | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The records a fact is about. `more`: there are further ones, all outside the period or beyond the limit."""

    fact: Fact
    table: Table
    columns: tuple[str, ...]
    rows: tuple[EvidenceRow, ...]
    more: bool

    @property
    def counted(self) -> int:
        """How many of the rows counted."""
        return sum(row.counted for row in self.rows)


def evidence(
    rulebook: Rulebook,
    fact: str,
    branch_id: int,
    first: date,
    last: date,
    *,
    known_by: int | None = None,
    limit: int = 200,
) -> Evidence:
    """Every record of the branch a fact is about, those of the period first, the latest first.

    The same tests as the fact's own count, so the two agree: a `count` equals the rows counted, as long as `limit`
    does not cut them off. With `known_by`, a record changed later appears as it was known then, and once more as it
    is now among those that did not count. Raises KeyError for an unknown fact.
    """
    named = rulebook.facts[fact]
    writer = _EvidenceWriter(named, rulebook, Timeframe(first, last).shape, then=known_by is not None)
    text = writer.text(limit)
    known = FOREVER if known_by is None else known_by
    binds = {**Timeframe(first, last).binds(), "branch": branch_id, "known": known}
    with connection.cursor() as cursor:
        cursor.execute(render(text, Style.PYFORMAT), {name: binds[name] for name in binds_of(text)})
        found = cursor.fetchall()
    rows = tuple(writer.rows(found[:limit]))
    return Evidence(named, writer.table, writer.table.show, rows, len(found) > limit)


class _EvidenceWriter:
    """Writes the text for one fact, and reads its rows."""

    def __init__(self, fact: Fact, rulebook: Rulebook, shape: Shape, *, then: bool) -> None:
        self.fact = fact
        self.rulebook = rulebook
        self.table = rulebook.tables[fact.table]
        self.shape = shape
        self.then = then and self.table.known is not None
        self.keys = Keys(Setting(rulebook.tables, shape, one=True, then=then))
        self.reasons = [None, OUTSIDE, TOO_LATE, *(each.because for each in fact.counts)]
        self.reasons += [_unmatched(rulebook, each) for each in fact.matching]

    def text(self, limit: int) -> str:
        """The query; one row more than `limit` tells that there are more."""
        reason = self._reason()
        keys = [(each.name, each.text) for each in self.keys.scans]
        ctes = [("scope", "SELECT CAST(:branch AS BIGINT) AS branch"), *keys]
        shown = "".join(f", t.{name} AS s{i}" for i, name in enumerate(self.table.show))
        about = [f"t.{self.table.branch} = :branch", *column_tests(self.table, self.fact.where, "t")]
        order = self.fact.day or (self.fact.spell.since if self.fact.spell else self.table.key)
        return (
            f"WITH {', '.join(f'{name} AS ({text})' for name, text in ctes)}\n"
            f"SELECT k, {', '.join(f's{i}' for i in range(len(self.table.show)))}, reason FROM (\n"
            f"  {self._rows(f't.{self.table.key} AS k, t.{order} AS o{shown}, {reason} AS reason', about)}) AS e\n"
            f"ORDER BY CASE WHEN reason = {_OUTSIDE} THEN 1 ELSE 0 END,"
            f" CASE WHEN o IS NULL THEN 0 ELSE 1 END, o DESC, k DESC LIMIT {int(limit) + 1}"
        )

    def _rows(self, columns: str, about: list[str]) -> str:
        """The rows as they are; as of an instant, also those replaced since, as they stood then."""
        kept = f"SELECT {columns}\n  FROM {self.table.table} t WHERE {' AND '.join(about)}"
        if not self.then:
            return kept
        known, replaced = f"t.{self.table.known} <= :known", f"t.{SUPERSEDED} > :known"
        past = kept.replace(f"FROM {self.table.table} t", f"FROM {self.table.table}{PAST} t", 1)
        return f"{kept}\n  UNION ALL\n  {past} AND {known} AND {replaced}"

    def rows(self, found: list[tuple[Any, ...]]) -> Iterator[EvidenceRow]:
        """Rows of the query with reasons in words."""
        days = [self.table.columns[name].type is ColumnType.DAY for name in self.table.show]
        for key, *shown, reason in found:
            values = tuple(
                date.fromordinal(value) if is_day and value is not None else value
                for value, is_day in zip(shown, days, strict=True)
            )
            yield EvidenceRow(key, values, reason == _COUNTED, self.reasons[reason])

    def _reason(self) -> str:
        """Which test fails first: the period, the fact's own in order, the matching record, the cut-off.

        A record without a day (a meeting planned, not yet held) is asked for its other failings before it is said to
        lie outside the period.
        """
        timed = " AND ".join(self._timed()) or ALWAYS
        ladder = [
            (" AND ".join(column_tests(self.table, each.when, "t")), _OWN + i)
            for i, each in enumerate(self.fact.counts)
        ]
        matched = [self.keys.test(each) for each in self.fact.matching]
        ladder += [(test, _OWN + len(self.fact.counts) + i) for i, test in enumerate(matched)]
        ladder.append((timed, _OUTSIDE))
        if self.then:
            ladder.append((f"t.{self.table.known} <= :known", _TOO_LATE))
        if self.fact.day is not None:
            ladder.insert(0, (f"(t.{self.fact.day} IS NULL OR ({timed}))", _OUTSIDE))
        else:
            ladder.insert(0, (timed, _OUTSIDE))
        nested = str(_COUNTED)
        for test, reason in reversed(ladder):
            nested = f"CASE WHEN {test} THEN {nested} ELSE {reason} END"
        return nested

    def _timed(self) -> list[str]:
        return time_tests(
            "t",
            self.fact.window,
            self.shape.of(self.fact.window),
            day=self.fact.day,
            spell=self.fact.spell,
            by_months=self.fact.reduce.kind is Reduce.SPELL_MONTHS,
        )


def _unmatched(rulebook: Rulebook, matching: Matching) -> Text:
    label = rulebook.tables[matching.table].label
    return Text(f"没有对应的“{label.zh}”记录", f"No matching record: {label.en}")
