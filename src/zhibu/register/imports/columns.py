"""Which column of a roster is which: names in use, and finding the header below the title rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from zhibu.register.imports.report import FileFault

SEARCHED_ROWS = 40
"""Title rows stand above the header; further down than this nobody puts it."""

LABELS: dict[str, str] = {
    "branch": "所在党支部",
    "name": "姓名",
    "sex": "性别",
    "id": "公民身份号码",
    "nation": "民族",
    "born": "出生日期",
    "education": "学历",
    "kind": "人员类别",
    "joined": "入党日期",
    "full": "转正日期",
    "position": "工作岗位",
    "phone": "手机号码",
    "group": "党小组",
    "post": "党内职务",
    "mobile": "是否流动党员",
    "place": "外出地点",
    "dues": "月交党费标准",
    "note": "备注",
    "applied": "申请入党日期",
    "activist": "确定入党积极分子日期",
    "prospect": "确定发展对象日期",
}
"""Fields of a roster and the heading our own export writes above each."""

_ALIASES: dict[str, str] = {
    "branch": "所属党支部 党支部 所在支部 所属支部 党支部名称 支部名称 所在党组织 所属党组织 隶属党组织 支部 所在党支部名称",
    "name": "党员姓名 名字 姓 名",
    "sex": "性 别",
    "id": "身份证号 身份证号码 身份证 公民身份证号码 居民身份证号码 居民身份证 公民身份号 身份号码 证件号码",
    "nation": "",
    "born": "出生年月 出生年月日 生日 出生时间",
    "education": "文化程度 最高学历 文化水平",
    "kind": "党员类别 党员身份 类别 党员性质",
    "joined": "入党时间 加入党组织日期 加入党组织时间 入党年月 加入中共组织日期 加入中国共产党日期",
    "full": "转正时间 转为正式党员日期 转为正式党员时间 成为正式党员日期 转正年月",
    "position": "岗位 工作岗位及职务 工作单位及职务 从事工作",
    "phone": "手机号 手机 联系电话 电话 联系方式 移动电话 电话号码 联系手机",
    "group": "所在党小组 所属党小组 党小组名称 小组",
    "post": "职务 党内任职 支部职务 党组织职务 党内职务名称",
    "mobile": "是否流动 流动党员 是否为流动党员",
    "place": "外出地 流动地点 外出流向 流入地 外出地址 流动去向",
    "dues": "月交党费 月缴党费 党费标准 每月党费 月党费标准 月缴纳党费标准 月缴党费标准 党费 每月应交党费",
    "note": "说明",
    "applied": "申请入党时间 递交入党申请书日期 递交入党申请书时间",
    "activist": "确定入党积极分子时间 列为积极分子日期 列为入党积极分子日期 确定积极分子日期",
    "prospect": "列为发展对象日期 确定发展对象时间 列为发展对象时间",
}
_BY_HEADING = {
    heading: field
    for field, label in LABELS.items()
    for heading in (label, *_ALIASES[field].split(" "))
    if len(heading) > 1
}
_NUMBERING = frozenset({"序号", "编号", "序", "NO", "NO."})
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands (row numbers as the spreadsheet shows them) and which column holds which field."""

    row: int
    last_row: int
    fields: dict[str, int]
    headings: dict[str, str]
    unused: tuple[str, ...]

    @property
    def first_data_row(self) -> int:
        return self.last_row + 1


def heading_of(value: object) -> str:
    """A heading without blanks, marks for required columns, and remarks in brackets (`月交党费标准（元）`)."""
    text = unicodedata.normalize("NFKC", str(value if value is not None else ""))
    return re.sub(r"[\s*:：]+", "", _BRACKETS.sub("", text)).upper() if text else ""


def field_of(value: object) -> str | None:
    """The field a heading stands for, or None."""
    return _BY_HEADING.get(heading_of(value))


def header_of(rows: Sequence[Sequence[object]]) -> Header | None:
    """The header of a sheet: the row with most known headings among the first rows, with a name and two more.

    Raises FileFault(`column_twice`) when two columns bear the same heading.
    """
    best, at = 0, -1
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        known = [field for cell in row if (field := field_of(cell))]
        if "name" in known and len(set(known)) > best:
            best, at = len(set(known)), index
    return _read_header(rows, at) if best >= 3 else None


def _read_header(rows: Sequence[Sequence[object]], at: int) -> Header:
    """Read the header at an index; headings may stand on a second row under a wider one (流动情况: 是否流动, 外出地点)."""
    below = rows[at + 1] if at + 1 < len(rows) else ()
    two_rows = any(field_of(cell) for cell in below) and not (
        len(below) > 0 and {field_of(cell) for cell in below} >= {field_of(cell) for cell in rows[at]}
    )
    cells = [
        below[column] if two_rows and column < len(below) and field_of(below[column]) else cell
        for column, cell in enumerate([*rows[at], *[""] * max(0, len(below) - len(rows[at]))])
    ]
    fields: dict[str, int] = {}
    headings: dict[str, str] = {}
    unused: list[str] = []
    for column, cell in enumerate(cells):
        field = field_of(cell)
        if field is None:
            if (heading := heading_of(cell)) and heading not in _NUMBERING:
                unused.append(heading)
            continue
        if field in fields:
            raise FileFault("column_twice", row=at + 1, what=heading_of(cell), other=headings[field])
        fields[field], headings[field] = column, str(cell).strip()
    return Header(at + 1, at + 1 + two_rows, fields, headings, tuple(unused))
