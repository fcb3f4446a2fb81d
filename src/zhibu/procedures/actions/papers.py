"""Papers that are handed in or scanned."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.norms.procedures import PaperKind, Procedure
from zhibu.core.procedure.refusals import WORDS
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.core.wording import Text
from zhibu.procedures import policies
from zhibu.procedures.actions.standing import local_day, locked, refresh
from zhibu.procedures.models import Case, CasePaper, StepTaken
from zhibu.procedures.queries.documents import Made, case_file
from zhibu.procedures.queries.engine import procedure_of
from zhibu.record.attachments import attach
from zhibu.record.past import instant
from zhibu.record.writing import write

MISSING, FILED_LATE = "paper_missing", "paper_filed_late"
AFTER = Text("，登记 {} 天后补归", ", filed {} days after the entry")


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
        filed_on=row.filed_on.isoformat(), answers=_answered(case, procedure, today, now),
    )  # fmt: skip
    refresh(case, today, now)
    return row


def _answered(case: Case, procedure: Procedure | None, today: date, now: datetime) -> list[int]:
    """Steps that were cautioned for want of papers now on file; of each it stays visible that the paper came late."""
    found: list[int] = []
    there = set(CasePaper.objects.filter(case=case).values_list("paper", flat=True))
    steps = {each.id: each for each in procedure.steps} if procedure else {}
    for row in StepTaken.objects.filter(case=case, reversed=0).order_by("pk"):
        step = steps.get(row.step)
        if step is None or procedure is None:
            continue
        if MISSING in row.cautions:
            missing = {_missing(procedure.papers[name]).zh for name in step.needs if name not in there}
            if _cleared(row, missing, late=(today - row.entered_on).days):
                row.known_at = instant(now)
                row.save()
                found.append(row.pk)
        there |= set(step.makes)
    return found


def _cleared(row: StepTaken, missing: set[str], *, late: int) -> bool:
    """Whether a paper that was missing is there: filed on the day of the entry it says nothing, later it says so."""
    before = list(row.cautions)
    words = row.caution_words or [["", ""] for _code in before]
    kept: list[tuple[str, list[str]]] = []
    for code, told in zip(before, words, strict=True):
        if code != MISSING or (told[0] in missing if told[0] else missing):
            kept.append((code, told))
        elif late:
            kept.append((FILED_LATE, [told[0] + AFTER.zh.format(late), told[1] + AFTER.en.format(late)]))
            row.paper_delay = max(row.paper_delay, late)
    row.cautions, row.caution_words = [code for code, _told in kept], [told for _code, told in kept]
    row.cautioned = int(any(code != FILED_LATE for code, _told in kept))
    return row.cautions != before


def _missing(paper: PaperKind) -> Text:
    return WORDS[MISSING][0].filled({"paper": paper.title.zh})


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
