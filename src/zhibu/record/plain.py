"""Questions asked at every look: their text is written once for all values, as that of facts is.

Building a query from models costs ten times what answering it does. `rows` takes the function that builds it, keeps the
text it comes to, and binds the values of each call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING, Any, TypeAlias

from django.core.exceptions import EmptyResultSet
from django.db import connection

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from zhibu.record.growth import Places

Build: TypeAlias = "Callable[..., QuerySet[Any, Any]]"
Given: TypeAlias = "int | str | date | tuple[Given, ...] | None"

NUMBERS, WORDS, DAYS = (30_000, 31_500), ("\ue000a", "\ue000b"), (2_555_000, 2_920_000)
"""Values in place of those to come, of two sorts: what differs between the sorts is theirs, all else is the query's."""


class NotPlainError(TypeError):
    """A query that does more with a value than to compare it: it cannot be written once for all values."""


def rows(build: Build, *given: Given) -> list[tuple[Any, ...]]:
    """The rows of the query that ``build`` gives for these values, a tuple each (`values_list`).

    Numbers, texts and days are bound. None, a truth value and how many parts a tuple has belong to the text. Within
    ``build`` values may be compared and nothing else: what is reckoned from one is reckoned before and given instead.
    Raises NotPlainError where that does not hold.
    """
    written = _written(build, tuple(map(_shape, given)))
    if written is None:
        return []
    values = list(_leaves(given))
    with connection.cursor() as cursor:
        cursor.execute(
            written.text, [values[each.at] if isinstance(each, _Slot) else each for each in written.bound]
        )
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return [written.converted(row) for row in found] if written.converters else found


def places_in(text: str, *bound: Any) -> Places:
    """The organisations a plain text finds: where a person has rows of their own, wherever that is.

    The text names tables and columns, values are bound.
    """
    with connection.cursor() as cursor:
        cursor.execute(text, bound)
        return frozenset(key for (key,) in cursor.fetchall())


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where a value of the call stands: the how manieth."""

    at: int


@dataclass(frozen=True, slots=True)
class _Written:
    """A text with what it binds, some of it of the call, and how its columns are read."""

    text: str
    bound: tuple[Any, ...]
    converters: tuple[tuple[int, tuple[Callable[..., Any], ...], Any], ...]

    def converted(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        cells = list(row)
        for at, functions, expression in self.converters:
            for each in functions:
                cells[at] = each(cells[at], expression, connection)
        return tuple(cells)


@lru_cache(maxsize=2048)
def _written(build: Build, shapes: tuple[Any, ...]) -> _Written | None:
    """None for a query that finds nothing whatever the values, such as one within no range at all."""
    name = f"{build.__module__}.{build.__qualname__}"
    one, other = (_compiled(build, _stand_ins(shapes, sort), name) for sort in (0, 1))
    if one is None or other is None:
        return None
    if one[0] != other[0] or len(one[1]) != len(other[1]):
        raise NotPlainError(f"{name}: its text changes with a value")
    stand_ins = tuple(tuple(_leaves(_stand_ins(shapes, sort))) for sort in (0, 1))
    pairs = list(zip(*stand_ins, strict=True))
    bound = []
    for pair in zip(one[1], other[1], strict=True):
        if pair in pairs:
            bound.append(_Slot(pairs.index(pair)))
        elif pair[0] == pair[1]:
            bound.append(pair[0])
        else:
            raise NotPlainError(f"{name}: {pair[0]!r} is reckoned from a value; give it instead")
    return _Written(one[0], tuple(bound), one[2])


def _compiled(build: Build, values: tuple[Any, ...], name: str) -> tuple[str, tuple[Any, ...], Any] | None:
    compiler = build(*values).query.get_compiler(connection=connection)
    try:
        text, bound = compiler.as_sql()
    except EmptyResultSet:
        return None
    if compiler.query.default_cols:
        raise NotPlainError(f"{name}: name the columns, by values_list")
    columns = [each[0] for each in compiler.select[: compiler.col_count]]
    found = compiler.get_converters(columns)
    return text, tuple(bound), tuple((at, tuple(how), what) for at, (how, what) in found.items())


def _shape(given: Given) -> Any:
    """What the text depends on: the sort of a value, the number of parts; of what is not bound the value itself."""
    if isinstance(given, tuple):
        return tuple(map(_shape, given))
    if given is None or isinstance(given, bool):
        return given
    for sort in (int, str, date):
        if isinstance(given, sort) and not isinstance(given, datetime):
            return sort
    raise NotPlainError(f"{type(given).__name__} is not bound: give numbers, texts or days")


def _leaves(given: tuple[Any, ...]) -> Iterator[Any]:
    """The values that are bound, in order, as the database has them: days as numbers (`DayField`)."""
    for each in given:
        if isinstance(each, tuple):
            yield from _leaves(each)
        elif isinstance(each, date):
            yield each.toordinal()
        elif each is not None and not isinstance(each, bool):
            yield each


def _stand_ins(shapes: tuple[Any, ...], sort: int) -> tuple[Any, ...]:
    numbers = count()

    def stand_in(shape: Any) -> Any:
        if isinstance(shape, tuple):
            return tuple(map(stand_in, shape))
        if shape is int:
            return NUMBERS[sort] + next(numbers)
        if shape is str:
            return f"{WORDS[sort]}{next(numbers)}"
        if shape is date:
            return date.fromordinal(DAYS[sort] + next(numbers))
        return shape

    return tuple(map(stand_in, shapes))
