"""A ledger of meetings: checked, looked at, entered, taken back."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhibu.life import actions, forms, imports, kinds, queries
from zhibu.life.imports.blank import blank
from zhibu.life.imports.words import short_of
from zhibu.record.models import ImportState
from zhibu.record.progress import told_to
from zhibu.ui import clock
from zhibu.ui.doors import SUBMISSION, door
from zhibu.ui.workbook import workbook_response

SHOWN_FINDINGS = 200
ROWS_OF_A_RULE = 30


@door("life.import_meetings", once=True)
def import_meetings(request: HttpRequest) -> HttpResponse:
    """Upload a ledger; it is checked, nothing is entered yet."""
    form = forms.LedgerForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, now = form.cleaned_data["file"], clock.now(request)
        with told_to(request.actor.user, request.POST.get(SUBMISSION, "")) as tell:
            report = imports.check(
                file.read(),
                actor=request.actor,
                today=clock.today(request),
                file_name=file.name or "",
                tell=tell,
            )
        batch = actions.stage_meetings(request.actor, report=report, now=now)
        return redirect("life:import_batch", batch.pk)
    return render(
        request,
        "life/import_meetings.html",
        {"form": form, "labels": _steps(), "batches": queries.batches(request.actor)},
    )


@door("life.import_meetings")
def meetings_template(_request: HttpRequest) -> HttpResponse:
    """An empty ledger with every column."""
    return workbook_response(_("组织生活台账样表.xlsx"), blank())


@door("life.import_meetings", once=True)
def import_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """What the check found; the button enters everything, or nothing."""
    batch = queries.batch_for(request.actor, pk)
    if request.method == "POST":
        with told_to(request.actor.user, request.POST.get(SUBMISSION, "")) as tell:
            batch = actions.import_meetings(request.actor, batch=batch, now=clock.now(request), tell=tell)
        messages.success(request, _("已导入 %(count)d 次会议") % {"count": batch.report["imported"]})
        return redirect("life:import_batch", pk)
    report = batch.report
    shorts = [(short_of(kind), title) for kind, title in kinds.choices()]
    context = {
        "batch": batch,
        "report": report,
        "refused": report["refused"][:SHOWN_FINDINGS],
        "cautions": _by_rule(report["cautions"]),
        "labels": _steps(),
        "step": {ImportState.STAGED: 2, ImportState.REFUSED: 2}.get(ImportState(batch.state), 3),
        **_counts(report["per_branch_quarter"], shorts),
    }
    return render(request, "life/import_batch.html", context)


@door("life.undo_import", once=True)
@require_POST
def undo_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an import back."""
    batch = queries.batch_for(request.actor, pk)
    count = actions.undo_import(request.actor, batch=batch, now=clock.now(request))
    messages.success(request, _("已撤销，%(count)d 次会议移出") % {"count": count})
    return redirect("life:import_batch", pk)


def _steps() -> list[str]:
    return [_("上传"), _("校验"), _("导入")]


def _by_rule(cautions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Cautions gathered under their rule, since a year has hundreds of the same kind."""
    rules = []
    for rule, rows in groupby(sorted(cautions, key=lambda each: each["rule"]), key=lambda each: each["rule"]):
        found = list(rows)
        rules.append({
            "rule": rule, "remedy": found[0]["remedy"], "count": len(found),
            "rows": found[:ROWS_OF_A_RULE], "more": max(0, len(found) - ROWS_OF_A_RULE),
        })  # fmt: skip
    return sorted(rules, key=lambda each: -each["count"])


def _counts(found: dict[str, dict[str, dict[str, int]]], shorts: list[tuple[str, str]]) -> dict[str, Any]:
    """The table of branches and quarters: a column for every kind that occurs."""
    used = {short for quarters in found.values() for counts in quarters.values() for short in counts}
    shown = [(short, label) for short, label in shorts if short in used]
    rows = [
        {
            "branch": branch,
            "quarter": quarter,
            "counts": [(label, counts.get(short, 0)) for short, label in shown],
        }
        for branch, quarters in found.items()
        for quarter, counts in quarters.items()
    ]
    return {"kinds": shown, "counts": rows}
