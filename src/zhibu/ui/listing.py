"""One page of a list: sorted by a permitted column, fifty rows, one query."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

SIZE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list and where they stand in it. `total` is None when nobody counted."""

    rows: Sequence[Any]
    number: int
    size: int
    has_next: bool
    total: int | None = None

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

    One row more than fits is read, so that no COUNT is needed to know whether there is a next page.
    """
    wanted = request.GET.get("page", "1")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and 0 < len(wanted) < 7 else 1
    number = max(number, 1)
    start = (number - 1) * size
    read = list(rows[start : start + size + 1])
    if not read and number > 1:
        number, read = 1, list(rows[: size + 1])
    return Page(read[:size], number, size, len(read) > size, total)


def sort_of(request: HttpRequest, permitted: Collection[str], default: str) -> str:
    """The column that `?sort=` asks for ("name", "-name"), if permitted; else `default`."""
    wanted = request.GET.get("sort", "")
    return wanted if wanted.removeprefix("-") in permitted else default
