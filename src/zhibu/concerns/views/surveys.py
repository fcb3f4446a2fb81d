"""Surveys: opened, hung up, counted, and what was written released."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhibu.concerns import actions, forms, policies, queries, slips
from zhibu.concerns.models import Survey, SurveyState
from zhibu.concerns.queries.quarter import questions_of
from zhibu.core.calendar import Quarter
from zhibu.core.norms.surveys import in_force
from zhibu.ui import clock, squares
from zhibu.ui.asked import number
from zhibu.ui.doors import door
from zhibu.ui.language import pick


@door("concerns.open_survey", once=True)
def open_survey(request: HttpRequest) -> HttpResponse:
    """Open one about this quarter."""
    branch = queries.branch_for(request.actor, number(request, "organisation"), "concerns.open_survey")
    today, rules = clock.today(request), policies.rules()
    kinds = [(name, pick(each.title)) for name, each in rules.items()]
    first = next(iter(rules.values()))
    # half of what the rule allows: time enough to meet everyone once, and the end is in sight
    until = today + timedelta(days=in_force(first.longest_days, today) // 2)
    initial = {"slips_count": queries.slips_proposed(branch, today), "closes_on": until}
    form = forms.OpenForm(request.POST or None, kinds=kinds, today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        found = actions.open_survey(
            request.actor, organisation=branch, now=clock.now(request), **form.cleaned_data
        )
        told = _("问卷已经发出，打印卡片请各人抽") if found.slips else _("问卷已经发出，贴上海报就可以填")
        messages.success(request, told)
        return redirect("concerns:poster", found.pk)
    context = {
        "form": form, "organisation": branch, "about": pick(first.about), "sources": first.sources,
        "questions": [(pick(each.title), [pick(title) for _name, title in each.choices]) for each in first.questions],
        "fewest": in_force(first.fewest, today), "fewest_words": in_force(first.fewest_words, today),
        "longest": in_force(first.longest_days, today), "crumbs": [(branch.name, None)],
    }  # fmt: skip
    return render(request, "concerns/open_survey.html", context)


@door("concerns.view")
def poster(request: HttpRequest, pk: int) -> HttpResponse:
    """A sheet to print and hang up, and the address to send round."""
    found = queries.survey_for(request.actor, pk)
    address = request.build_absolute_uri(reverse("survey:survey", args=[found.code]))
    context = here(found) | {
        "address": address, "square": squares.square(address), "open": found.state == SurveyState.OPEN,
        "may_print": not policies.may_act(request.actor, "concerns.print_slips", found.organisation),
    }  # fmt: skip
    return render(request, "concerns/poster.html", context)


@door("concerns.print_slips")
def print_slips(request: HttpRequest, pk: int) -> HttpResponse:
    """The one-time codes, to be cut apart."""
    found = queries.survey_for(request.actor, pk, "concerns.print_slips")
    if request.method != "POST":
        return redirect("concerns:poster", pk)
    codes = actions.print_slips(request.actor, survey=found, now=clock.now(request))
    address = request.build_absolute_uri(reverse("survey:survey", args=[found.code]))
    context = here(found) | {
        "codes": [slips.shown(each) for each in codes], "address": address, "square": squares.square(address),
    }  # fmt: skip
    answer = render(request, "concerns/print_slips.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@door("concerns.cancel_survey", once=True)
def cancel_survey(request: HttpRequest, pk: int) -> HttpResponse:
    """Call it off."""
    found = queries.survey_for(request.actor, pk, "concerns.cancel_survey")
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.cancel_survey(request.actor, survey=found, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("问卷已取消，收到的答卷已销毁"))
        return _back(found)
    context = here(found) | {"form": form, "title": _("取消问卷"), "button": _("取消问卷")}
    return render(request, "concerns/act.html", context)


@door("concerns.count_survey", once=True)
def count_survey(request: HttpRequest, pk: int) -> HttpResponse:
    """Add the answers up."""
    found = queries.survey_for(request.actor, pk, "concerns.count_survey")
    if request.method == "POST":
        done = actions.count_survey(request.actor, survey=found, now=clock.now(request))
        told = (
            _("汇总完成，原始答卷已销毁") if done.answers else _("收到的答卷不足规定份数，不出结果，已销毁")
        )
        messages.success(request, told)
    return _back(found)


@door("concerns.release_words", once=True)
def release_words(request: HttpRequest, pk: int) -> HttpResponse:
    """Read what was written; let through what the branch may read."""
    found = queries.survey_for(request.actor, pk, "concerns.release_words")
    titles = {each.id: pick(each.title) for each in questions_of(found)}
    words = [f"{text}（{titles.get(name, name)}）" for name, text in queries.words_of(found)]
    form = forms.WordsForm(request.POST or None, words=words)
    if request.method == "POST" and form.is_valid():
        actions.release_words(request.actor, survey=found, now=clock.now(request), **form.cleaned_data)
        messages.success(request, _("勾选的已给支部看，其余已删除"))
        return _back(found)
    context = here(found) | {
        "form": form,
        "title": _("审看文字意见"),
        "button": _("提交"),
        "empty": not words,
    }
    return render(request, "concerns/act.html", context)


def here(found: Survey) -> dict[str, Any]:
    """What every page about a survey needs."""
    rule = policies.rules().get(found.kind)
    return {
        "survey": found, "organisation": found.organisation, "quarter": Quarter.of(found.covers_on),
        "survey_title": pick(rule.title) if rule else found.kind,
        "crumbs": [(found.organisation.name, None)],
    }  # fmt: skip


def _back(found: Survey) -> HttpResponse:
    page = reverse("concerns:quarter")
    return redirect(f"{page}?organisation={found.organisation_id}&quarter={Quarter.of(found.covers_on).code}")
