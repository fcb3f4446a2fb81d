"""Papers that are handed in or scanned."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.procedures import policies
from zhibu.procedures.actions.standing import local_day, locked, refresh
from zhibu.procedures.models import Case, CasePaper
from zhibu.procedures.queries.documents import Made, case_file
from zhibu.procedures.queries.engine import procedure_of
from zhibu.record.attachments import attach
from zhibu.record.writing import write


@transaction.atomic
def attach_paper(
    actor: Actor,
    *,
    case: Case,
    paper: str,
    now: datetime,
    file: tuple[str, bytes] | None = None,
    note: str = "",
    filed_on: date | None = None,
) -> CasePaper:
    """File a paper with the case: the file itself (name, bytes), or where the original lies.

    A controlled paper is never made here; that its original exists, and where, is what is filed.
    """
    case, today = locked(case), local_day(now)
    procedure = procedure_of(case.procedure)
    known = procedure.papers.get(paper) if procedure else None
    refuse_if(
        policies.must_hold(actor, "procedures.attach_paper", case.organisation),
        None if known else Refusal("procedures.unknown_paper", _("这个程序没有这种材料")),
        None if file or note.strip() else Refusal(
            "procedures.paper_or_place", _("请上传文件，或写明原件存放处"), remedy=_("纸质原件写明存放处即可")
        ),
        Refusal("procedures.day_in_future", _("日期不能在今天之后"), remedy=_("请核对日期"))
        if filed_on and filed_on > today else None,
    )  # fmt: skip
    row = CasePaper.objects.create(
        case=case, paper=paper, note=note.strip()[:200], filed_on=filed_on or today, filed_by=actor.name
    )
    if file is not None:
        verb = "procedures.take_step" if known and known.sensitive else "procedures.view"
        row.attachment = attach(
            actor, subject=row, organisation=case.organisation, read_verb=verb, name=file[0], content=file[1], now=now
        )  # fmt: skip
        row.save(update_fields=["attachment"])
    write(
        actor, "procedures.attach_paper", case, organisation=case.organisation, now=now, paper=paper, row=row.pk,
        filed_on=row.filed_on.isoformat(),
    )  # fmt: skip
    refresh(case, today, now)
    return row


@transaction.atomic
def export_case(actor: Actor, *, case: Case, reason: str, now: datetime) -> Made:
    """Hand out the whole case in one archive: papers, attachments, index, checksums. Who took it, and why, is recorded."""
    refuse_if(
        policies.must_hold(actor, "procedures.export_case", case.organisation),
        None
        if reason.strip()
        else Refusal(
            "procedures.reason_missing", _("导出案卷要写明用途"), remedy=_("请填写用途，如“移交档案”")
        ),
    )
    made = case_file(actor, case, local_day(now))
    write(
        actor, "procedures.export_case", case, organisation=case.organisation, now=now, reason=reason.strip()[:200],
        digest=sha256(made.content).hexdigest(),
    )  # fmt: skip
    return made
