"""Bases, relief, consents, and a member's own page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhibu.core.calendar import Month
from zhibu.dues import actions, forms, imports, platforms, secrets
from zhibu.dues.models import PayerKind
from zhibu.dues.queries import collecting, mine, places
from zhibu.dues.views import asked
from zhibu.ui import clock
from zhibu.ui.asked import ticked
from zhibu.ui.doors import door


@door("dues.view_self")
def my_dues(request: HttpRequest) -> HttpResponse:
    """What I owe, what I paid, and what it rests on."""
    today = clock.today(request)
    belonging = places.belonging(request.actor.person)
    if belonging is None:
        raise Http404
    context = {
        "mine": mine.mine(belonging, today), "belonging": belonging, "receipts": mine.receipts(belonging.person_id),
        "orders": mine.orders(belonging.person_id), "consents": mine.consents(belonging.person_id),
        "reliefs": mine.reliefs(belonging.person_id), "door": platforms.chosen(), "payers": dict(PayerKind.choices),
        "rule": collecting.arrears_on(today), "this": Month.of(today), "crumbs": [(belonging.organisation.name, None)],
    }  # fmt: skip
    return render(request, "dues/my_dues.html", context)


@door("dues.declare_base", once=True)
def declare_base(request: HttpRequest, person: int) -> HttpResponse:
    """Put down a base: one's own, or a member's of one's branch."""
    belonging = places.member_for(request.actor, person)
    own, this = request.actor.person == person, Month.of(clock.today(request))
    latest = mine.mine(belonging, this.first).bases[:1] if own else []
    initial: dict[str, object] = {
        "since": (this.year, this.number),
        "payer": latest[0].row.payer if latest else PayerKind.MONTHLY_PAID,
    }
    if latest:
        initial |= {"fen": latest[0].fen, "basic_fen": latest[0].basic_fen}
    form = forms.BaseForm(request.POST or None, initial=initial)
    to = reverse("dues:my_dues") if own else asked.back("bases", belonging.organisation)
    if request.method == "POST" and form.is_valid():
        declared = actions.Declared(person, **form.cleaned_data)
        found = actions.declare_base(
            request.actor, organisation=belonging.organisation, declared=declared, now=clock.now(request)
        )
        messages.success(request, _("基数已登记") if found.confirmed_on else _("基数已申报，等党支部确认"))
        return redirect(to)
    title = _("申报党费基数") if own else _("登记%(name)s的党费基数") % {"name": belonging.person.name}
    note = _("金额加密保存，只有本人和党费收缴人能看到。")
    return asked.form_page(
        request,
        belonging.organisation,
        form,
        title=title,
        button=_("申报") if own else _("登记"),
        to=to,
        note=note,
    )


@door("dues.confirm_bases", once=True)
def bases(request: HttpRequest) -> HttpResponse:
    """Bases of a branch on one page: who has none, what waits; the figures only after asking."""
    organisation = places.branch_for(request.actor, asked.number(request), "dues.confirm_bases")
    rows = collecting.bases(organisation, clock.today(request))
    context = {
        **asked.frame(request, organisation, "bases"), "rows": rows, "payers": dict(PayerKind.choices),
        "waiting": [row.waiting for row in rows if row.waiting], "missing": sum(1 for row in rows if not row.base),
        "form": forms.FileForm(), "me": request.actor.person,
    }  # fmt: skip
    return render(request, "dues/bases.html", context)


@door("dues.confirm_bases", once=True)
def confirm_bases(request: HttpRequest) -> HttpResponse:
    """Confirm what members declared."""
    organisation = places.branch_for(request.actor, asked.number(request), "dues.confirm_bases")
    if request.method == "POST":
        count = actions.confirm_bases(
            request.actor, organisation=organisation, bases=ticked(request, "bases"), now=clock.now(request)
        )
        messages.success(request, _("已确认 %(n)s 人") % {"n": count})
    return redirect(asked.back("bases", organisation))


@door("dues.reveal_bases")
def reveal_bases(request: HttpRequest) -> HttpResponse:
    """The figures, once asked for; who looked is in the record."""
    organisation = places.branch_for(request.actor, asked.number(request), "dues.reveal_bases")
    if request.method != "POST":
        return redirect(asked.back("bases", organisation))
    figures = actions.reveal_bases(request.actor, organisation=organisation, now=clock.now(request))
    rows = collecting.bases(organisation, clock.today(request), figures)
    context = {
        **asked.frame(request, organisation, "bases"), "payers": dict(PayerKind.choices), "revealed": True,
        "rows": rows, "waiting": [row.waiting for row in rows if row.waiting],
        "missing": sum(1 for row in rows if not row.base), "form": forms.FileForm(), "me": request.actor.person,
    }  # fmt: skip
    answer = render(request, "dues/bases.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@door("dues.import_bases", once=True)
def import_bases(request: HttpRequest) -> HttpResponse:
    """A pay sheet: every bad row named, all rows or none."""
    organisation = places.branch_for(request.actor, asked.number(request), "dues.import_bases")
    form = forms.FileForm(request.POST or None, request.FILES or None)
    bad: list[imports.Bad] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        sheet = imports.read_pay_sheet(file.read(), organisation, asked.month(request))
        bad = sheet.bad
        if not bad:
            declared = [
                actions.Declared(row.person, row.payer, row.since, row.fen, row.basic_fen)
                for row in sheet.rows
            ]
            count = actions.import_bases(
                request.actor,
                organisation=organisation,
                declared=declared,
                file_name=file.name,
                now=clock.now(request),
            )
            messages.success(request, _("已导入 %(n)s 人的基数") % {"n": count})
            return redirect(asked.back("bases", organisation))
    context = {
        **asked.frame(request, organisation, "bases"),
        "form": form,
        "bad": bad,
        "month": asked.month(request),
    }
    return render(request, "dues/import_bases.html", context)


# -------------------------------------------------------------------------------------------- relief, consents
@door("dues.propose_relief")
def reliefs(request: HttpRequest) -> HttpResponse:
    """Relief and consents of a branch."""
    organisation = places.branch_for(request.actor, asked.number(request), "dues.propose_relief")
    rows = [
        (each, secrets.open_reason(each.reason_sealed))
        for each in collecting.hardships([organisation.pk])[:50]
    ]
    return render(
        request, "dues/reliefs.html", {**asked.frame(request, organisation, "reliefs"), "rows": rows}
    )


@door("dues.propose_relief", once=True)
def propose_relief(request: HttpRequest) -> HttpResponse:
    """Ask the superior to relieve a member in hardship."""
    organisation = places.branch_for(request.actor, asked.number(request), "dues.propose_relief")
    this = Month.of(clock.today(request))
    initial = {"since": (this.year, this.number), "studied_on": clock.today(request), "to_fen": 0}
    form = forms.ReliefForm(request.POST or None, initial=initial, people=imports.members_now(organisation))
    to = asked.back("reliefs", organisation)
    if request.method == "POST" and form.is_valid():
        person = places.person_for(organisation, form.cleaned_data.pop("person"))
        actions.propose_relief(
            request.actor,
            organisation=organisation,
            person=person,
            now=clock.now(request),
            **form.cleaned_data,
        )
        messages.success(request, _("已报上级党委审批"))
        return redirect(to)
    note = _("生活困难的党员由党支部研究、上级党委批准，可以少交或免交党费。")
    return asked.form_page(
        request, organisation, form, title=_("申请减免党费"), button=_("报上级审批"), to=to, note=note
    )


@door("dues.approve_relief", once=True)
def approve_relief(request: HttpRequest, pk: int) -> HttpResponse:
    """The superior's answer."""
    hardship = places.hardship_for(request.actor, pk)
    to = request.POST.get("back") == "reliefs"
    if request.method == "POST":
        actions.approve_relief(
            request.actor,
            hardship=hardship,
            approved=request.POST.get("approved") == "1",
            now=clock.now(request),
        )
        messages.success(request, _("批复已登记"))
    return redirect(asked.back("reliefs", hardship.organisation) if to else "dues:approvals")


@door("dues.agree", once=True)
def agree(request: HttpRequest) -> HttpResponse:
    """The branch consents to quarters or a proxy."""
    organisation = places.branch_for(request.actor, asked.number(request), "dues.agree")
    form = forms.AgreeForm(
        request.POST or None,
        initial={"since_on": clock.today(request)},
        people=imports.members_now(organisation),
    )
    to = asked.back("reliefs", organisation)
    if request.method == "POST" and form.is_valid():
        person = places.person_for(organisation, form.cleaned_data.pop("person"))
        actions.agree(
            request.actor,
            organisation=organisation,
            person=person,
            now=clock.now(request),
            **form.cleaned_data,
        )
        messages.success(request, _("已登记党支部同意"))
        return redirect(to)
    note = _("按季交纳或委托代交，要经党支部同意。")
    return asked.form_page(
        request, organisation, form, title=_("登记党支部同意"), button=_("登记"), to=to, note=note
    )


@door("dues.approve_relief")
def approvals(request: HttpRequest) -> HttpResponse:
    """Requests for relief that wait for the superior."""
    allowed = [pk for pk, _name in places.branches(request.actor, "dues.approve_relief")]
    rows = [
        (each, secrets.open_reason(each.reason_sealed))
        for each in collecting.hardships(allowed, waiting=True)[:100]
    ]
    return render(
        request, "dues/approvals.html", {"rows": rows, "above": asked.above(request.actor, "approvals")}
    )
