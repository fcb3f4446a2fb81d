"""Half-year marks are given, each in one step: by oneself, for the group, for the branch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhibu.core.authority import may
from zhibu.pledges import actions, forms, policies, queries
from zhibu.pledges.actions.marking import Given
from zhibu.pledges.halves import Half
from zhibu.pledges.queries import Marked
from zhibu.pledges.views.reading import here
from zhibu.ui import clock
from zhibu.ui.asked import number, of_branch
from zhibu.ui.doors import door


@door(policies.MARK_SELF, once=True)
def mark_self(request: HttpRequest) -> HttpResponse:
    """One's own half-year; with `person` the branch writes down what someone says who has no telephone."""
    today, actor = clock.today(request), request.actor
    person = number(request, "person") or actor.person
    others = person != actor.person
    branch = (
        queries.branch_for(actor, number(request, "organisation"), policies.MARK_SELF)
        if others
        else queries.own_branch(actor, today)
    )
    if branch is None or person is None or (others and not may(actor, policies.MARK_SELF, branch.path)):
        raise Http404("pledges.mark_self")
    half = _half(request, today)
    row = next((each for each in queries.marked(branch, half, today) if each.person == person), None)
    mine = row.of_self if row else None
    initial = {"level": mine.level, "words": mine.words} if mine else {}
    form = forms.MarkForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.mark_self(
            actor,
            organisation=branch,
            person=person,
            given=Given(**form.cleaned_data),
            now=clock.now(request),
            code=half.code,
        )
        messages.success(request, _("自评已交支部"))
        return (
            redirect(of_branch("pledges:mark_branch", branch.pk, half=half.code))
            if others
            else redirect("pledges:member_year", person)
        )
    context = here(request, branch) | {"form": form, "half": half, "row": row, "others": others}
    context |= {"late": half.due_on < today, "closed": mine is not None and half != queries.asked_half(today)}
    return render(request, "pledges/mark_self.html", context)


@door(policies.MARK_GROUP, once=True)
def mark_group(request: HttpRequest) -> HttpResponse:
    """What the group found of its members, all on one page. What was given before is not shown: only that it was."""
    today, actor = clock.today(request), request.actor
    groups = queries.groups_of(actor)
    asked = number(request, "group")
    group = next((each for each in groups if asked in (None, each.pk)), None)
    if group is None or group.parent is None:
        raise Http404("pledges.mark_group")
    half = _half(request, today)
    rows = queries.marked(group.parent, half, today, group)
    past = half != queries.asked_half(today)
    people = [each.person for each in rows if each.person != actor.person and not (past and each.of_group)]
    form = _form(request, people, {})
    if request.method == "POST" and form.is_valid():
        actions.mark_group(actor, group=group, given=_given(form), now=clock.now(request), code=half.code)
        messages.success(request, _("小组评已交支部"))
        return redirect(f"{reverse('pledges:mark_group')}?group={group.pk}&half={half.code}")
    context = {"group": group, "groups": groups, "half": half, "form": form, "rows": _paired(rows, form)}
    context |= {"late": half.due_on < today, "past": past, "halves": queries.halves_of(group.parent, today)}
    context |= {"organisation": group.parent, "crumbs": [(group.parent.name, None)]}
    return render(request, "pledges/mark_group.html", context)


@door(policies.MARK_BRANCH, once=True)
def mark_branch(request: HttpRequest) -> HttpResponse:
    """The branch's marks beside those of the members and groups, all on one page."""
    today, actor = clock.today(request), request.actor
    branch = queries.branch_for(actor, number(request, "organisation"), policies.MARK_BRANCH)
    half = _half(request, today)
    rows = queries.marked(branch, half, today)
    given = {each.person: each.of_branch for each in rows if each.of_branch}
    initial = {f"level_{person}": mark.level for person, mark in given.items()}
    initial |= {f"words_{person}": mark.words for person, mark in given.items()}
    past = half != queries.asked_half(today)
    people = [each.person for each in rows if each.person != actor.person and not (past and each.of_branch)]
    form = _form(request, people, initial)
    if request.method == "POST" and form.is_valid():
        actions.mark_branch(
            actor, organisation=branch, given=_given(form), now=clock.now(request), code=half.code
        )
        messages.success(request, _("支部评已记下，本人看得到"))
        return redirect(of_branch("pledges:mark_branch", branch.pk, half=half.code))
    context = here(request, branch) | {
        "half": half, "form": form, "rows": _paired(rows, form), "test": queries.year_test(branch, half.year),
        "may_mark_self": may(actor, policies.MARK_SELF, branch.path), "late": half.due_on < today, "past": past,
        "halves": queries.halves_of(branch, today),
    }  # fmt: skip
    return render(request, "pledges/mark_branch.html", context)


def _half(request: HttpRequest, today: date) -> Half:
    """The half-year asked for, or the one that is marked now; 404 for one that takes no marks."""
    half = queries.half_for(request.GET.get("half", ""), today)
    if half is None:
        raise Http404("half")
    return half


def _form(request: HttpRequest, people: list[int], initial: dict[str, Any]) -> forms.MarksForm:
    return forms.MarksForm(request.POST or None, people=people, initial=initial)


def _given(form: forms.MarksForm) -> dict[int, Given]:
    return {person: Given(level, words) for person, (level, words) in form.given().items()}


def _paired(rows: Sequence[Marked], form: forms.MarksForm) -> list[tuple[Marked, Any, Any]]:
    """Each with its two fields; whoever fills it in has none for themselves."""
    return [
        (row, form[f"level_{row.person}"], form[f"words_{row.person}"])
        if row.person in form.people
        else (row, None, None)
        for row in rows
    ]
