"""A roster as a workbook, in the columns of the import, and the empty form of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from zhibu.register import secrets
from zhibu.register.identity import mask_id, mask_phone
from zhibu.register.imports.columns import LABELS
from zhibu.register.models import MEMBER_STAGES, Sex, Stage
from zhibu.register.queries import RosterLine
from zhibu.ui.formats import instant
from zhibu.ui.language import in_chinese
from zhibu.ui.workbook import Column, write_workbook

FIELDS = (
    "branch", "name", "sex", "id", "nation", "born", "education", "kind", "joined", "full", "position", "phone",
    "group", "post", "mobile", "place", "dues", "note",
)  # fmt: skip
_WIDTHS = {"branch": 22, "name": 10, "sex": 6, "id": 21, "nation": 8, "education": 12, "kind": 11, "position": 22,
           "phone": 14, "group": 13, "post": 14, "mobile": 9, "place": 16, "note": 18}  # fmt: skip
_KINDS = {"born": "day", "joined": "day", "full": "day", "dues": "fen"}
# what the import reads back: 「积极分子」 is written as the national system writes it
_STAGES = {Stage.ACTIVIST.value: "入党积极分子"}


def columns() -> list[Column]:
    return [
        Column(LABELS[name], kind=_KINDS.get(name, "text"), width=_WIDTHS.get(name, 0) or None)
        for name in FIELDS
    ]


def workbook(
    rows: Sequence[RosterLine],
    organisation: str,
    today: date,
    *,
    exported_by: str,
    at: datetime,
    serial: int,
    unmasked: bool,
) -> bytes:
    """The workbook; its note names who exported it, when, and the serial of the record's entry."""
    note = f"截至 {today.isoformat()}　共 {len(rows)} 人　导出人：{exported_by}　{instant(at)}　编号 {serial}"
    return write_workbook(
        columns(), [_cells(row, unmasked=unmasked) for row in rows], title=f"{organisation}党员名册", note=note,
        sheet="党员名册",
    )  # fmt: skip


def template() -> bytes:
    """An empty roster with every column, to be filled in."""
    return write_workbook(
        columns(),
        [],
        title="党员名册",
        note="涉密信息不得填写。公民身份号码、手机号码按文本填写。",
        sheet="党员名册",
    )


def _cells(row: RosterLine, *, unmasked: bool) -> list[object]:
    number, phone = secrets.open_id(row.id_sealed), secrets.open_phone(row.phone_sealed)
    stage = _STAGES.get(row.stage, in_chinese(Stage(row.stage).label))
    return [
        row.branch, row.name, in_chinese(Sex(row.sex).label) if row.sex != "0" else "",
        number if unmasked else mask_id(number), row.nation, row.born_on, row.education, stage, row.joined_on,
        row.full_since if row.stage in MEMBER_STAGES else None, row.position, phone if unmasked else mask_phone(phone),
        row.group, row.posts, "是" if row.mobile else "", row.place, row.dues_fen, row.note,
    ]  # fmt: skip
