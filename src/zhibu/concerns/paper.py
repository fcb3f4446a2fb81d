"""The quarter's analysis as a paper to be signed and filed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhibu.core.calendar import Quarter
from zhibu.register.models import Organisation
from zhibu.ui import formats
from zhibu.ui.document import Document

if TYPE_CHECKING:
    from zhibu.concerns.queries import Told


def title_of(organisation: Organisation, quarter: Quarter) -> str:
    """What it is called."""
    values = {"name": organisation.name, "quarter": formats.quarter(quarter)}
    return _("%(name)s%(quarter)s员工思想动态分析") % values


def laid_out(told: Told, today: date) -> bytes:
    """The file: how things stand, what the survey says, causes and measures, what became of the last ones."""
    document = Document(title_of(told.organisation, told.quarter))
    document.heading(1, _("基本情况"))
    for line in told.analysis.findings.splitlines() if told.analysis else ():
        document.paragraph(line)
    if told.survey is not None and told.heard:
        document.heading(1, _("问卷汇总"))
        count = told.survey.answers or 0
        document.paragraph(
            ngettext(
                "自愿、不记名，收到 %(n)d 份。不足 %(few)d 份的不列。",
                "自愿、不记名，收到 %(n)d 份。不足 %(few)d 份的不列。",
                count,
            )
            % {"n": count, "few": told.survey.fewest}
        )
        document.paragraph(
            _("凭一次性卡片填写，备卡 %(n)d 张，一张卡片一份。") % {"n": told.survey.slips}
            if told.survey.slips
            else _("凭网址填写，同一个人填几份分不出来，以下是份数，不等于人数。")
        )
        for heard in told.heard:
            if heard.lines:
                rows = [(line.title, line.count, f"{line.percent}%") for line in heard.lines]
                document.paragraph(heard.title)
                document.table([_("选项"), _("份数"), _("比例")], rows)
    document.heading(1, _("原因和措施"))
    document.table(
        [_("原因"), _("措施"), _("责任人"), _("期限")],
        [
            (row["problem"], row["text"], row["owner__name"], formats.day(row["due_on"]))
            for row in told.measures
        ],
    )
    if told.before:
        document.heading(1, _("上季度措施落实"))
        document.table(
            [_("措施"), _("责任人"), _("结果")],
            [(row["text"], row["owner__name"], row["result"] or row["marks"][0][0]) for row in told.before],
        )
    document.signature(told.organisation.name, today)
    return document.bytes()
