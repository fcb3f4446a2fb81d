"""The collector's pages: the year, a month by name, payments, vouchers and their reversal."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhibu.core.authority import may
from zhibu.core.calendar import Month
from zhibu.dues import actions, forms
from zhibu.dues.imports import members_now
from zhibu.dues.models import Fund, VoucherKind
from zhibu.dues.queries import balances, charging, collecting, mine, places
from zhibu.dues.views import asked
from zhibu.ui import clock, listing
from zhibu.ui.doors import door


@door("dues.view")
def months(request: HttpRequest) -> HttpResponse:
    """A branch's year: due, received, in time, month by month. No member is named."""
    today = clock.today(request)
    organisation = places.branch_for(request.actor, asked.number(request))
    rows = collecting.year(organisation, asked.year(request))
    sums = [row for _month, row in rows if row]
    context = {
        **asked.frame(request, organisation, "months"),
        "rows": [(month, row, month.first > today) for month, row in rows],
        "due_fen": sum(each.due_fen for each in sums), "received_fen": sum(each.received_fen for each in sums),
        "in_time_fen": sum(each.in_time_fen for each in sums), "entered": sum(bool(each.charged) for each in sums),
        "year": asked.year(request), "years": list(range(today.year, today.year - 4, -1)),
        "branches": places.branches(request.actor), "belongs": places.belonging(request.actor.person) is not None,
        "may_disclose": may(request.actor, "life.disclose_dues", organisation.path),
    }  # fmt: skip
    return render(request, "dues/months.html", context)


@door("dues.view")
def effect(request: HttpRequest, pk: int) -> HttpResponse:
    """Where evidence of the standards leads: to its month."""
    row = places.effect_for(request.actor, pk)
    if may(request.actor, "dues.collect", row.organisation.path):
        return redirect("dues:voucher", row.voucher_id)
    return redirect(asked.back("months", row.organisation, year=row.month_on.year))


@door("dues.collect", once=True)
def collect(request: HttpRequest) -> HttpResponse:
    """A branch's month by name; one button takes the whole of it."""
    today, month = clock.today(request), asked.month(request)
    organisation = places.branch_for(request.actor, asked.number(request), "dues.collect")
    rows = collecting.roll(organisation, month, today)
    initial = {"people": [row.person for row in rows if row.ticked], "paid_on": today, "channel": "cash"}
    people = [(row.person, row.name) for row in rows]
    form = forms.CollectForm(request.POST or None, initial=initial, people=people)
    if request.method == "POST" and form.is_valid():
        found = actions.collect(
            request.actor, organisation=organisation, month=month, now=clock.now(request), **form.cleaned_data
        )
        messages.success(request, _("已登记 %(n)s 人") % {"n": found.lines if found else 0})
        return redirect(asked.back("collect", organisation, month=month.code))
    context = {
        **asked.frame(request, organisation, "collect"),
        **_month_page(organisation, month, rows, today),
    }
    return render(request, "dues/collect.html", {**context, "form": form})


def _month_page(
    organisation: places.Organisation, month: Month, rows: list[collecting.RollRow], today: date
) -> dict[str, object]:
    book = balances.standing(balances.funds([organisation.pk]).get(organisation.pk))
    this = Month.of(today)
    return {
        "month": month, "rows": rows, "recent": collecting.recent(this), "branches": [], "book": book,
        "due_fen": sum(row.due_fen or 0 for row in rows), "paid_fen": sum(row.paid_fen for row in rows),
        "paid_count": sum(1 for row in rows if row.due_fen and not row.open_fen),
        "due_count": sum(1 for row in rows if row.due_fen is None or row.due_fen),
        "unknown": [row for row in rows if row.due_fen is None], "late": [row for row in rows if row.in_a_row],
        "rule": collecting.arrears_on(today), "vouchers": list(collecting.vouchers(organisation, month)[:20]),
        "kinds": dict(VoucherKind.choices), "over": month < this, "today": today,
        "orders": list(collecting.orders_waiting(organisation)),
    }  # fmt: skip


@door("dues.charge_month", once=True)
def charge_month(request: HttpRequest) -> HttpResponse:
    """Raise what is due without taking money yet."""
    month = asked.month(request)
    organisation = places.branch_for(request.actor, asked.number(request), "dues.charge_month")
    if request.method != "POST":
        return redirect(asked.back("collect", organisation, month=month.code))
    found = actions.charge_month(
        request.actor, organisation=organisation, month=month, now=clock.now(request)
    )
    messages.success(request, _("已生成 %(n)s 人应交") % {"n": found.lines if found else 0})
    return redirect(asked.back("collect", organisation, month=month.code))


@door("dues.record_payment", once=True)
def record_payment(request: HttpRequest) -> HttpResponse:
    """One member, one or several months: arrears, a quarter, a proxy."""
    today, month = clock.today(request), asked.month(request)
    organisation = places.branch_for(request.actor, asked.number(request), "dues.record_payment")
    initial = {
        "person": asked.number(request, "person"), "first": (month.year, month.number), "paid_on": today, "channel": "cash",
    }  # fmt: skip
    form = forms.PaymentForm(request.POST or None, initial=initial, people=members_now(organisation))
    to = asked.back("collect", organisation, month=month.code)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        parts = _owed(organisation, given["person"], given["first"], given["last"], today)
        found = actions.record_payment(
            request.actor, organisation=organisation, parts=parts, paid_on=given["paid_on"], channel=given["channel"],
            memo=given["memo"], now=clock.now(request),
        )  # fmt: skip
        messages.success(request, _("已登记 %(n)s 个月") % {"n": found.lines})
        return redirect("dues:receipt", found.pk, given["person"])
    return asked.form_page(
        request, organisation, form, title=_("登记交纳"), button=_("登记"), to=to,
        note=_("按各月应交数全额登记；只登记还没有交的月份。"),
    )  # fmt: skip


def _owed(
    organisation: places.Organisation, person: int, first: Month, last: Month, today: date
) -> list[actions.Part]:
    months = [Month.from_key(key) for key in range(first.key, last.key + 1)]
    known = balances.of_people([person], months, organisation.pk)
    parts = []
    for month in months:
        balance = known.get((person, month.first))
        if balance is not None and balance.charged_fen:
            fen = balance.open_fen
        else:
            planned = [
                each for each in charging.plan([organisation.pk], month, today) if each.person == person
            ]
            fen = planned[0].fen or 0 if planned else 0
        if fen > 0:
            parts.append(actions.Part(person, month, fen))
    return parts


@door("dues.record_extra", once=True)
def record_extra(request: HttpRequest) -> HttpResponse:
    """A voluntary payment."""
    organisation = places.branch_for(request.actor, asked.number(request), "dues.record_extra")
    initial = {"paid_on": clock.today(request), "channel": "cash"}
    form = forms.ExtraForm(request.POST or None, initial=initial, people=members_now(organisation))
    to = asked.back("collect", organisation)
    if request.method == "POST" and form.is_valid():
        actions.record_extra(
            request.actor, organisation=organisation, now=clock.now(request), **form.cleaned_data
        )
        messages.success(request, _("自愿多交已登记"))
        return redirect(to)
    note = _("一次自愿多交 1000 元及以上的，全部上缴中央。")
    return asked.form_page(
        request, organisation, form, title=_("登记自愿多交"), button=_("登记"), to=to, note=note
    )


@door("dues.adjust_charge", once=True)
def adjust_charge(request: HttpRequest, person: int) -> HttpResponse:
    """Correct what is due for a month: reversed and raised anew."""
    month = asked.month(request)
    organisation = places.branch_for(request.actor, asked.number(request), "dues.adjust_charge")
    who = places.person_for(organisation, person)
    form = forms.ReasonForm(request.POST or None)
    to = asked.back("collect", organisation, month=month.code)
    if request.method == "POST" and form.is_valid():
        actions.adjust_charge(
            request.actor, organisation=organisation, month=month, person=person, now=clock.now(request),
            reason=form.cleaned_data["reason"],
        )  # fmt: skip
        messages.success(request, _("应交数已更正"))
        return redirect(to)
    title = _("更正%(name)s %(month)s应交") % {"name": who.name, "month": month.code}
    note = _("原应交数冲销，按现在的基数和规定重新生成。")
    return asked.form_page(request, organisation, form, title=title, button=_("更正"), to=to, note=note)


@door("dues.collect")
def voucher(request: HttpRequest, pk: int) -> HttpResponse:
    """A voucher with its lines."""
    found = places.voucher_for(request.actor, pk)
    context = {
        **asked.frame(request, found.organisation, "collect"), "voucher": found, "lines": collecting.lines(found),
        "kinds": dict(VoucherKind.choices), "funds": dict(Fund.choices),
        "may_reverse": may(request.actor, "dues.reverse", found.organisation.path)
        and found.kind in ("payment", "extra", "use", "income"),
    }  # fmt: skip
    return render(request, "dues/voucher.html", context)


@door("dues.reverse", once=True)
def reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Take lines of a voucher back."""
    found = places.voucher_for(request.actor, pk)
    lines = [each.pk for each in collecting.lines(found)]
    form = forms.ReverseForm(request.POST or None, postings=lines)
    if request.method == "POST" and form.is_valid():
        made = actions.reverse(
            request.actor, organisation=found.organisation, now=clock.now(request), **form.cleaned_data
        )
        messages.success(request, _("已冲销，冲销凭证 %(number)s 号") % {"number": made.number})
        return redirect("dues:voucher", made.pk)
    if form.errors:
        messages.error(request, _("请勾选要冲销的行，并写明原因"))
    return redirect("dues:voucher", pk)


@door("dues.view_self")
def receipt(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """A receipt to print: for the member, and for whoever collects."""
    rows = mine.receipt_rows(pk, person)
    own = request.actor.person == person
    if not rows or not (own or may(request.actor, "dues.collect", rows[0].organisation.path)):
        raise Http404(pk)
    context = {
        "rows": rows, "fen": sum(row.fen for row in rows), "number": mine.number_of(rows[0]), "first": rows[0],
        "own": own, "crumbs": [(rows[0].organisation.name, None)],
    }  # fmt: skip
    return render(request, "dues/receipt.html", context)


@door("dues.close_month", once=True)
def close_month(request: HttpRequest) -> HttpResponse:
    """Close a month of a book."""
    month = asked.month(request)
    organisation = places.book_for(request.actor, asked.number(request), "dues.close_month")
    to = asked.back("journal", organisation, year=month.year)
    if request.method == "POST":
        actions.close_month(request.actor, organisation=organisation, month=month, now=clock.now(request))
        messages.success(request, _("%(month)s 已结账") % {"month": month.code})
    return redirect(to)


@door("dues.collect")
def vouchers(request: HttpRequest) -> HttpResponse:
    """Vouchers of a branch, newest first."""
    organisation = places.branch_for(request.actor, asked.number(request), "dues.collect")
    page = listing.page_of(request, collecting.vouchers(organisation))
    context = {
        **asked.frame(request, organisation, "collect"),
        "page": page,
        "kinds": dict(VoucherKind.choices),
    }
    return render(request, "dues/vouchers.html", context)
