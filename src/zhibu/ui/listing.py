"""One page of a list: sorted by a permitted column, fifty rows, one query, and the next page found by its last row."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest

from zhibu.ui.asked import whole

SIZE = 50
LONGEST = 7
"""Digits of a page's number."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list and where they stand in it. `total` is None when nobody counted.

    `begins` and `ends` are the keys of the first and last row where the neighbouring pages are found by them.
    """

    rows: Sequence[Any]
    number: int
    size: int
    has_next: bool
    total: int | None = None
    begins: int | None = None
    ends: int | None = None

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def first(self) -> int:
        """The place of the first row, counted from one."""
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        """The place of the last row on this page."""
        return (self.number - 1) * self.size + len(self.rows)

    @property
    def pages(self) -> int | None:
        return None if self.total is None else max(1, -(-self.total // self.size))

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __bool__(self) -> bool:
        return bool(self.rows)


def page_of(request: HttpRequest, rows: Any, size: int = SIZE, total: int | None = None) -> Page:
    """The page that `?page=` asks for, of a queryset or a list; a page number out of range gives the first.

    A queryset whose order ends in its key is paged by key: `?after=` and `?before=` name the row next to the page, so
    the hundredth page costs no more than the first and a row entered meanwhile neither repeats nor hides another.
    `?page=` alone counts rows off: the way to jump. One row more than fits is read; no COUNT is needed.
    """
    number = max(_digits(request, "page", LONGEST) or 1, 1)
    if isinstance(rows, QuerySet) and (columns := _columns(rows)):
        return _by_key(request, _ordered(rows, columns), columns, number, size)
    start = (number - 1) * size
    read = list(rows[start : start + size + 1])
    if not read and number > 1:
        number, read = 1, list(rows[: size + 1])
    return Page(read[:size], number, size, len(read) > size, total)


def _digits(request: HttpRequest, name: str, longest: int) -> int | None:
    return whole(request.GET.get(name, ""), longest - 1)


def _columns(rows: QuerySet[Any]) -> list[str]:
    """The columns a queryset is ordered by, if the last of them is its key; else none."""
    ordered = [each for each in rows.query.order_by if isinstance(each, str)]
    whole = len(ordered) == len(rows.query.order_by)
    return ordered if whole and ordered and ordered[-1].removeprefix("-") in {"id", "pk"} else []


def _ordered(rows: QuerySet[Any], columns: Sequence[str], *, turned: bool = False) -> QuerySet[Any]:
    """In the order of the columns: empty values first in a rising one, on every database."""
    ways = []
    for name in columns:
        column, falls = F(name.removeprefix("-")), name.startswith("-") != turned
        ways.append(column.desc(nulls_last=True) if falls else column.asc(nulls_first=True))
    return rows.order_by(*ways)


def _by_key(request: HttpRequest, rows: QuerySet[Any], columns: list[str], number: int, size: int) -> Page:
    for name, turned in (("after", False), ("before", True)):
        beside = _digits(request, name, 18)
        if beside is None:
            continue
        # only a row that the reader sees marks a place
        found = rows.filter(pk=beside).values_list(*(each.removeprefix("-") for each in columns)).first()
        if found is not None:
            read = list(
                _ordered(rows.filter(_beyond(columns, found, turned=turned)), columns, turned=turned)[
                    : size + 1
                ]
            )
            return _turned_back(rows, read, number, size) if turned else _page(read, number, size)
    start = (number - 1) * size
    read = list(rows[start : start + size + 1])
    return _page(read, number, size) if read or number == 1 else _page(list(rows[: size + 1]), 1, size)


def _turned_back(rows: QuerySet[Any], read: list[Any], number: int, size: int) -> Page:
    """The page before a row. Fewer rows than a page hold before it: that is the first page, whole."""
    if len(read) <= size:
        return _page(list(rows[: size + 1]), 1, size)
    before = read[:size][::-1]
    # there is a next page, for one came back from it
    return Page(
        before, max(number, 2), size, has_next=True, begins=key_of(before[0]), ends=key_of(before[-1])
    )


def _page(read: list[Any], number: int, size: int) -> Page:
    shown = read[:size]
    ends = (key_of(shown[0]), key_of(shown[-1])) if shown else (None, None)
    return Page(shown, number, size, len(read) > size, None, *ends)


def key_of(row: Any) -> int | None:
    """The key of a row, whatever a queryset gives; None where it does not carry it."""
    if isinstance(row, Mapping):
        return row.get("pk", row.get("id"))
    return getattr(row, "pk", None) or getattr(row, "id", None)


def _beyond(columns: Sequence[str], values: Sequence[Any], *, turned: bool) -> Q:
    """The rows after (turned: before) one with these values: by the first column, or equal in it and by the next."""
    after, same = Q(pk__in=()), Q()
    for name, value in zip(columns, values, strict=True):
        column, falls = name.removeprefix("-"), name.startswith("-") != turned
        later = _later(column, value, falls=falls)
        if later is not None:
            after |= same & later
        same &= Q(**({f"{column}__isnull": True} if value is None else {column: value}))
    first, value = columns[0].removeprefix("-"), values[0]
    if value is None:
        return after
    # said once more about the first column alone: an index may begin there
    falls = columns[0].startswith("-") != turned
    least = Q(**{f"{first}__{'lte' if falls else 'gte'}": value})
    return (least | Q(**{f"{first}__isnull": True}) if falls else least) & after


def _later(column: str, value: Any, *, falls: bool) -> Q | None:
    if value is None:
        return None if falls else Q(**{f"{column}__isnull": False})
    if not falls:
        return Q(**{f"{column}__gt": value})
    return Q(**{f"{column}__lt": value}) | Q(**{f"{column}__isnull": True})


def sort_of(request: HttpRequest, permitted: Collection[str], default: str) -> str:
    """The column that `?sort=` asks for ("name", "-name"), if permitted; else `default`."""
    wanted = request.GET.get("sort", "")
    return wanted if wanted.removeprefix("-") in permitted else default
