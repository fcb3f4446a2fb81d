"""Reading: the tree, an organisation, the members, a member, the search of the switcher."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhibu import record
from zhibu.core.authority import reaches
from zhibu.register import queries
from zhibu.register.actions.people import place_of
from zhibu.register.models import Organisation, Stage
from zhibu.register.views.pages import Allowed, crumbs_of
from zhibu.ui import clock, language, listing
from zhibu.ui.asked import number
from zhibu.ui.doors import door


@door("register.view")
def tree(request: HttpRequest) -> HttpResponse:
    """The tree with its counts; `?q=` keeps what matches and what stands above it."""
    needle = request.GET.get("q", "")[:60]
    roots = queries.tree(request.actor, needle=needle)
    context = {
        "roots": roots,
        "needle": needle,
        "base": reverse("register:organisation", args=[0]).removesuffix("0"),
        "totals": {
            name: sum(getattr(root, name) for root in roots) for name in ("members", "branches", "groups")
        },
        "may_create": bool(reaches(request.actor, "register.create_organisation")),
        "may_import": bool(reaches(request.actor, "register.import_roster")),
    }
    template = "register/_tree.html" if request.headers.get("HX-Target") == "tree" else "register/tree.html"
    return render(request, template, context)


@door("register.view")
def search(request: HttpRequest) -> HttpResponse:
    """Organisations for the switcher: a fragment while typing, a page without scripts."""
    needle = request.GET.get("q", "")[:60]
    rows = queries.find_organisations(request.actor, needle) if needle.strip() else []
    found = [
        (row.name, row.parent__name or "", reverse("register:organisation", args=[row.pk])) for row in rows
    ]
    if request.headers.get("HX-Request"):
        return render(request, "ui/_found.html", {"found": found}) if needle.strip() else HttpResponse("")
    return render(request, "register/search.html", {"found": found, "needle": needle})


@door("register.view")
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """One organisation: people, posts, groups, term of office."""
    shown = queries.organisation_for(request.actor, pk)
    context = {
        "organisation": shown,
        "sheet": queries.organisation_sheet(shown, clock.today(request)),
        "crumbs": crumbs_of(request, shown),
        "can": Allowed(request.actor, shown.path),
    }
    return render(request, "register/organisation.html", context)


@door("register.view")
def members(request: HttpRequest) -> HttpResponse:
    """The members, fifty a page."""
    today = clock.today(request)
    place = _place(request)
    filters = filters_of(request)
    sort = listing.sort_of(
        request, set(queries.SORTS), "branch" if place is None or not place.is_branch else "name"
    )
    page = listing.page_of(request, queries.members(request.actor, filters, today, place, sort))
    context = {
        "page": page,
        "rows": _rows(page, today),
        "filters": filters,
        "place": place,
        "stages": Stage.choices,
        "bands": bands(),
        "groups": queries.facets(request.actor, place)["groups"],
        "crumbs": crumbs_of(request, place, _("党员")),
        "can": Allowed(request.actor, place.path) if place else None,
        "export": _export_url(request),
    }
    return render(request, "register/members.html", context)


def _rows(page: listing.Page, today: date) -> SafeString:
    """The rows of a page, put together once until the next act in one of their branches; what they show follows from
    who is on the page.
    """

    def render_rows() -> SafeString:
        return render_to_string("register/_member_rows.html", {"rows": queries.member_rows(page.rows, today)})

    return record.kept(
        ("member rows", tuple(page.rows), today, language.current()),
        render_rows,
        within=lambda: queries.places_of(*{row.organisation__path for row in page.rows}),
    )


def bands() -> list[tuple[str, str]]:
    """The age bands in the words of the page."""
    return [
        ("u30", _("30 岁及以下")), ("30", _("31–35 岁")), ("36", _("36–45 岁")), ("46", _("46–55 岁")),
        ("56", _("56–60 岁")), ("61", _("61 岁及以上")),
    ]  # fmt: skip


def _place(request: HttpRequest) -> Organisation | None:
    wanted = number(request, "organisation")
    return queries.organisation_for(request.actor, wanted) if wanted is not None else None


def filters_of(request: HttpRequest) -> queries.Filters:
    """What the address asks the list to be narrowed to; anything unknown is left out."""
    got = request.GET
    return queries.Filters(
        needle=got.get("q", "")[:60],
        group=number(request, "group"),
        stage=got.get("stage", "") if got.get("stage") in Stage.values else "",
        sex=got.get("sex", "") if got.get("sex") in {"1", "2"} else "",
        mobile=got.get("mobile") == "1",
        band=got.get("band", "") if got.get("band") in queries.AGE_BANDS else "",
    )


def _export_url(request: HttpRequest) -> str:
    if not reaches(request.actor, "register.export_roster"):
        return ""
    query = request.GET.copy()
    for name in ("page", "after", "before"):
        query.pop(name, None)
    return f"{reverse('register:export_roster')}?{query.urlencode()}"


@door("register.view")
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: where and what they are and were."""
    person = queries.person_for(request.actor, pk)
    sheet = queries.person_sheet(person, clock.today(request))
    place = sheet.spell.organisation if sheet.spell else place_of(person)
    context: dict[str, Any] = {
        "person": person,
        "sheet": sheet,
        "place": place,
        "crumbs": crumbs_of(request, place, person.name),
        "can": Allowed(request.actor, place.path if place else ""),
    }
    return render(request, "register/member.html", context)
