"""What may be known of a branch: evidence tables, and facts read from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from zhibu.core.wording import Text


class ColumnType(StrEnum):
    """What a column of an evidence table holds; all but text are integers in the database."""

    KEY = "key"
    INT = "int"
    FLAG = "flag"
    DAY = "day"
    FEN = "fen"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `values` closes the list of texts it may hold when it is not empty."""

    name: str
    type: ColumnType
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """An evidence table facts may read. `table` is its name in the database; `view` the URL name of one row."""

    id: str
    table: str
    branch: str
    key: str
    known: str | None
    view: str | None
    label: Text
    show: tuple[str, ...]
    columns: Mapping[str, Column]


class ColumnOperator(StrEnum):
    """How a column is tested. A comparison with an empty column is false, `not_one_of` included."""

    ONE_OF = "one_of"
    NOT_ONE_OF = "not_one_of"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    EMPTY = "empty"
    FILLED = "filled"


@dataclass(frozen=True, slots=True)
class ColumnTest:
    """One test of one column, against `values` (flags are 0/1, days ordinals) or against the column `other`.

    `one_of` and `not_one_of` have one value or more; the four comparisons exactly one; `empty` and `filled` none.
    With `other` set, `values` is empty; `one_of` then means "equals that column".
    """

    column: str
    operator: ColumnOperator
    values: tuple[int | str, ...] = ()
    other: str | None = None


Where: TypeAlias = tuple[ColumnTest, ...]
"""Tests that must all hold."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What else a record about the matter must satisfy to count, and what is shown when it does not."""

    when: Where
    because: Text


@dataclass(frozen=True, slots=True)
class Spell:
    """The two day columns of a spell: it holds from `since` (included) to `until` (excluded; empty = still)."""

    since: str
    until: str


class Window(StrEnum):
    """Which records fall in the span assessed, [p0, p1]."""

    PERIOD = "period"
    HALF_YEAR = "half_year"
    YEAR = "year"
    AS_OF = "as_of"
    DURING = "during"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Matching:
    """A record counts only when another table of the same branch has a row agreeing on the columns `on`.

    `on` pairs (column of the fact's table, column of this table). `before`: (day column of this table, day column of
    the fact's table) — the one on or before the other, so that what had to come first did.
    """

    table: str
    on: tuple[tuple[str, str], ...]
    where: Where
    window: Window
    day: str | None = None
    spell: Spell | None = None
    before: tuple[str, str] | None = None


class Reduce(StrEnum):
    """How the records that count become one whole number."""

    COUNT = "count"
    SUM = "sum"
    MAX = "max"
    MIN = "min"
    DISTINCT = "distinct"
    MONTHS = "months"
    SPELL_MONTHS = "spell_months"
    DAYS_SINCE = "days_since"
    DAYS_UNTIL = "days_until"


MONTH = "month"
"""The column a `distinct` may name although no table has it: the calendar month of the fact's `day`."""


@dataclass(frozen=True, slots=True)
class Reduction:
    """The reduction and the columns it reads: none for count, months, spell_months; several only for distinct."""

    kind: Reduce
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """(branch, period) to whole number. `empty` is the value over no record where that is not plainly 0."""

    id: str
    title: Text
    unit: Text
    table: str
    where: Where
    counts: tuple[Counts, ...]
    matching: tuple[Matching, ...]
    day: str | None
    spell: Spell | None
    window: Window
    reduce: Reduction
    empty: int = 0
    note: Text | None = None

    @property
    def room(self) -> str:
        """The room the fact speaks about, the part before the dot."""
        return self.id.partition(".")[0]
