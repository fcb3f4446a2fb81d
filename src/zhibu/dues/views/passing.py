"""Handing up, accepting, using, inspecting; the committee's table of branches."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhibu.core.authority import may
from zhibu.core.calendar import Month
from zhibu.dues import actions, forms, papers
from zhibu.dues.models import Channel, Purpose, VoucherKind
from zhibu.dues.queries import balances, collecting, overview, passing, places
from zhibu.dues.views import asked
from zhibu.record.attachments import attach
from zhibu.ui import clock, listing
from zhibu.ui.document import document_response
from zhibu.ui.doors import door
from zhibu.ui.workbook import attachment, workbook_response


@door("dues.remit")
def passing_page(request: HttpRequest) -> HttpResponse:
    """What an organisation has in hand, handed up, kept and used."""
    organisation = places.book_for(request.actor, asked.number(request), "dues.remit")
    today = clock.today(request)
    context = {
        **asked.frame(request, organisation, "passing"),
        "book": balances.standing(balances.funds([organisation.pk]).get(organisation.pk)),
        "offer": passing.offered(organisation, today), "sent": list(collecting.remittances(organisation)[:24]),
        "uses": overview.uses(organisation, today.year), "purposes": dict(Purpose.choices), "year": today.year,
        "committees": overview.committees(request.actor), "may_use": may(request.actor, "dues.use_funds", organisation.path),
    }  # fmt: skip
    return render(request, "dues/passing.html", context)


@door("dues.remit", once=True)
def remit(request: HttpRequest) -> HttpResponse:
    """Hand money up; the split of the rule is offered."""
    today = clock.today(request)
    organisation = places.book_for(request.actor, asked.number(request), "dues.remit")
    offer, before = passing.offered(organisation, today), Month.of(today).previous()
    initial = {
        "until": (before.year, before.number), "fen": offer.split.up_fen, "kept_fen": offer.split.kept_fen,
        "sent_on": today, "channel": Channel.CASH,
    }  # fmt: skip
    form = forms.RemitForm(request.POST or None, initial=initial)
    to = asked.back("passing", organisation)
    if request.method == "POST" and form.is_valid():
        actions.remit(request.actor, organisation=organisation, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("上缴已登记，等上级签收"))
        return redirect(to)
    return asked.form_page(request, organisation, form, title=_("上缴党费"), button=_("登记上缴"), to=to)


@door("dues.accept_remittance")
def remittances(request: HttpRequest) -> HttpResponse:
    """What branches below have sent."""
    state = "accepted" if request.GET.get("state") == "accepted" else "sent"
    page = listing.page_of(request, overview.arriving(request.actor, state))
    return render(
        request,
        "dues/remittances.html",
        {
            "page": page,
            "state": state,
            "today": clock.today(request),
            "above": asked.above(request.actor, "remittances"),
        },
    )


@door("dues.accept_remittance", once=True)
def accept_remittance(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign for one; both sides have their receipt."""
    found = places.remittance_for(request.actor, pk)
    form = forms.DayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.accept_remittance(
            request.actor,
            remittance=found,
            now=clock.now(request),
            accepted_on=form.cleaned_data["accepted_on"],
        )
        messages.success(request, _("已签收，双方凭证已生成"))
    return redirect("dues:remittances")


@door("dues.use_funds", once=True)
def use_funds(request: HttpRequest) -> HttpResponse:
    """Record a use of kept dues."""
    today = clock.today(request)
    organisation = places.book_for(request.actor, asked.number(request), "dues.use_funds")
    form = forms.UseForm(
        request.POST or None, request.FILES or None,
        initial={"used_on": today, "decided_on": today, "channel": Channel.CASH},
    )  # fmt: skip
    to = asked.back("passing", organisation)
    if request.method == "POST" and form.is_valid():
        _use(request, organisation, form.cleaned_data)
        messages.success(request, _("党费使用已登记"))
        return redirect(to)
    note = _("使用党费要集体讨论决定，只用于规定的五项。")
    return asked.form_page(
        request, organisation, form, title=_("登记党费使用"), button=_("登记"), to=to, note=note
    )


def _use(request: HttpRequest, organisation: places.Organisation, given: dict[str, Any]) -> None:
    paper = given.pop("paper", None)
    found = actions.use_funds(
        request.actor, organisation=organisation, use=actions.Use(**given), now=clock.now(request)
    )
    if paper is not None:
        attach(
            request.actor, subject=found, organisation=organisation, content=paper.read(), name=paper.name,
            read_verb="dues.export", now=clock.now(request),
        )  # fmt: skip


@door("dues.record_income", once=True)
def record_income(request: HttpRequest) -> HttpResponse:
    """Money from above, or interest."""
    organisation = places.book_for(request.actor, asked.number(request), "dues.record_income")
    form = forms.IncomeForm(request.POST or None, initial={"came_on": clock.today(request)})
    to = asked.back("passing", organisation)
    if request.method == "POST" and form.is_valid():
        actions.record_income(
            request.actor, organisation=organisation, now=clock.now(request), **form.cleaned_data
        )
        messages.success(request, _("收入已登记"))
        return redirect(to)
    return asked.form_page(request, organisation, form, title=_("登记下拨和利息"), button=_("登记"), to=to)


# -------------------------------------------------------------------------------------------- the committee
@door("dues.oversee")
def branches(request: HttpRequest) -> HttpResponse:
    """Every branch below: this month, this year, what waits to be handed up. Branches, not members."""
    month = asked.month(request)
    sort = listing.sort_of(request, overview.SORTS, "")
    if sort.removeprefix("-") in overview.SUMMED:
        # only whoever has all the sums can order by one
        page = listing.page_of(request, overview.sorted_lines(request.actor, month, sort))
        rows = list(page)
    else:
        order = {"name": ("name", "id"), "-name": ("-name", "-id")}.get(sort, ("path", "id"))
        page = listing.page_of(
            request, overview.below(request.actor, month).order_by(*order).values(*overview.PLACE)
        )
        rows = overview.lines(request.actor, month, [tuple(each.values()) for each in page])
    context = {
        "rows": rows, "page": page, "month": month,
        "recent": collecting.recent(Month.of(clock.today(request))), "above": asked.above(request.actor, "branches"),
        "totals": overview.totals(request.actor, month),
    }  # fmt: skip
    return render(request, "dues/branches.html", context)


# -------------------------------------------------------------------------------------------- for inspection
@door("dues.export")
def journal(request: HttpRequest) -> HttpResponse:
    """The book of a year: months closed, vouchers, sheets, papers, archive."""
    organisation = places.book_for(request.actor, asked.number(request))
    year, today = asked.year(request), clock.today(request)
    page = listing.page_of(request, _vouchers(organisation, year))
    closed = {each.month_on: each for each in overview.closings(organisation, year)}
    months = [Month(year, number) for number in range(1, 13) if Month(year, number) <= Month.of(today)]
    context = {
        **asked.frame(request, organisation, "journal"), "page": page, "year": year, "kinds": dict(VoucherKind.choices),
        "years": list(range(today.year, today.year - 4, -1)), "months": [(month, closed.get(month.first)) for month in months],
        "this": Month.of(today), "may_close": may(request.actor, "dues.close_month", organisation.path),
        "book": balances.standing(balances.funds([organisation.pk]).get(organisation.pk)),
    }  # fmt: skip
    return render(request, "dues/journal.html", context)


def _vouchers(organisation: places.Organisation, year: int) -> Any:
    return collecting.vouchers(organisation).filter(
        book_on__range=(Month(year, 1).first, Month(year, 12).first)
    )


@door("dues.export")
def sheet(request: HttpRequest) -> HttpResponse:
    """The book of a year as Excel."""
    organisation, year = places.book_for(request.actor, asked.number(request)), asked.year(request)
    return workbook_response(
        _("%(name)s党费账%(year)s.xlsx") % {"name": organisation.name, "year": year},
        papers.journal_sheet(organisation, year),
    )


@door("dues.view")
def report(request: HttpRequest) -> HttpResponse:
    """The year told, in Word: for members, the congress, an inspection. No member is named."""
    organisation, year = (
        places.book_for(request.actor, asked.number(request), "dues.view"),
        asked.year(request),
    )
    name = _("%(name)s%(year)s年党费收缴、使用和管理情况.docx") % {"name": organisation.name, "year": year}
    return document_response(name, papers.report(organisation, year, clock.today(request)).bytes())


@door("dues.export")
def archive(request: HttpRequest) -> HttpResponse:
    """One archive of a year, with checksums."""
    organisation, year = places.book_for(request.actor, asked.number(request)), asked.year(request)
    content = papers.archive(organisation, year, clock.today(request))
    return attachment(f"{organisation.code}-{year}.zip", content, "application/zip")
