"""Acts on whole rosters: importing one, taking an import back, exporting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhibu import record, rulebook
from zhibu.core.authority import Actor, may
from zhibu.core.refusal import Refusal, Refused, refuse_if
from zhibu.record.models import ImportBatch, ImportState
from zhibu.record.progress import Tell, silent
from zhibu.register import policies, queries, roster_sheet
from zhibu.register.imports import undoing
from zhibu.register.imports.applying import Undo, apply
from zhibu.register.imports.checking import compare, read_file
from zhibu.register.imports.plan import Plan
from zhibu.register.imports.report import FileFault, Finding, Report
from zhibu.register.imports.staging import KIND
from zhibu.register.models import Organisation
from zhibu.ui.language import pick

BLOCKERS = {
    "person_edited": gettext_lazy("已修改的人员"),
    "membership_changed": gettext_lazy("已变动的组织关系"),
    "post_changed": gettext_lazy("已变动的职务"),
    "organisation_edited": gettext_lazy("已修改的党组织"),
}


@transaction.atomic
def import_roster(
    actor: Actor,
    *,
    organisation: Organisation,
    data: bytes,
    filename: str,
    today: date,
    now: datetime,
    choices: Mapping[str, tuple[str, str]] | None = None,
    batch: ImportBatch | None = None,
    tell: Tell = silent,
) -> Report:
    """Import a roster below an organisation: every row or none. The report says what was done, or why nothing was.

    `choices` corrects kind and unit type of created branches, by name. The same file again changes nothing.
    """
    try:
        read = read_file(data, filename, today, tell)
    except FileFault as fault:
        raise fault.refused() from None
    # two imports into one organisation follow one another
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    refuse_if(
        policies.must_hold(actor, "register.import_roster", organisation), policies.must_be_open(organisation)
    )
    report, plan = compare(read, actor, organisation, choices, tell)
    report.refused += _may_not_create(actor, organisation, plan)
    if not report.accepted or report.changes_nothing:
        return report
    try:
        with transaction.atomic():
            undo = apply(plan, today, now, tell)
    except IntegrityError:
        raise Refused(
            Refusal(
                "register_changed", _("导入期间名册被别人修改了，本次没有写入。"), remedy=_("请再导入一次。")
            )
        ) from None
    report.imported = report.counts["new"] + report.counts["changed"]
    _finish(actor, organisation, batch, report, plan, undo=undo, digest=sha256(data).hexdigest(), now=now)
    return report


def _finish(
    actor: Actor,
    organisation: Organisation,
    batch: ImportBatch | None,
    report: Report,
    plan: Plan,
    *,
    undo: Undo,
    digest: str,
    now: datetime,
) -> None:
    """Keep what the import did, how to undo it, and the entry that says so."""
    batch = batch or ImportBatch(kind=KIND, organisation_id=organisation.pk, at=now)
    _applied(batch, report, undo.to_json(), actor, digest, now)
    report.batch = batch.pk
    record.write(
        actor, "register.import_roster", batch, organisation=organisation, now=now,
        sha256=batch.sha256, rows=report.data_rows, new=report.counts["new"], changed=report.counts["changed"],
        branches=[each["name"] for each in report.new_branches], groups=len(report.new_groups),
        changes=[
            [line.known.person.pk, line.fields] for line in plan.lines if line.known is not None and line.is_changed
        ],
    )  # fmt: skip


def _may_not_create(actor: Actor, organisation: Organisation, plan: Plan) -> list[Finding]:
    if not plan.targets.new_branches or may(actor, "register.create_organisation", organisation.path):
        return []
    new = {id(branch) for branch in plan.targets.new_branches}
    return [
        Finding(
            line.row.excel_row,
            plan.targets.heading,
            "branch_not_yet",
            line.branch.name,
            {"what": line.branch.name},
        )
        for line in plan.lines
        if id(line.branch) in new
    ]


def _applied(
    batch: ImportBatch, report: Report, undo: dict[str, object], actor: Actor, digest: str, now: datetime
) -> None:
    batch.file_name, batch.sha256, batch.rows = report.filename[-200:], digest, report.data_rows
    batch.state, batch.staged = ImportState.APPLIED, []
    batch.undo, batch.applied_at = undo, now
    batch.actor_user, batch.actor_name = actor.user, actor.name
    batch.save()
    report.batch = batch.pk
    batch.report = report.stored()
    batch.save(update_fields=["report"])


@transaction.atomic
def undo_import(actor: Actor, *, batch: ImportBatch, now: datetime) -> ImportBatch:
    """Take an import back: what it created goes, what it changed is as before.

    Refused, with what stands in the way, when anything was built on it since: a meeting's roll, a payment, an edit.
    """
    organisation = Organisation.objects.select_for_update().get(pk=batch.organisation_id)
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    refuse_if(
        policies.must_hold(actor, "register.undo_import", organisation),
        None
        if batch.state == ImportState.APPLIED
        else Refusal("not_applied", _("这次导入没有生效，或已经撤销。")),
    )
    found = undoing.blockers(batch.undo)
    if found:
        what = _("、").join(f"{_named(name)} {count}" for name, count in found.most_common())
        raise Refused(
            Refusal(
                "built_upon", _("导入之后已有新的记录，不能整批撤销：{what}。"), {"what": what},
                remedy=_("请逐条更正，或先撤销后来的记录。"),
            )
        )  # fmt: skip
    undoing.revert(batch.undo, now)
    batch.state, batch.undone_at = ImportState.UNDONE, now
    batch.save(update_fields=["state", "undone_at"])
    record.write(
        actor,
        "register.undo_import",
        batch,
        organisation=organisation,
        now=now,
        sha256=batch.sha256,
        rows=batch.rows,
    )
    return batch


def _named(table: str) -> str:
    """What a reader calls the rows of a table: the label it has as evidence, where it has one."""
    labels = {each.table: each.label for each in rulebook.load().tables.values()}
    return str(BLOCKERS.get(table, "")) or (pick(labels[table]) if table in labels else table)


@dataclass(frozen=True, slots=True)
class Exported:
    """A roster as a workbook, and what to call the file."""

    filename: str
    content: bytes
    rows: int


@transaction.atomic
def export_roster(
    actor: Actor,
    *,
    organisation: Organisation,
    reason: str,
    today: date,
    now: datetime,
    filters: queries.Filters | None = None,
    unmasked: bool = False,
) -> Exported:
    """Export the roster of an organisation in the columns of the import. Who exported what, and why, is recorded.

    Numbers are masked; `unmasked` needs the second verb `register.reveal`. The sheet names its exporter and serial.
    """
    refuse_if(
        policies.must_hold(actor, "register.export_roster", organisation),
        policies.must_hold(actor, "register.reveal", organisation) if unmasked else None,
        None
        if reason.strip()
        else Refusal("reason_missing", _("导出名册要写明用途。"), remedy=_("请填写用途，如“上级统计”。")),
    )
    rows = queries.roster_rows(actor, organisation, filters or queries.Filters(), today)
    entry = record.write(
        actor, "register.export_roster", organisation, organisation=organisation, now=now,
        reason=reason.strip(), rows=len(rows), unmasked=unmasked,
    )  # fmt: skip
    content = roster_sheet.workbook(
        rows, organisation.name, today, exported_by=actor.name, at=now, serial=entry.pk, unmasked=unmasked
    )
    return Exported(f"{organisation.name}党员名册-{today:%Y%m%d}.xlsx", content, len(rows))
