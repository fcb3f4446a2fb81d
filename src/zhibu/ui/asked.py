"""What an address asks for, and addresses that ask. Anybody can write one, so whatever is no answer is none, never a fault."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

MOST_DIGITS = 15
"""Of a key: more is no row's, and the databases would stumble over it."""


def whole(text: str, digits: int = MOST_DIGITS) -> int | None:
    """The whole number that somebody sent as text; None for whatever is none, or longer."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def ticked(request: HttpRequest, name: str) -> list[int]:
    """The rows ticked in a form, by their keys."""
    return [key for text in request.POST.getlist(name) if (key := whole(text)) is not None]


def version(request: HttpRequest) -> int | None:
    """The version of what a form was filled in on; None when the form does not say it."""
    return whole(request.POST.get("version", ""), 9)


def number(request: HttpRequest, name: str) -> int | None:
    """The whole number an address gives under a name, as the key of a row; None when there is none a row could have."""
    return whole(request.GET.get(name, ""))


def coming_back(request: HttpRequest) -> str:
    """The page of this site an address names to go on with afterwards; empty when it names none."""
    text = request.GET.get("next", "")
    return text if text.startswith("/") and url_has_allowed_host_and_scheme(text, None) else ""


def of_branch(name: str, branch: int, **more: object) -> str:
    """The address of a page of a branch, by the name of the page and the key of the branch."""
    return f"{reverse(name)}?{urlencode({'organisation': branch, **more})}"
