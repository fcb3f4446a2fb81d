"""Reading a quarter from an address, and moving from one to the next."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest

from zhibu.core.calendar import Quarter

FIRST_YEAR = 2000


def quarter_of(code: str) -> Quarter:
    """The quarter of an address. Raises Http404 for what is not one."""
    try:
        quarter = Quarter.parse(code)
    except ValueError as error:
        raise Http404 from error
    if quarter.year < FIRST_YEAR:
        raise Http404
    return quarter


def around(quarter: Quarter, today: date) -> dict[str, Quarter | None]:
    """The quarters before and after; none after the running one."""
    return {
        "previous": quarter.previous() if quarter.year > FIRST_YEAR else None,
        "next": quarter.next() if quarter.next().first <= today else None,
    }


def told(request: HttpRequest, cautions: object) -> None:
    """Show the cautions of an act beside its success."""
    for caution in cautions if isinstance(cautions, tuple) else ():
        messages.warning(request, caution.told())
