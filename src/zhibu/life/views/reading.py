"""What an address asks for, read so that nonsense asks for nothing."""

from __future__ import annotations

from django.http import HttpRequest

from zhibu.core.calendar import Quarter
from zhibu.life import kinds
from zhibu.life.models import SessionKind


def word(request: HttpRequest, name: str, permitted: list[str]) -> str:
    """One of the permitted words, else none."""
    text = request.GET.get(name, "")
    return text if text in permitted else ""


def quarter(request: HttpRequest) -> Quarter | None:
    """The quarter asked for, such as 2026Q3."""
    try:
        return Quarter.parse(request.GET.get("quarter", ""))
    except ValueError:
        return None


def kind(request: HttpRequest) -> str:
    """The kind of meeting asked for; the monthly committee meeting when none is."""
    return word(request, "kind", list(kinds.known())) or SessionKind.COMMITTEE_MEETING.value
