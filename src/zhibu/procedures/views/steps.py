"""Taking a step, answering from above, putting up a notice, reversing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhibu.procedures import actions, forms, queries
from zhibu.procedures.views import reading, stepping
from zhibu.ui import clock
from zhibu.ui.asked import version
from zhibu.ui.doors import door
from zhibu.ui.language import pick


@door("procedures.take_step", once=True)
def take_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Enter a step the branch takes."""
    return _step(request, pk, step, actions.take_step, "take_step")


@door("procedures.reply", once=True)
def reply(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Answer from above."""
    return _step(request, pk, step, actions.reply, "reply")


def _step(request: HttpRequest, pk: int, name: str, act: Any, word: str) -> HttpResponse:
    case, today = queries.case_for(request.actor, pk), clock.today(request)
    step = reading.step(case, name)
    sheet = queries.sheet(request.actor, case, today)
    present = next((each for each in sheet.present if each.step.id == step.id), None)
    form = stepping.form_for(request, case, step, present, today, bound=request.POST != {})
    if request.method == "POST" and form.is_valid():
        taken = act(
            request.actor, case=case, step=step.id, told=form.told(), now=clock.now(request),
            version=version(request),
        )  # fmt: skip
        _say(request, taken, step)
        return redirect("procedures:case", pk)
    context = {
        "case": case, "step": step, "present": present, "form": form, "act": word, "procedure": sheet.procedure,
        "crumbs": [(case.organisation.name, None)], **stepping.voting(request, case, step),
    }  # fmt: skip
    return render(request, "procedures/step.html", context)


def _say(request: HttpRequest, taken: Any, step: Any) -> None:
    outcome = step.outcome(taken.outcome)
    told = {"step": pick(step.title), "outcome": pick(outcome.title) if outcome else taken.outcome}
    messages.success(request, _("已登记“%(step)s”：%(outcome)s") % told)
    if taken.cautions:
        messages.warning(
            request,
            _("有 %(n)d 处与一般要求不一致，已随步骤记录，见下面的办理经过") % {"n": len(taken.cautions)},
        )


@door("procedures.publish", once=True)
def publish(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Put up the notice of a step."""
    case = queries.case_for(request.actor, pk)
    asked = reading.step(case, step)
    form = forms.NoticeForm(request.POST or None, initial={"opens_on": clock.today(request)})
    if request.method == "POST" and form.is_valid():
        notice = actions.publish(
            request.actor, case=case, step=asked.id, now=clock.now(request), **form.cleaned_data
        )
        told = {"day": notice.closes_on.isoformat(), "days": notice.working_days}
        messages.success(request, _("公示已张贴到 %(day)s，共 %(days)d 个工作日") % told)
        return redirect("procedures:case", pk)
    context = {
        "form": form, "case": case, "title": pick(asked.title), "button": _("张贴公示"), "source": asked.sources[:1],
        "crumbs": [(case.organisation.name, None)],
    }  # fmt: skip
    return render(request, "procedures/change.html", context)


@door("procedures.reverse_step", once=True)
def reverse_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Reverse a step entered in error."""
    taken = queries.taken_for(request.actor, pk)
    form = forms.ReverseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.reverse_step(
            request.actor, taken=taken, reason=form.cleaned_data["reason"], now=clock.now(request)
        )
        messages.success(request, _("步骤已撤销，原来的登记留在办理经过中"))
        return redirect("procedures:case", taken.case_id)
    title = pick(reading.step(taken.case, taken.step).title)
    context = {
        "form": form, "case": taken.case, "title": _("撤销“%(step)s”") % {"step": title}, "button": _("撤销登记"),
        "crumbs": [(taken.case.organisation.name, None)],
    }  # fmt: skip
    return render(request, "procedures/change.html", context)
