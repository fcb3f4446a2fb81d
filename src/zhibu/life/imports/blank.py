"""An empty ledger with every column the import knows, for whoever has none of their own yet."""

from __future__ import annotations

from zhibu.life import kinds
from zhibu.life.imports.words import COLUMNS
from zhibu.ui.workbook import Column, write_workbook

WIDTHS = {"title": 30, "missing": 30, "resolution": 40}


def blank() -> bytes:
    """The workbook, with what a date, a kind and an absence look like in the line above its head."""
    known = "、".join(kind.title.zh for kind in kinds.known().values())
    return write_workbook(
        [Column(each.label, width=WIDTHS.get(each.key)) for each in COLUMNS],
        [],
        title="组织生活台账",
        note=f"时间写 2026-07-03；缺席写“张三（出差）、李四（病假）”；活动类别：{known}。涉密内容不得填写。",
        sheet="组织生活台账",
    )
