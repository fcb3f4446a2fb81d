"""What an address asks for, read so that nonsense asks for nothing."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest

from zhibu.ui.asked import number

LONGEST_QUESTION = 60


def word(request: HttpRequest, name: str, permitted: Iterable[str]) -> str:
    """One of the permitted words, else none."""
    text = request.GET.get(name, "")
    return text if text in permitted else ""


def question(request: HttpRequest) -> str:
    """What is looked for."""
    return request.GET.get("q", "").strip()[:LONGEST_QUESTION]


def page(request: HttpRequest) -> int:
    """Which page of the hits."""
    return min(max(number(request, "page") or 1, 1), 50)


def year(request: HttpRequest, otherwise: int) -> int:
    """A year, of this age."""
    found = number(request, "year")
    return found if found is not None and 1990 <= found <= 2100 else otherwise
