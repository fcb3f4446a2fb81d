"""Rosters in and out: upload, check, import, undo, export."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhibu.record.models import ImportBatch, ImportState
from zhibu.record.progress import told_to
from zhibu.register import actions, forms, imports, queries, roster_sheet
from zhibu.register.views.lists import filters_of
from zhibu.register.views.pages import act_page
from zhibu.ui import clock, listing
from zhibu.ui.doors import SUBMISSION, door
from zhibu.ui.workbook import workbook_response

TARGETS = (
    "primary_committee",
    "general_branch",
    "branch",
    "joint_branch",
    "temporary_branch",
    "mobile_branch",
)


@door("register.import_roster", once=True)
def import_roster(request: HttpRequest) -> HttpResponse:
    """Choose a file. It is checked at once; nothing is written to the register before the next page."""
    choices = queries.choices_below(request.actor, "register.import_roster", TARGETS)
    given = (request.POST, request.FILES) if request.POST else (None, None)
    form = forms.ImportForm(
        *given, organisations=choices, initial={"organisation": request.GET.get("organisation")}
    )
    if request.method == "POST" and form.is_valid():
        place = queries.organisation_for(
            request.actor, form.cleaned_data["organisation"], "register.import_roster"
        )
        file = form.cleaned_data["file"]
        with told_to(request.actor.user, request.POST.get(SUBMISSION, "")) as tell:
            batch = imports.stage(
                request.actor, organisation=place, data=file.read(), filename=file.name,
                today=clock.today(request), now=clock.now(request), tell=tell,
            )  # fmt: skip
        return redirect("register:import_batch", batch.pk)
    page = listing.page_of(request, queries.batches_of(request.actor), size=20)
    context = {"form": form, "choices": choices, "page": page, "step_labels": step_labels()}
    return render(request, "register/import_roster.html", context)


def step_labels() -> list[str]:
    return [_("选择文件"), _("核对"), _("完成")]


@door("register.import_roster", once=True)
def import_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """What the check found; importing is the button under it."""
    batch = queries.batch_for(request.actor, pk)
    report = imports.report_of(batch)
    form = forms.NewBranches(request.POST or None, initial=report.new_branches)
    if request.method == "POST" and form.is_valid():
        return _apply(
            request, batch, {each["name"]: (each["kind"], each["unit_type"]) for each in form.cleaned_data}
        )
    context = {
        "batch": batch,
        "report": report,
        "form": form,
        "branch_rows": [
            {"form": each, "name": each.initial["name"], "count": report.by_branch[each.initial["name"]]}
            for each in form.forms
        ],
        "changes": [{**each, "words": imports.change_words(each["fields"])} for each in report.changes[:500]],
        "step_labels": step_labels(),
        "place": queries.organisation_for(request.actor, batch.organisation_id, "register.import_roster"),
        "waits": batch.state == ImportState.STAGED and bool(batch.staged),
        "step": {ImportState.STAGED: 2, ImportState.REFUSED: 2}.get(ImportState(batch.state), 3),
    }
    return render(request, "register/import_batch.html", context)


def _apply(request: HttpRequest, batch: ImportBatch, choices: dict[str, tuple[str, str]]) -> HttpResponse:
    """Import the staged file; the register may have changed since the check, so it is judged again."""
    data = imports.staged_bytes(batch)
    if data is None:
        messages.warning(request, _("这次校验已经用过或过期，请重新选择文件。"))
        return redirect("register:import_roster")
    place = queries.organisation_for(request.actor, batch.organisation_id, "register.import_roster")
    with told_to(request.actor.user, request.POST.get(SUBMISSION, "")) as tell:
        report = actions.import_roster(
            request.actor, organisation=place, data=data, filename=batch.file_name, today=clock.today(request),
            now=clock.now(request), choices=choices, batch=batch, tell=tell,
        )  # fmt: skip
    if report.imported:
        messages.success(request, _("已导入 %(n)s 人") % {"n": report.imported})
    else:
        imports.keep_report(batch, report)
    return redirect("register:import_batch", batch.pk)


@door("register.undo_import", once=True)
def undo_import(request: HttpRequest, pk: int) -> HttpResponse:
    batch = queries.batch_for(request.actor, pk, "register.undo_import")
    form = forms.forms.Form(request.POST or None)
    if request.method == "POST":
        actions.undo_import(request.actor, batch=batch, now=clock.now(request))
        messages.success(request, _("已撤销这次导入"))
        return redirect("register:import_roster")
    return act_page(
        request, form, title=_("撤销导入"), button=_("撤销这次导入"), danger=True,
        back=f"/register/import/{batch.pk}",
        note=_("“%(file)s”新建的 %(n)s 人及其党支部、党小组、职务将全部删除，更新过的恢复原状。")
        % {"file": batch.file_name, "n": batch.report.get("new", 0)},
    )  # fmt: skip


@door("register.import_roster")
def roster_template(request: HttpRequest) -> HttpResponse:
    """An empty roster with every column."""
    return workbook_response(_("党员名册样表.xlsx"), roster_sheet.template())


@door("register.export_roster")
def export_roster(request: HttpRequest) -> HttpResponse:
    """Export in the columns of the import, the list's filters kept."""
    today = clock.today(request)
    choices = queries.choices_below(request.actor, "register.export_roster", TARGETS)
    form = forms.ExportForm(
        request.POST or None, organisations=choices, initial={"organisation": request.GET.get("organisation")}
    )
    if request.method == "POST" and form.is_valid():
        place = queries.organisation_for(
            request.actor, form.cleaned_data.pop("organisation"), "register.export_roster"
        )
        exported = actions.export_roster(
            request.actor, organisation=place, today=today, now=clock.now(request), filters=filters_of(request),
            **form.cleaned_data,
        )  # fmt: skip
        return workbook_response(exported.filename, exported.content)
    return act_page(
        request, form, title=_("导出名册"), button=_("导出"), back="/register/members",
        note=_("号码默认遮盖。导出人、时间、用途和编号写入文件并记入留痕。"),
    )  # fmt: skip
