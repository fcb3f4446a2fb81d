"""What an address asks for."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhibu.core.authority import Actor, may, reaches
from zhibu.core.calendar import Month
from zhibu.dues import forms
from zhibu.register.models import Organisation
from zhibu.ui import asked, clock
from zhibu.ui.asked import of_branch

TABS = (
    ("months", _("全年"), "dues.view"),
    ("collect", _("当月收缴"), "dues.collect"),
    ("bases", _("基数"), "dues.confirm_bases"),
    ("statements", _("流水"), "dues.import_statement"),
    ("reliefs", _("减免和同意"), "dues.propose_relief"),
    ("passing", _("上缴和使用"), "dues.remit"),
    ("journal", _("账簿"), "dues.export"),
)
ABOVE = (
    ("branches", _("各支部"), "dues.oversee"),
    ("remittances", _("签收上缴"), "dues.accept_remittance"),
    ("approvals", _("减免审批"), "dues.approve_relief"),
    ("passing", _("上缴和使用"), "dues.remit"),
    ("journal", _("账簿"), "dues.export"),
)


def number(request: HttpRequest, name: str = "organisation") -> int | None:
    """A number of the address."""
    return asked.number(request, name)


def month(request: HttpRequest) -> Month:
    """The month of the address, this one when it names none."""
    return forms.month_asked(request.GET.get("month", ""), Month.of(clock.today(request)))


def year(request: HttpRequest) -> int:
    """The year of the address, within what is kept."""
    this = clock.today(request).year
    found = number(request, "year") or this
    return found if 2008 <= found <= this else this


def back(name: str, organisation: Organisation, **query: object) -> str:
    """An address of a branch's page."""
    return of_branch(f"dues:{name}", organisation.pk, **query)


def above(actor: Actor, here: str) -> list[tuple[str, object, bool]]:
    """The committee's tabs."""
    return [
        (reverse(f"dues:{name}"), label, name == here) for name, label, verb in ABOVE if reaches(actor, verb)
    ]


def frame(request: HttpRequest, organisation: Organisation, here: str) -> dict[str, Any]:
    """What every page of a book has around it: the tabs this person may open, and where one is."""
    open_ = {name: may(request.actor, verb, organisation.path) for name, _label, verb in TABS}
    return {
        "organisation": organisation, "here": here, "tabs": open_,
        "tab_list": [(back(name, organisation), label, name == here) for name, label, _verb in TABS if open_[name]],
        "oversees": bool(reaches(request.actor, "dues.oversee")), "above": above(request.actor, here),
        "crumbs": [(organisation.name, None)],
    }  # fmt: skip


def form_page(
    request: HttpRequest, organisation: Organisation, form: django_forms.Form, *, title: str, button: str, to: str, note: str = ""
) -> HttpResponse:  # fmt: skip
    """A page with one form."""
    context = {
        "form": form, "title": title, "button": button, "back": to, "note": note, "crumbs": [(organisation.name, None)],
    }  # fmt: skip
    return render(request, "dues/act.html", context)
