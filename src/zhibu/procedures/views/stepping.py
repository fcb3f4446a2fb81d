"""The form of a step for whoever may take it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from zhibu import rulebook
from zhibu.core.authority import may
from zhibu.core.norms.procedures import FieldKind, Step, StepKind
from zhibu.procedures import forms, queries, supplying
from zhibu.procedures.models import Case
from zhibu.ui.language import pick


def form_for(
    request: HttpRequest, case: Case, step: Step, present: queries.Present | None, today: date, *, bound: bool
) -> forms.StepForm:
    """The form of a step, bound to what was sent when it was."""
    words = {code: pick(text) for code, text in rulebook.load().words.get("sanctions", {}).items()}
    roles = present.roles if present else ()
    choices = queries.choices_for(case, step, today)
    form = forms.StepForm(
        request.POST if bound else None, step=step, roles=roles or step.by[:1], choices=choices, today=today, words=words,
        from_notice=bool(present and present.notice),
    )  # fmt: skip
    if not bound:
        form.initial.update(supplying.known_to(case, step))
        _as_recorded(form, case, step)
    held = queries.held_for(case, step)
    if held is not None and held.counts is not None and not bound:
        form.initial.update(forms.typed_of(choices.vote, choices.grades, held.counts))
    return form


def _as_recorded(form: forms.StepForm, case: Case, step: Step) -> None:
    """What is on record already: the day, who talked, how somebody was reached; the step writes it no second time."""
    found = queries.recorded_before(case, step)
    if found is None or "on" not in form.fields:
        return
    form.initial["on"] = found.held_on
    form.fields["on"].help_text = (
        _("沿用已记录的谈话、考察，不另记一次") if not found.way else _("沿用联系记录")
    )
    for each in step.fields:
        if found.way and each.id == queries.WAY and found.way in each.choices:
            form.initial[f"{supplying.PREFIX}{each.id}"] = found.way
        elif found.way and each.kind is FieldKind.TEXT:
            form.initial[f"{supplying.PREFIX}{each.id}"] = found.how
        if each.kind is FieldKind.PERSON and found.talker:
            form.initial[f"{supplying.PREFIX}{each.id}"] = found.talker


def voting(request: HttpRequest, case: Case, step: Step) -> dict[str, Any]:
    """The vote held for a step, or where one can be opened."""
    held = queries.held_for(case, step)
    # grades are given one by one, not voted
    votes = step.vote and not (queries.is_appraisal(step) and step.kind is not StepKind.BALLOT)
    opens = votes and held is None and may(request.actor, "ballots.open_ballot", case.organisation.path)
    return {"held": held, "vote_opens": queries.opening_of(case, step) if opens else ""}


def first_form(request: HttpRequest, case: Case, sheet: queries.Sheet, today: date) -> dict[str, Any]:
    """The first step this actor may take now, with its form, for the page of the case."""
    for present in sheet.now:
        if present.mine and not present.publishes:
            if present.notice and not present.notice.passed and present.notice.result_on is None:
                continue
            form = form_for(request, case, present.step, present, today, bound=False)
            act = "reply" if present.above else "take_step"
            return {"first": present, "form": form, "act": act, **voting(request, case, present.step)}
    return {"first": None, "form": None, "act": ""}
