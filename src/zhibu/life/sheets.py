"""Papers of meetings: the minutes, the attendance sheet, the branch's book of a quarter; Chinese, as they are filed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from zhibu.ui.sheet import Sheet

_HEADINGS: Final = (
    (re.compile(r"^[一二三四五六七八九十]{1,3}、"), 1),
    (re.compile(r"^（[一二三四五六七八九十]{1,3}）"), 2),
    (re.compile(r"^\d{1,2}[.．](?!\d)"), 3),
    (re.compile(r"^（\d{1,2}）"), 4),
)
"""How people number what they write: such a line of the minutes is set as a heading of its level."""

_SHORT: Final = 28
"""A numbered line longer than a line of the page is text, not a heading."""


@dataclass(frozen=True, slots=True)
class Item:
    """An item as it is printed: what was said on it, the votes in a sentence each, what was decided."""

    title: str
    remarks: Sequence[tuple[str, str]] = ()
    votes: Sequence[str] = ()
    resolution: str = ""


@dataclass(frozen=True, slots=True)
class Came:
    """One line of the attendance sheet."""

    name: str
    note: str
    state: str
    reason: str = ""
    observer: bool = False


@dataclass(frozen=True, slots=True)
class MeetingPaper:
    """A meeting as its papers tell it. Everything is text already."""

    branch: str
    kind: str
    short: str
    title: str
    day: date
    time: str
    place: str
    chair: str
    minute_taker: str
    counts: str
    came_of: str
    quorum: str
    missing: str
    observers: str
    items: Sequence[Item] = ()
    details: Sequence[tuple[str, Sequence[str]]] = ()
    remarks: Sequence[tuple[str, str]] = ()
    minutes: str = ""
    corrections: Sequence[str] = ()
    came: Sequence[Came] = field(default=())
    closed: str = ""

    @property
    def heading(self) -> str:
        """The title of its minutes."""
        return f"{self.called}记录"

    @property
    def called(self) -> str:
        """Whose meeting it is, and of which kind."""
        return f"{self.branch}会议" if self.branch.endswith("小组") else f"{self.branch}{self.short}"

    @property
    def on(self) -> str:
        """The day in words."""
        return f"{self.day.year}年{self.day.month}月{self.day.day}日"


def put_minutes(sheet: Sheet, paper: MeetingPaper) -> None:
    """The minutes, from their title to the lines for signing."""
    sheet.title(paper.heading)
    sheet.facts(_head(paper))
    for item in paper.items:
        sheet.heading(1, item.title)
        for speaker, text in item.remarks:
            sheet.paragraph(f"{speaker}：{text}")
        for vote in item.votes:
            sheet.paragraph(f"表决：{vote}")
        if item.resolution:
            sheet.paragraph(f"决议：{item.resolution}")
    for label, lines in paper.details:
        sheet.heading(1, label)
        _lines(sheet, lines)
    if paper.remarks:
        sheet.heading(1, "发言")
        for speaker, text in paper.remarks:
            sheet.paragraph(f"{speaker}：{text}")
    if paper.minutes.strip():
        sheet.heading(1, "会议记录")
        _as_written(sheet, paper.minutes)
    if paper.corrections:
        sheet.heading(1, "更正")
        _lines(sheet, paper.corrections)
    sheet.paragraph(" ")
    sheet.paragraph("主持人（签字）：　　　　　　　记录人（签字）：")
    if not paper.closed:
        sheet.paragraph("（本记录尚未归档）")


def put_attendance(sheet: Sheet, paper: MeetingPaper) -> None:
    """The attendance sheet, a line for everyone and room to sign."""
    sheet.title(f"{paper.called}签到表")
    sheet.facts(
        [("时间", f"{paper.on} {paper.time}".strip()), ("地点", paper.place or "—"), ("到会", paper.counts)]
    )
    rows = [
        (number, each.name, each.note, f"{each.state}（{each.reason}）" if each.reason else each.state, "")
        for number, each in enumerate(paper.came, 1)
    ]
    if rows:
        sheet.table(("序号", "姓名", "身份", "到会情况", "签名"), rows, (14, 30, 26, 50, 36))
    else:
        sheet.paragraph("台账只写了人数，没有名单。")


def put_book(sheet: Sheet, branch: str, period: str, meetings: Sequence[MeetingPaper], made: date) -> None:
    """The book of a quarter: a list of its meetings, then the minutes of each on pages of their own."""
    sheet.title(f"{branch}{period}会议记录簿")
    if not meetings:
        sheet.paragraph("本季度没有已归档的会议。")
    else:
        sheet.table(
            ("序号", "日期", "会议", "实到/应到"),
            [
                (number, each.day.isoformat(), _name(each), each.came_of)
                for number, each in enumerate(meetings, 1)
            ],
            (13, 27, 92, 24),
        )
    sheet.paragraph(f"{made.year}年{made.month}月{made.day}日制")
    for each in meetings:
        sheet.page_break()
        put_minutes(sheet, each)


def _name(paper: MeetingPaper) -> str:
    return paper.title if paper.title.startswith(paper.kind) else f"{paper.kind}：{paper.title}"


def _head(paper: MeetingPaper) -> list[tuple[str, Any]]:
    told = [
        ("时间", f"{paper.on} {paper.time}".strip()), ("地点", paper.place), ("主题", "" if paper.title == paper.kind else paper.title),
        ("主持人", paper.chair), ("记录人", paper.minute_taker), ("到会", paper.counts), ("法定人数", paper.quorum),
        ("未到会", paper.missing), ("列席", paper.observers),
    ]  # fmt: skip
    return [(label, value) for label, value in told if value]


def _lines(sheet: Sheet, lines: Sequence[str]) -> None:
    if len(lines) == 1:
        sheet.paragraph(lines[0])
    else:
        for number, line in enumerate(lines, 1):
            sheet.paragraph(f"{number}. {line}")


def _as_written(sheet: Sheet, text: str) -> None:
    """The text as it was written; numbered lines in the typeface of their level, one below that of the section."""
    for line in text.strip().splitlines():
        level = next((level for pattern, level in _HEADINGS if pattern.match(line.strip())), 0)
        if level and len(line.strip()) <= _SHORT:
            sheet.heading(min(level + 1, 4), line.strip(), numbered=False)
        elif line.strip():
            sheet.paragraph(line.strip())
