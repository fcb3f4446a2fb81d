"""A branch's quarter: the sheet, a point opened down to its records, and who judges it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhibu.core import authority
from zhibu.core.calendar import Quarter
from zhibu.core.points import hundredths_of
from zhibu.register.models import Organisation
from zhibu.ui import clock
from zhibu.ui.doors import door

from .. import actions, queries
from ..forms import AppealForm, ReviewForm, field_name
from ..models import Review, SelfReview
from .periods import around, quarter_of


@door("assessment.view")
def sheet(request: HttpRequest, branch: int, quarter: str) -> HttpResponse:
    """Every standard of a branch's quarter with its points, what is missing and what would raise it most."""
    organisation, period = queries.branch_for(request.actor, branch), quarter_of(quarter)
    found = queries.sheet_for(request.actor, organisation, period, live=request.GET.get("live") == "1")
    context = {
        "branch": organisation,
        "quarter": period,
        "sheet": found,
        "groups": queries.grouped(found) if found else [],
        "rights": _rights(request, organisation),
        "trend": queries.trend_chart(request.actor, organisation, period),
        "crumbs": [(organisation.name, None)],
        **around(period, clock.today(request)),
    }
    return render(request, "assessment/sheet.html", context)


@door("assessment.view")
def point(request: HttpRequest, branch: int, quarter: str, standard: str) -> HttpResponse:
    """One standard of one branch: what it asks, the facts, the records that counted and those that did not."""
    organisation, period = queries.branch_for(request.actor, branch), quarter_of(quarter)
    found = queries.point(request.actor, organisation, period, standard)
    context = {
        "branch": organisation,
        "quarter": period,
        "point": found,
        "rights": _rights(request, organisation),
        "crumbs": [(organisation.name, None)],
    }
    return render(request, "assessment/point.html", context)


@door("assessment.review", once=True)
def review(request: HttpRequest, branch: int, quarter: str) -> HttpResponse:
    """Judge what no count may fill: every such part of a branch on one page."""
    organisation, period = queries.branch_for(request.actor, branch, "assessment.review"), quarter_of(quarter)
    found = queries.sheet_for(request.actor, organisation, period)
    if found is None or found.run is None:
        return redirect("assessment:sheet", branch, quarter)
    form = _review_form(request, found, own=False)
    if request.method == "POST" and form.is_valid():
        changed = actions.review(
            request.actor,
            run=found.run,
            branch=organisation,
            judgements=form.judgements(),
            now=clock.now(request),
        )
        messages.success(request, _("已保存 %(count)d 项评审") % {"count": changed})
        following = queries.next_to_review(request.actor, found.run, organisation)
        if "next" in request.POST and following is not None:
            return redirect("assessment:review", following, quarter)
        return redirect("assessment:sheet", branch, quarter)
    return _judging(request, organisation, period, found, form, own=False)


@door("assessment.self_review", once=True)
def self_review(request: HttpRequest, branch: int, quarter: str) -> HttpResponse:
    """The branch's own points for the parts a person judges."""
    organisation, period = (
        queries.branch_for(request.actor, branch, "assessment.self_review"),
        quarter_of(quarter),
    )
    found = queries.sheet_for(request.actor, organisation, period)
    if found is None or found.run is None:
        messages.info(request, _("上级尚未开展本季度考核，暂不能自评"))
        return redirect("assessment:sheet", branch, quarter)
    form = _review_form(request, found, own=True)
    if request.method == "POST" and form.is_valid():
        actions.self_review(
            request.actor,
            run=found.run,
            branch=organisation,
            judgements=form.judgements(),
            now=clock.now(request),
        )
        messages.success(request, _("自评已保存"))
        return redirect("assessment:sheet", branch, quarter)
    return _judging(request, organisation, period, found, form, own=True)


@door("assessment.appeal", once=True)
def appeal(request: HttpRequest, branch: int, quarter: str, standard: str) -> HttpResponse:
    """Appeal against one standard of a published quarter."""
    organisation, period = queries.branch_for(request.actor, branch, "assessment.appeal"), quarter_of(quarter)
    found = queries.point(request.actor, organisation, period, standard)
    form = AppealForm(request.POST or None)
    if found.sheet.run is None:
        return redirect("assessment:point", branch, quarter, standard)
    if request.method == "POST" and form.is_valid():
        actions.appeal(
            request.actor, run=found.sheet.run, branch=organisation, standard=standard,
            text=form.cleaned_data["text"], now=clock.now(request),
        )  # fmt: skip
        messages.success(request, _("申诉已提交"))
        return redirect("assessment:point", branch, quarter, standard)
    context = {
        "branch": organisation,
        "quarter": period,
        "point": found,
        "form": form,
        "crumbs": [(organisation.name, None)],
    }
    return render(request, "assessment/appeal.html", context)


def _rights(request: HttpRequest, branch: Organisation) -> dict[str, bool]:
    verbs = ("review", "self_review", "appeal", "open_rectification")
    rights = {verb: authority.may(request.actor, f"assessment.{verb}", branch.path) for verb in verbs}
    return {**rights, "record": authority.may(request.actor, "life.record", branch.path)}


def _review_form(request: HttpRequest, found: queries.Sheet, *, own: bool) -> ReviewForm:
    parts = queries.parts_to_judge(found)
    initial: dict[str, object] = {}
    for standard, part, _weight in parts:
        line = next(each for each in found.line(standard.id).parts if each.part is part)
        initial |= _given(field_name(standard, part), line.own if own else line.review)
    records = [(record.value, record.told) for record in queries.linkable(found.branch, found.quarter)]
    return ReviewForm(request.POST or None, parts=parts, records=records, own=own, initial=initial)


def _given(name: str, row: Review | SelfReview | None) -> dict[str, object]:
    """A judgement as its form shows it."""
    if row is None:
        return {f"{name}-version": 0}
    applicable = bool(getattr(row, "applicable", 1))
    return {
        f"{name}-points": hundredths_of(row.points_micro) if applicable else None,
        f"{name}-comment": row.comment,
        f"{name}-na": not applicable,
        f"{name}-version": row.version,
        f"{name}-evidence": [f"{table}:{key}" for table, key in queries.links_of([row]).get(id(row), ())],
    }


def _judging(
    request: HttpRequest,
    branch: Organisation,
    period: Quarter,
    found: queries.Sheet,
    form: ReviewForm,
    *,
    own: bool,
) -> HttpResponse:
    context = {
        "branch": branch,
        "quarter": period,
        "sheet": found,
        "form": form,
        "rows": queries.judging_rows(found, form),
        "own": own,
        "following": None
        if own or found.run is None
        else queries.next_to_review(request.actor, found.run, branch),
        "left": 0 if own or found.run is None else queries.left_to_review(request.actor, found.run),
        "crumbs": [(branch.name, None)],
    }
    return render(request, "assessment/review.html", context)
