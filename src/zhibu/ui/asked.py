"""What an address asks for. Anybody can write one, so whatever is no answer is none, never a fault."""

from django.http import HttpRequest


def number(request: HttpRequest, name: str) -> int | None:
    """The whole number an address gives under a name, as the key of a row; None when there is none a row could have."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
