"""A committee's quarter on paper: workbook and official document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from zhibu.ui import formats
from zhibu.ui.document import Document
from zhibu.ui.language import pick
from zhibu.ui.workbook import Column, write_workbook

from . import queries
from .queries import BranchLine, Committee


def workbook(found: Committee, lines: Sequence[BranchLine]) -> bytes:
    """Branches with place, points and one column a standard (points earned, hundredths)."""
    standards = [name for name in found.book.standards if any(name in line.standards for line in found.lines)]
    columns = [
        Column(_("名次"), kind="number"),
        Column(_("同组"), kind="number"),
        Column(_("党支部"), width=28),
        Column(_("上级党组织"), width=24),
        Column(_("单位类型"), width=12),
        Column(_("得分"), kind="points"),
        Column(_("较上季"), kind="points"),
        Column(_("自评"), kind="points"),
        Column(_("档次"), width=8),
        *(Column(name, kind="points", width=7) for name in standards),
    ]
    rows = [
        (
            line.place, line.of, line.name, line.above or found.organisation.name, queries.unit_type_label(line.unit_type), line.points, line.change,
            line.self_points, queries.band_told(line.band), *(queries.cell_points(line, name) for name in standards),
        )
        for line in lines
    ]  # fmt: skip
    title = _("%(committee)s %(quarter)s党支部考核") % {
        "committee": found.organisation.name,
        "quarter": formats.quarter(found.quarter),
    }
    return write_workbook(columns, rows, title=title, note=_("空白为本季不评、不适用或尚未评审"))


def told_with_superior(line: BranchLine) -> str:
    """A branch with its superior: branches of several units have the same name."""
    return _("{name}（{above}）").format(name=line.name, above=line.above) if line.above else line.name


def document(found: Committee, today: date) -> bytes:
    """The quarter's report: how it stands, the best, the weak with their reasons, each standard's mean."""
    committee, quarter = found.organisation.name, formats.quarter(found.quarter)
    paper = Document(_("关于%(quarter)s党支部考核情况的通报") % {"quarter": quarter})
    numbers = queries.counts(found)
    paper.paragraph(
        _("%(quarter)s，%(committee)s对所属%(count)d个党支部开展考核，平均得分%(mean)s分。其中%(good)s分以上%(high)d个，%(weak)s分以下%(low)d个，本季不评%(none)d个。")
        % {
            "quarter": quarter, "committee": committee, "count": numbers["assessed"], "mean": formats.points(found.mean),
            "high": numbers["high"], "low": numbers["low"], "none": numbers["not_assessed"],
            "good": queries.scheme_told("five_good_average", found.quarter), "weak": queries.scheme_told("weak_below", found.quarter),
        }
    )  # fmt: skip
    ends = queries.ends(found)
    paper.heading(1, _("一、排名靠前的党支部"))
    paper.table(
        [_("党支部"), _("得分"), _("名次")],
        [
            (told_with_superior(e.line), formats.points(e.line.points), queries.place_told(e.line))
            for e in ends.top
        ],
    )
    paper.heading(1, _("二、需要帮助的党支部"))
    paper.table(
        [_("党支部"), _("得分"), _("主要失分")],
        [
            (told_with_superior(e.line), formats.points(e.line.points), _("；").join(e.reasons))
            for e in ends.bottom
        ],
    )
    paper.heading(1, _("三、各项标准得分率"))
    paper.table([_("标准"), _("得分率")], [(f"{m.id} {pick(m.title)}", m.told) for m in queries.means(found)])
    paper.signature(committee, today)
    return paper.bytes()
