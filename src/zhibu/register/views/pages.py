"""What the pages of this room share: the breadcrumb, and the page of a single act."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zhibu.core.authority import may
from zhibu.register import queries
from zhibu.register.models import Organisation, Person

Crumbs = list[tuple[str, str | None]]


def crumbs_of(request: HttpRequest, organisation: Organisation | None, *here: str) -> Crumbs:
    """The organisation's line in the part of the tree the actor sees; the last item is where one is."""
    line = queries.line_of(request.actor, organisation) if organisation else []
    crumbs: Crumbs = [(name, reverse("register:organisation", args=[pk])) for pk, name in line]
    crumbs += [(name, None) for name in here]
    if crumbs and not here:
        crumbs[-1] = (crumbs[-1][0], None)
    return crumbs


def act_page(
    request: HttpRequest,
    form: Form,
    *,
    title: str,
    button: str,
    back: str,
    organisation: Organisation | None = None,
    note: str = "",
    **more: Any,
) -> HttpResponse:
    """A page with one form and one button."""
    context = {
        "form": form, "title": title, "button": button, "back": back, "note": note,
        "crumbs": crumbs_of(request, organisation, title), **more,
    }  # fmt: skip
    return render(request, "register/act.html", context)


def page_of(organisation: Organisation) -> str:
    return reverse("register:organisation", args=[organisation.pk])


def page_of_person(person: Person) -> str:
    return reverse("register:member", args=[person.pk])


class Allowed:
    """In templates: `can.appoint` says whether the actor holds `register.appoint` at this place."""

    def __init__(self, actor: Any, path: str) -> None:
        self._actor, self._path = actor, path

    def __getattr__(self, verb: str) -> bool:
        if verb.startswith("_"):
            raise AttributeError(verb)
        return may(self._actor, f"register.{verb}", self._path)
