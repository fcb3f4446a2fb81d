"""What a request is once it came through a door, for the type checker."""

from __future__ import annotations

from django.http import HttpRequest

from zhibu.accounts.models import User
from zhibu.core.authority import Actor


class Entered(HttpRequest):
    """A request of someone signed in. No such object is made: the middleware sets `actor` on Django's own."""

    actor: Actor
    user: User
