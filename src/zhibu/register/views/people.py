"""Acts on one person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhibu.register import actions, forms, queries
from zhibu.register.actions.people import place_of
from zhibu.register.models import BRANCH_KINDS, Organisation, Person
from zhibu.register.views.pages import act_page, page_of, page_of_person
from zhibu.ui import clock
from zhibu.ui.doors import door


@door("register.add_person", once=True)
def add_person(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = queries.organisation_for(request.actor, pk, "register.add_person")
    today = clock.today(request)
    groups = queries.facets(request.actor, organisation, "register.add_person")["groups"]
    form = forms.today_in(forms.AddPersonForm(request.POST or None, groups=groups), today, "since")
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        person = actions.add_person(
            request.actor, organisation=organisation, today=today, now=clock.now(request),
            id_number=given["id_number"], phone=given["phone"], stage=given["stage"], since=given["since"],
            party_group=_group(request, given["party_group"], "register.add_person"), **form.details,
        )  # fmt: skip
        messages.success(request, _("已登记%(name)s") % {"name": person.name})
        return redirect(page_of_person(person))
    return act_page(
        request,
        form,
        title=_("登记人员"),
        button=_("登记"),
        back=page_of(organisation),
        organisation=organisation,
    )


def _group(request: HttpRequest, pk: int | None, verb: str) -> Organisation | None:
    return queries.organisation_for(request.actor, pk, verb) if pk else None


@door("register.edit_person", once=True)
def edit_person(request: HttpRequest, pk: int) -> HttpResponse:
    person = queries.person_for(request.actor, pk, "register.edit_person")
    form = forms.EditPersonForm(request.POST or None, initial=forms.EditPersonForm.initial_of(person))
    if request.method == "POST" and form.is_valid():
        actions.edit_person(
            request.actor, person=person, version=form.cleaned_data["version"], changes=form.details,
            phone=form.cleaned_data["phone"], now=clock.now(request),
        )  # fmt: skip
        messages.success(request, _("已保存"))
        return redirect(page_of_person(person))
    return _person_page(request, form, person, _("修改信息"), _("保存"))


def _person_page(
    request: HttpRequest, form: Any, person: Person, title: str, button: str, **more: Any
) -> HttpResponse:
    return act_page(
        request, form, title=f"{person.name} · {title}", button=button, back=page_of_person(person),
        organisation=place_of(person), **more,
    )  # fmt: skip


@door("register.reveal")
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a full number once, after its purpose was written down."""
    person = queries.person_for(request.actor, pk, "register.reveal")
    form = forms.RevealForm(request.POST or None, initial={"field": request.GET.get("field", "id")})
    number = ""
    if request.method == "POST" and form.is_valid():
        number = actions.reveal(request.actor, person=person, now=clock.now(request), **form.cleaned_data)
    field = form.data.get("field") or form.initial["field"]
    label = _("手机号码") if field == "phone" else _("公民身份号码")
    context = {
        "form": form,
        "person": person,
        "number": number,
        "label": label,
        "back": page_of_person(person),
    }
    answer = render(request, "register/reveal.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@door("register.join", once=True)
def join(request: HttpRequest, pk: int) -> HttpResponse:
    person = queries.person_for(request.actor, pk, "register.join")
    branches = queries.choices_below(request.actor, "register.join", BRANCH_KINDS)
    today = clock.today(request)
    form = forms.today_in(forms.JoinForm(request.POST or None, branches=branches), today, "since")
    if request.method == "POST" and form.is_valid():
        place = queries.organisation_for(
            request.actor, form.cleaned_data.pop("organisation"), "register.join"
        )
        actions.join(
            request.actor,
            person=person,
            organisation=place,
            today=today,
            now=clock.now(request),
            **form.cleaned_data,
        )
        messages.success(request, _("已登记到“%(name)s”") % {"name": place.name})
        return redirect(page_of_person(person))
    return _person_page(request, form, person, _("重新登记"), _("登记"))


@door("register.transfer", once=True)
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    person = queries.person_for(request.actor, pk, "register.transfer")
    branches = queries.choices_below(request.actor, "register.transfer", BRANCH_KINDS)
    today = clock.today(request)
    form = forms.today_in(forms.TransferForm(request.POST or None, branches=branches), today, "since")
    if request.method == "POST" and form.is_valid():
        place = queries.organisation_for(
            request.actor, form.cleaned_data.pop("organisation"), "register.transfer"
        )
        actions.transfer(
            request.actor,
            person=person,
            organisation=place,
            today=today,
            now=clock.now(request),
            **form.cleaned_data,
        )
        messages.success(request, _("已转到“%(name)s”") % {"name": place.name})
        return redirect(page_of_person(person))
    return _person_page(
        request, form, person, _("转接组织关系"), _("转接"), note=_("在原支部的职务同日结束。")
    )


@door("register.change_stage", once=True)
def change_stage(request: HttpRequest, pk: int) -> HttpResponse:
    person = queries.person_for(request.actor, pk, "register.change_stage")
    today = clock.today(request)
    form = forms.StageForm(request.POST or None, initial={"since": today})
    if request.method == "POST" and form.is_valid():
        spell = actions.change_stage(
            request.actor, person=person, today=today, now=clock.now(request), **form.cleaned_data
        )
        messages.success(request, _("已登记为%(stage)s") % {"stage": spell.get_stage_display()})
        return redirect(page_of_person(person))
    return _person_page(request, form, person, _("变更类别"), _("登记"))


@door("register.assign_group", once=True)
def assign_group(request: HttpRequest, pk: int) -> HttpResponse:
    verb = "register.assign_group"
    person = queries.person_for(request.actor, pk, verb)
    today = clock.today(request)
    groups = queries.facets(request.actor, place_of(person), verb)["groups"]
    form = forms.today_in(forms.GroupForm(request.POST or None, groups=groups), today, "since")
    if request.method == "POST" and form.is_valid():
        group = _group(request, form.cleaned_data["party_group"], verb)
        since = form.cleaned_data["since"]
        actions.assign_group(
            request.actor, person=person, party_group=group, since=since, today=today, now=clock.now(request)
        )
        messages.success(request, _("已调整党小组"))
        return redirect(page_of_person(person))
    return _person_page(request, form, person, _("调整党小组"), _("保存"))


@door("register.leave", once=True)
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    person = queries.person_for(request.actor, pk, "register.leave")
    today = clock.today(request)
    form = forms.today_in(forms.LeaveForm(request.POST or None), today, "until")
    if request.method == "POST" and form.is_valid():
        actions.leave(request.actor, person=person, today=today, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("已登记"))
        return redirect(page_of_person(person))
    return _person_page(request, form, person, _("离开本支部"), _("登记"), danger=True)


@door("register.record_mobile", once=True)
def record_mobile(request: HttpRequest, pk: int) -> HttpResponse:
    person = queries.person_for(request.actor, pk, "register.record_mobile")
    today = clock.today(request)
    form = forms.today_in(forms.MobileForm(request.POST or None), today, "since")
    if request.method == "POST" and form.is_valid():
        actions.record_mobile(
            request.actor, person=person, today=today, now=clock.now(request), **form.cleaned_data
        )
        messages.success(request, _("已登记外出"))
        return redirect(page_of_person(person))
    return _person_page(request, form, person, _("登记外出流动"), _("登记"))


@door("register.end_mobile", once=True)
def end_mobile(request: HttpRequest, pk: int) -> HttpResponse:
    person = queries.person_for(request.actor, pk, "register.end_mobile")
    today = clock.today(request)
    form = forms.today_in(forms.EndMobileForm(request.POST or None), today, "until")
    if request.method == "POST" and form.is_valid():
        actions.end_mobile(
            request.actor, person=person, today=today, now=clock.now(request), **form.cleaned_data
        )
        messages.success(request, _("已登记返回"))
        return redirect(page_of_person(person))
    return _person_page(request, form, person, _("登记返回"), _("登记"))
