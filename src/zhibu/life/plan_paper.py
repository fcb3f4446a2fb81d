"""The plan of a year or a quarter as a document in the layout of GB/T 9704-2012."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from zhibu.core.calendar import Quarter
from zhibu.life.planned import PlanState
from zhibu.life.queries.plans import Line, Sheet
from zhibu.ui import formats
from zhibu.ui.document import Document, document_response


def document(sheet: Sheet, quarter: Quarter | None = None) -> HttpResponse:
    """The plan as a download; of one quarter when one is named."""
    plan = sheet.plan
    period = formats.quarter(quarter) if quarter else _("%(year)d年") % {"year": plan.covers_on.year}
    name = _("%(branch)s%(period)s工作计划") % {"branch": plan.organisation.name, "period": period}
    paper = Document(name)
    if plan.state != PlanState.ADOPTED:
        paper.paragraph(_("（草案，支部委员会尚未通过）"))
    if plan.aims:
        paper.heading(1, _("工作要点")).paragraph(plan.aims)
    paper.heading(1, _("会议活动安排"))
    for each, lines in sheet.quarters:
        kept = [line for line in lines if not line.item.dropped]
        if not kept:
            continue
        paper.heading(2, formats.quarter(each))
        rows = [(_when(line), _what(line), line.item.place or formats.NOTHING) for line in kept]
        paper.table((_("时间"), _("内容"), _("地点")), rows, widths=(46, 70, 40))
    if sheet.work:
        paper.heading(1, _("其他工作"))
        for line in sheet.work:
            if not line.item.dropped:
                paper.paragraph(f"{line.item.title}（{cadence(line)}）。")
    dropped = [line for line in _all(sheet) if line.item.dropped]
    if dropped:
        paper.heading(1, _("规定要求而本年不安排的"))
        for line in dropped:
            paper.paragraph(f"{_what(line)}（{line.item.until_on.isoformat()}）：{line.item.reason}")
    paper.signature(plan.organisation.name, plan.adopted_on)
    return document_response(f"{name}.docx", paper.bytes())


def _all(sheet: Sheet) -> list[Line]:
    return [line for _quarter, lines in sheet.quarters for line in lines] + list(sheet.work)


def _when(line: Line) -> str:
    item = line.item
    if item.day is None:
        return _("%(day)s前") % {
            "day": formats.near(item.until_on).rpartition(" ")[0] or formats.near(item.until_on)
        }
    hour = f" {item.starts_at:%H:%M}" if item.starts_at else ""
    return formats.near(item.day) + hour


def _what(line: Line) -> str:
    group = line.item.party_group
    return f"{line.item.title}（{group.name}）" if group else line.item.title


def cadence(line: Line) -> str:
    """How often work comes back, or until when it is to be done."""
    words = {
        "month": _("每月"), "quarter": _("每季度"), "half_year": _("每半年"), "year": _("全年"), "continuous": _("经常"),
    }  # fmt: skip
    return words.get(line.item.cadence) or _("%(day)s前") % {"day": line.item.until_on.isoformat()}
