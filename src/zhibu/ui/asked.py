"""What an address asks for, and addresses that ask. Anybody can write one, so whatever is no answer is none, never a fault."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def number(request: HttpRequest, name: str) -> int | None:
    """The whole number an address gives under a name, as the key of a row; None when there is none a row could have."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def coming_back(request: HttpRequest) -> str:
    """The page of this site an address names to go on with afterwards; empty when it names none."""
    text = request.GET.get("next", "")
    return text if text.startswith("/") and url_has_allowed_host_and_scheme(text, None) else ""


def of_branch(name: str, branch: int, **more: object) -> str:
    """The address of a page of a branch, by the name of the page and the key of the branch."""
    return f"{reverse(name)}?{urlencode({'organisation': branch, **more})}"
