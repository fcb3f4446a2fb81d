"""Money that comes by a bank or a platform: statements, orders, the callback, reconciliation."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from zhibu.core.calendar import Month
from zhibu.dues import actions, forms, imports, platforms, secrets
from zhibu.dues.queries import collecting, mine, places
from zhibu.dues.views import asked
from zhibu.ui import clock, listing
from zhibu.ui.asked import ticked, whole
from zhibu.ui.doors import door, public_door


@door("dues.import_statement")
def statements(request: HttpRequest) -> HttpResponse:
    """Lines of statements: what waits for a person, what was booked, what was set aside."""
    organisation = places.branch_for(request.actor, asked.number(request), "dues.import_statement")
    state = request.GET.get("state", "")
    state = state if state in ("matched", "set_aside") else "open"
    page = listing.page_of(request, collecting.statement_lines(organisation, state))
    rows = [
        (each, secrets.open_line(each.payer_sealed), secrets.open_line(each.memo_sealed)) for each in page
    ]
    context = {
        **asked.frame(request, organisation, "statements"), "page": page, "rows": rows, "state": state,
        "form": forms.FileForm(), "members": imports.members_now(organisation), "door": platforms.chosen(),
        "reconcile": forms.ReconcileForm(initial={"day": clock.today(request)}),
        "orders": list(collecting.orders_waiting(organisation)),
    }  # fmt: skip
    return render(request, "dues/statements.html", context)


@door("dues.import_statement", once=True)
def import_statement(request: HttpRequest) -> HttpResponse:
    """Take a statement of a bank or a platform."""
    organisation = places.branch_for(request.actor, asked.number(request), "dues.import_statement")
    form = forms.FileForm(request.POST or None, request.FILES or None)
    bad: list[imports.Bad] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        lines = imports.read_statement(file.read(), clock.today(request))
        bad = lines.bad
        if not bad:
            _made, count = actions.import_statement(
                request.actor,
                organisation=organisation,
                lines=lines,
                file_name=file.name,
                now=clock.now(request),
            )
            messages.success(
                request, _("新增 %(n)s 笔流水") % {"n": count} if count else _("这些流水已经导入过，没有变化")
            )
            return redirect(asked.back("statements", organisation))
    context = {**asked.frame(request, organisation, "statements"), "form": form, "bad": bad}
    return render(request, "dues/import_statement.html", context)


@door("dues.match_lines", once=True)
def match_lines(request: HttpRequest) -> HttpResponse:
    """Confirm to whom the ticked lines belong."""
    organisation = places.branch_for(request.actor, asked.number(request), "dues.match_lines")
    if request.method == "POST":
        members = {pk for pk, _name in imports.members_now(organisation)}
        chosen = {line: _whose(request, line) for line in ticked(request, "lines")}
        chosen = {line: person for line, person in chosen.items() if person in members}
        count = actions.match_lines(
            request.actor, organisation=organisation, chosen=chosen, now=clock.now(request)
        )
        messages.success(request, _("已入账 %(n)s 笔") % {"n": count})
    return redirect(asked.back("statements", organisation))


def _whose(request: HttpRequest, line: int) -> int:
    return whole(request.POST.get(f"person-{line}", "")) or 0


@door("dues.set_line_aside", once=True)
def set_line_aside(request: HttpRequest) -> HttpResponse:
    """The same page's other button."""
    organisation = places.branch_for(request.actor, asked.number(request), "dues.set_line_aside")
    if request.method == "POST":
        count = actions.set_line_aside(
            request.actor, organisation=organisation, lines=ticked(request, "lines"), now=clock.now(request)
        )
        messages.success(request, _("已标为与党费无关 %(n)s 笔") % {"n": count})
    return redirect(asked.back("statements", organisation))


# -------------------------------------------------------------------------------------------- the payment door
@door("dues.create_order", once=True)
def create_order(request: HttpRequest) -> HttpResponse:
    """Pay what I owe through the platform of this installation."""
    belonging, platform = places.belonging(request.actor.person), platforms.chosen()
    if belonging is None or platform is None or request.method != "POST":
        raise Http404
    months = [Month.parse(each) for each in request.POST.getlist("months") if _is_month(each)]
    if not months:
        months = mine.mine(belonging, clock.today(request)).payable
    _order, address = actions.create_order(
        request.actor, organisation=belonging.organisation, person=belonging.person, months=months, door=platform,
        now=clock.now(request),
    )  # fmt: skip
    return redirect(address)


def _is_month(text: str) -> bool:
    try:
        return bool(Month.parse(text))
    except ValueError:
        return False


@door("dues.create_order", once=True)
def pay(request: HttpRequest, number: str) -> HttpResponse:
    """The local platform's own page: confirming pays, and the platform calls back with its signature."""
    order = places.order_for(request.actor, number)
    local = platforms.opened(order.door)
    if not isinstance(local, platforms.Local):
        raise Http404(number)
    if request.method == "POST":
        with transaction.atomic():
            body, headers = local.pay(number, clock.now(request))
        actions.settle_order(None, door=local, told=local.read(body, headers), now=clock.now(request))
        messages.success(request, _("支付成功"))
        return redirect("dues:my_dues")
    context = {"order": order, "crumbs": [(order.organisation.name, None)]}
    return render(request, "dues/pay.html", context)


@csrf_exempt
@public_door("a platform calls back without a session; its signature is the check")
def callback(request: HttpRequest, name: str) -> HttpResponse:
    """What a platform says of a payment. The same callback again is answered alike and changes nothing."""
    platform = platforms.opened(name)
    if platform is None or request.method != "POST":
        raise Http404(name)
    try:
        told = platform.read(request.body, request.headers)
    except platforms.BadCallback:
        return JsonResponse({"result": "refused"}, status=400)
    order = actions.settle_order(None, door=platform, told=told, now=clock.now(request))
    return JsonResponse({"result": "ok" if order else "unknown"}, status=200 if order else 404)


@door("dues.resolve_order", once=True)
def resolve_order(request: HttpRequest, pk: int) -> HttpResponse:
    """Book money that did not fit its order."""
    order = places.review_for(request.actor, pk)
    form = forms.AmountForm(request.POST or None, initial={"fen": order.told_fen or order.fen})
    to = asked.back("statements", order.organisation)
    if request.method == "POST" and form.is_valid():
        actions.resolve_order(
            request.actor, order=order, fen=form.cleaned_data["fen"], now=clock.now(request)
        )
        messages.success(request, _("已按自愿多交入账，需要退回的再冲销"))
        return redirect(to)
    note = _("这笔钱与订单不符，或所交月份已另行交纳。核对平台到账后，按自愿多交入账。")
    return asked.form_page(
        request, order.organisation, form, title=_("核对平台订单"), button=_("入账"), to=to, note=note
    )


@door("dues.reconcile", once=True)
def reconcile(request: HttpRequest) -> HttpResponse:
    """Hold the platform's statement of a day against our orders."""
    platform, form = platforms.chosen(), forms.ReconcileForm(request.POST or None)
    if platform is None:
        raise Http404
    if request.method == "POST" and form.is_valid():
        found = actions.reconcile(
            request.actor, door=platform, day=form.cleaned_data["day"], now=clock.now(request)
        )
        messages.success(
            request,
            _("平台 %(lines)s 笔，补记 %(settled)s 笔，待核对 %(waiting)s 笔，不明 %(unknown)s 笔")
            % {
                "lines": found.lines, "settled": found.settled, "waiting": len(found.waiting),
                "unknown": len(found.unknown) + len(found.not_told) + len(found.differing),
            },
        )  # fmt: skip
    return redirect("dues:statements")
