"""One's own study; the training of a branch; results of other platforms."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhibu.core.authority import POSTS_ABOVE, grants
from zhibu.life.queries import roll
from zhibu.record.models import ImportState
from zhibu.study import actions, forms, imports, limits, policies, queries
from zhibu.study.views import asked
from zhibu.ui import clock
from zhibu.ui.doors import door

SHOWN_FINDINGS = 200


@door("study.view")
def study(request: HttpRequest) -> HttpResponse:
    """What I studied, what is missing, what comes, and one line to report more."""
    today, actor = clock.today(request), request.actor
    home = queries.home_of(actor.person, today)
    year = asked.year(request, today.year)
    context: dict[str, Any] = {
        "home": home, "year": year, "years": [today.year, today.year - 1],
        "may_keep_hours": policies.holds_anywhere(actor, "study.record_training"),
    }  # fmt: skip
    if home is not None and actor.person is not None:
        hours = queries.hours_of(actor.person, year, today)
        context |= {
            "hours": hours,
            "source": limits.source(hours.rule),
            "form": _self_study(request),
            "may_record": policies.for_oneself(actor, "study.record_self_study", actor.person) is None,
            "items": queries.of_this_month(home, today),
            "turn": next(iter(queries.tutors(home, today, months=1)), None),
            "open_tests": [test for test in queries.tests(actor)[:10] if test.closed_on is None][:5],
        }
    return render(request, "study/study.html", context)


@door("study.record_self_study", once=True)
def record_self_study(request: HttpRequest) -> HttpResponse:
    """Report one's own study in one line."""
    today, actor = clock.today(request), request.actor
    home = queries.home_of(actor.person, today)
    if home is None or actor.person is None:
        raise Http404
    number = asked.number(request, "material")
    material = queries.material_for(actor, number) if number else None
    form = _self_study(request, material)
    if request.method == "POST" and form.is_valid():
        actions.record_self_study(
            actor, organisation=home, person=actor.person, material=material, now=clock.now(request),
            **form.cleaned_data,
        )  # fmt: skip
        messages.success(request, _("已记下，计入我的学习"))
        return redirect("study:study")
    return render(request, "study/record_self_study.html", {"form": form, "material": material})


@require_POST
@door("study.take_back_record", once=True)
def take_back_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a line entered by mistake."""
    found = queries.record_for(request.actor, pk)
    own = found.person_id == request.actor.person
    actions.take_back_record(request.actor, record=found, now=clock.now(request))
    messages.success(request, _("已撤回"))
    return redirect("study:study" if own else "study:branch_hours")


@door("study.record_training")
def branch_hours(request: HttpRequest) -> HttpResponse:
    """How many have reached their hours; whom to help; training entered."""
    today, verb = clock.today(request), "study.record_training"
    organisation = queries.place_for(
        request.actor, verb, asked.number(request, "organisation"), branches=True
    )
    year = asked.year(request, today.year)
    found = queries.branch_hours(organisation, year, today)
    context = {
        "organisation": organisation, "places": queries.places(request.actor, verb, branches=True),
        "found": found, "year": year, "years": [today.year, today.year - 1], "may_keep_hours": True,
        "names": [name for _person, name in found.behind] if _is_near(request, organisation.path) else None,
        "records": queries.records_of(organisation, year)[:50],
        "turns": queries.tutors(organisation, today), "crumbs": [(organisation.name, None)],
    }  # fmt: skip
    return render(request, "study/branch_hours.html", context)


@door("study.record_training", once=True)
def record_training(request: HttpRequest) -> HttpResponse:
    """Record training of several members at once."""
    today, verb = clock.today(request), "study.record_training"
    organisation = queries.place_for(
        request.actor, verb, asked.number(request, "organisation"), branches=True
    )
    people = [each.choice for each in roll(organisation, "general_meeting", today)]
    form = forms.TrainingForm(request.POST or None, people=people, today=today, initial={"studied_on": today})
    if request.method == "POST" and form.is_valid():
        made = actions.record_training(
            request.actor, organisation=organisation, now=clock.now(request), **form.cleaned_data
        )
        messages.success(request, _("已登记 %(n)d 人") % {"n": len(made)})
        return redirect("study:branch_hours")
    context = {
        "form": form, "organisation": organisation, "title": _("登记培训"), "button": _("登记"),
        "places": queries.places(request.actor, verb, branches=True), "back": "study:branch_hours",
        "crumbs": [(organisation.name, None)],
    }  # fmt: skip
    return render(request, "study/act.html", context)


@door("study.import_results", once=True)
def import_results(request: HttpRequest) -> HttpResponse:
    """Upload results exported from another platform; they are checked, nothing is entered yet."""
    form = forms.ResultsForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        report = imports.check(
            file.read(), actor=request.actor, today=clock.today(request), file_name=file.name or ""
        )
        batch = imports.stage(request.actor, report=report, now=clock.now(request))
        return redirect("study:results_batch", batch.pk)
    context = {"form": form, "labels": _steps(), "batches": queries.batches(request.actor)}
    return render(request, "study/import_results.html", context)


@door("study.import_results", once=True)
def results_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """What the check found; the button enters everything, or nothing."""
    batch = queries.batch_for(request.actor, pk)
    if request.method == "POST":
        batch = actions.import_results(request.actor, batch=batch, now=clock.now(request))
        messages.success(request, _("已导入 %(n)d 条") % {"n": batch.report["imported"]})
        return redirect("study:results_batch", pk)
    context = {
        "batch": batch, "report": batch.report, "refused": batch.report["refused"][:SHOWN_FINDINGS],
        "labels": _steps(), "step": 2 if batch.state in {ImportState.STAGED, ImportState.REFUSED} else 3,
    }  # fmt: skip
    return render(request, "study/results_batch.html", context)


@require_POST
@door("study.undo_results", once=True)
def undo_results(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an import back."""
    batch = queries.batch_for(request.actor, pk)
    count = actions.undo_results(request.actor, batch=batch, now=clock.now(request))
    messages.success(request, _("已撤销，%(n)d 条移出") % {"n": count})
    return redirect("study:results_batch", pk)


def _self_study(request: HttpRequest, material: Any = None) -> forms.SelfStudyForm:
    today = clock.today(request)
    initial: dict[str, Any] = {"studied_on": today, "minutes": 60}
    if material is not None:
        initial |= {"title": material.title, "minutes": material.minutes or 60}
    return forms.SelfStudyForm(request.POST or None, today=today, initial=initial)


def _is_near(request: HttpRequest, path: str) -> bool:
    """Names are for the branch itself: whoever is above learns how many."""
    return any(
        mandate.post not in POSTS_ABOVE
        and grants(mandate, "study.record_training")
        and path.startswith(mandate.path)
        for mandate in request.actor.mandates
    )


def _steps() -> list[str]:
    return [_("上传"), _("校验"), _("导入")]
