"""What the branch makes of a quarter: how things stand, causes and measures with owners, filed as a paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhibu.concerns import paper, policies, queries
from zhibu.concerns.actions import checks
from zhibu.concerns.models import Analysis
from zhibu.core.authority import Actor
from zhibu.core.calendar import Quarter
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.life import actions as life
from zhibu.record.writing import write
from zhibu.register.models import Organisation
from zhibu.ui import formats
from zhibu.ui.doors import Stale
from zhibu.undertakings import actions as undertakings
from zhibu.undertakings.models import Undertaking
from zhibu.undertakings.told import Source, Undertaken

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Measure:
    """A cause, what is done about it, who does it and by when."""

    cause: str
    text: str
    owner: int
    due_on: date
    helpers: Sequence[int] = ()


@transaction.atomic
def write_analysis(
    actor: Actor,
    *,
    organisation: Organisation,
    quarter: Quarter,
    findings: str,
    now: datetime,
    version: int = 0,
    named: bool = False,
) -> Analysis:
    """Write down how things stand in a quarter, or put it right until it is filed. About matters, never about who."""
    today = checks.local_day(now)
    found = (
        Analysis.objects.select_for_update()
        .filter(organisation=organisation, covers_on=quarter.first)
        .first()
    )
    refuse_if(
        policies.may_act(actor, "concerns.write_analysis", organisation),
        checks.is_a_branch(organisation, today),
        None
        if quarter.first <= today
        else Refusal("concerns.quarter_to_come", _("这个季度还没有到"), remedy=_("请选择本季度")),
        _not_filed(found),
        checks.said(findings, "concerns.findings_needed", _("请写明基本情况")),
        checks.no_numbers(findings),
        checks.no_names(organisation, (findings,), named=named),
    )
    if found is not None and found.version != version:
        raise Stale([(str(_("基本情况")), found.findings[:200], findings[:200])])
    row = found or Analysis(organisation=organisation, covers_on=quarter.first, version=0)
    row.findings, row.written_on = checks.clean(findings)[:LONGEST], today
    row.version += 1
    row.save()
    write(
        actor, "concerns.write_analysis", row, organisation=organisation, now=now, quarter=quarter.code,
        version=row.version,
    )  # fmt: skip
    return row


@transaction.atomic
def add_measure(actor: Actor, *, analysis: Analysis, measure: Measure, now: datetime) -> Undertaking:
    """Set a measure against a cause: it has an owner and a term, and is followed until it is closed."""
    organisation = analysis.organisation
    refuse_if(
        policies.may_act(actor, "concerns.add_measure", organisation),
        checks.said(measure.cause, "concerns.cause_needed", _("请写明原因"), _("写事，不写人")),
        checks.no_numbers(measure.cause, measure.text),
    )
    told = _("%(quarter)s思想动态分析") % {"quarter": formats.quarter(Quarter.of(analysis.covers_on))}
    what = Undertaken(
        "measure", text=measure.text, owner=measure.owner, due_on=measure.due_on, helpers=measure.helpers,
        problem=measure.cause, source=Source(queries.SOURCE, analysis.pk, told),
    )  # fmt: skip
    made = undertakings.undertake(actor, organisation=organisation, what=what, now=now)
    write(actor, "concerns.add_measure", analysis, organisation=organisation, now=now, undertaking=made.pk)
    return made


@transaction.atomic
def file_analysis(actor: Actor, *, analysis: Analysis, now: datetime) -> Analysis:
    """File the quarter's analysis as a paper: the document the standard on it looks for. It stays as it is from then on."""
    row = Analysis.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=analysis.pk)
    organisation, quarter, today = row.organisation, Quarter.of(row.covers_on), checks.local_day(now)
    refuse_if(
        policies.may_act(actor, "concerns.file_analysis", organisation),
        _not_filed(row),
        None
        if queries.measures(row, today)
        else Refusal("concerns.no_measures", _("还没有原因和措施"), remedy=_("至少写一条：什么原因、怎么办、谁来办、何时办结")),
    )  # fmt: skip
    title = paper.title_of(organisation, quarter)
    file = (f"{title}.docx", paper.laid_out(queries.told_of(row, today), today))
    row.document = life.file_document(
        actor, organisation=organisation, kind="thought_analysis", title=title[:120], covers_on=row.covers_on,
        now=now, file=file,
    )  # fmt: skip
    row.save(update_fields=["document"])
    write(
        actor, "concerns.file_analysis", row, organisation=organisation, now=now, quarter=quarter.code,
        document=row.document.pk,
    )  # fmt: skip
    return row


def _not_filed(row: Analysis | None) -> Refusal | None:
    if row is None or row.document_id is None:
        return None
    return Refusal(
        "concerns.filed",
        _("本季度的分析已经归档，不能再改"),
        remedy=_("新情况写进下一季度；措施仍可在任务里跟进"),
    )
