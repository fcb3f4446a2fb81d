"""Checking a year's meeting ledger: every row, every cell, before anything is entered."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date

from django.utils.translation import gettext as _

from zhibu.core.authority import Actor
from zhibu.core.calendar import Quarter
from zhibu.core.days import parse_day
from zhibu.core.refusal import Refusal, Refused
from zhibu.life import kinds, queries
from zhibu.life.imports.absences import Absence, parse_absences, written
from zhibu.life.imports.register import Branch, Register, folded
from zhibu.life.imports.report import Finding, Planned, Report
from zhibu.life.imports.words import COLUMNS, kind_of, known_kinds, short_of, tag_of
from zhibu.life.models import AttendanceState
from zhibu.record import files, sheets
from zhibu.record.progress import CHECKING, READING, Tell, counted, silent

MAX_PEOPLE = 10_000


def check(content: bytes, *, actor: Actor, today: date, file_name: str = "", tell: Tell = silent) -> Report:
    """Check a ledger against the register in the actor's reach. Nothing is written.

    Raises Refused for a file that is no readable ledger (`files.inspect`, no header). Stated numbers are kept; where
    they differ from the roll of the day, the report says so as a caution.
    """
    found = files.inspect(content, files.SHEETS)
    tell(READING, 0, 0)
    try:
        table = sheets.read(content, COLUMNS)
    except sheets.Unreadable as error:
        raise Refused(Refusal(code=error.code, message=error.message, remedy=error.remedy)) from error
    report = Report(
        file_name=file_name, sha256=found.sha256, rows=len(table.rows), ignored_columns=table.unknown
    )
    if not table.rows:
        raise Refused(Refusal("sheet.empty", _("表头之下没有数据"), remedy=_("请填写会议后再导入")))
    register = Register(actor)
    named = {branch.id for row in table.rows for branch in register.called(row.text("branch"))}
    register.read_people(named)
    checker = _Checker(report, table, register, today)
    checker.keys, checker.meetings = register.entered(named)
    for row in counted(table.rows, CHECKING, len(table.rows), tell):
        checker.row(row)
    return report


class _Checker:
    """Goes through the rows once; what it has seen decides about duplicates."""

    def __init__(self, report: Report, table: sheets.Table, register: Register, today: date) -> None:
        self.report, self.table, self.register, self.today = report, table, register, today
        self.keys: set[str] = set()
        self.meetings: dict[tuple[int, str, date, int | None], str] = {}
        self.rows_by_key: dict[str, int] = {}

    def row(self, row: sheets.Row) -> None:
        """Plan the meeting of one row, or say what is wrong with it."""
        before = len(self.report.refused)
        branch = self._branch(row)
        kind = self._kind(row)
        day = self._day(row, branch)
        group = self._group(row, branch, kind)
        tag = self._tag(row)
        if branch is None or kind is None or day is None or tag is None or len(self.report.refused) > before:
            return
        counts = self.report.per_branch_quarter.setdefault(branch.name, {}).setdefault(
            Quarter.of(day).code, Counter()
        )
        counts[short_of(kind)] += 1
        title = row.text("title")[:120] or kinds.title_zh(kind)
        key = _key(branch.code, kind, day, group, title)
        if self._seen(row, key, (branch.id, kind, day, group)):
            return
        planned = self._planned(row, branch, kind, day, group=group, title=title, tag=tag, key=key)
        if len(self.report.refused) == before:
            self.report.planned.append(planned)

    def _planned(
        self, row: sheets.Row, branch: Branch, kind: str, day: date, *,
        group: int | None, title: str, tag: str, key: str,
    ) -> Planned:  # fmt: skip
        roll = branch.roll(kind, day, group)
        told = self._absences(row)
        missing, lost = self._missing(row, branch, roll, told)
        expected, present = self._numbers(row, roll, told)
        notes = [_("缺席：%(names)s") % {"names": written(lost)}] if lost else []
        chair = self._person(row, "chair", branch, roll, notes)
        minute_taker = self._person(row, "minute_taker", branch, roll, notes)
        agrees = len(roll) == expected and not lost and expected - present == len(missing)
        on_roll = {person for person, _state, _reason in missing} <= roll.keys()
        return Planned(
            row=row.number, organisation=branch.id, branch=branch.name, party_group=group, kind=kind,
            held_on=day.isoformat(), title=title, place=row.text("place")[:80], chair=chair, minute_taker=minute_taker,
            expected=expected, present=present, missing=tuple(missing),
            unnamed_missing=max(0, expected - present - len(missing)),
            resolution=row.text("resolution"), tag=tag, minutes="\n".join(notes), key=key,
            roll=tuple(roll.items()) if agrees and on_roll else (),
        )  # fmt: skip

    def _branch(self, row: sheets.Row) -> Branch | None:
        name = row.text("branch")
        found = self.register.called(name)
        if len(found) == 1:
            return found[0]
        if not name:
            self._refuse(row, "branch", "empty", _("没有写党支部"), _("请写明召开会议的党支部"))
        elif not found:
            self._refuse(
                row,
                "branch",
                "unknown_branch",
                _("在您的管理范围内没有这个党支部"),
                _("请按系统中的名称填写，或先导入党员名册"),
            )
        else:
            self._refuse(
                row, "branch", "ambiguous_branch", _("有几个党支部叫这个名称"), _("请改写为党支部代码")
            )
        return None

    def _kind(self, row: sheets.Row) -> str | None:
        kind = kind_of(row.text("kind"))
        if kind is None:
            self._refuse(
                row,
                "kind",
                "unknown_kind",
                _("不认识的活动类别"),
                _("可填：%(kinds)s") % {"kinds": known_kinds()},
            )
        return kind

    def _day(self, row: sheets.Row, branch: Branch | None) -> date | None:
        try:
            day = parse_day(row.cells.get("held_on"))
        except ValueError as error:
            rules = {"empty": _("没有写日期"), "no day": _("不是完整的日期"), "impossible": _("没有这一天")}
            rule = rules.get(str(error), _("日期不能辨认"))
            self._refuse(row, "held_on", "no_date", rule, _("请写成 2025-01-13 或 2025年1月13日"))
            return None
        if day > self.today:
            self._refuse(row, "held_on", "in_the_future", _("日期在今天之后"), _("还没有召开的会议不能导入"))
        elif branch and branch.founded_on and day < branch.founded_on:
            self._refuse(row, "held_on", "before_founding", _("早于党支部成立日期"), _("请核对日期或党支部"))
        elif branch and branch.closed_on and day >= branch.closed_on:
            self._refuse(row, "held_on", "after_closing", _("党支部当日已撤销"), _("请核对日期或党支部"))
        else:
            return day
        return None

    def _group(self, row: sheets.Row, branch: Branch | None, kind: str | None) -> int | None:
        if branch is None or kind not in queries.of_group():
            return None
        name = row.text("group")
        if name:
            found = branch.groups.get(folded(name))
            if found is None:
                self._refuse(
                    row, "group", "unknown_group", _("支部没有这个党小组"), _("请按名册中的党小组名称填写")
                )
            return found
        if len(branch.groups) == 1:
            return next(iter(branch.groups.values()))
        if branch.groups:
            self._caution(
                row,
                "group",
                "no_group",
                _("没有写明党小组，不算任何一个党小组的会议"),
                _("请在表中加“党小组”一列写明"),
            )
        return None

    def _tag(self, row: sheets.Row) -> str | None:
        tag = tag_of(row.text("tag"))
        if tag is None:
            self._refuse(
                row, "tag", "unknown_tag", _("不认识的议题类别"), _("请按系统中的议题类别填写，或留空")
            )
        return tag

    def _seen(self, row: sheets.Row, key: str, place: tuple[int, str, date, int | None]) -> bool:
        """Whether the meeting is in the file or in the system already."""
        if key in self.rows_by_key:
            rule = _("与第 %(row)d 行重复") % {"row": self.rows_by_key[key]}
            self._refuse(row, "held_on", "twice_in_file", rule, _("请删去其中一行，或把主题写得不同"))
            return True
        self.rows_by_key[key] = row.number
        if key in self.keys:
            self.report.unchanged += 1
            return True
        if place in self.meetings:
            rule = _("系统中已有同日同类会议“%(title)s”，不再导入") % {"title": self.meetings[place]}
            self._caution(row, "held_on", "recorded_already", rule, _("内容不同的，请在那次会议上更正"))
            self.report.skipped += 1
            return True
        return False

    def _absences(self, row: sheets.Row) -> list[Absence]:
        try:
            return parse_absences(row.cells.get("missing"))
        except ValueError:
            self._refuse(
                row,
                "missing",
                "unreadable_names",
                _("缺席人员写法不能辨认"),
                _("请写成：蒋涵春（探亲）、田伟欣（倒班）"),
            )
            return []

    def _missing(
        self, row: sheets.Row, branch: Branch, roll: dict[int, bool], told: list[Absence]
    ) -> tuple[list[tuple[int, str, str]], list[Absence]]:
        """The missing as people of the branch, and the names that could not be told whose they are."""
        found: dict[int, tuple[int, str, str]] = {}
        lost = []
        for each in told:
            people = branch.find(each.name, roll)
            if len(people) == 1:
                state = AttendanceState.EXCUSED if each.excused else AttendanceState.ABSENT
                found[people[0]] = (people[0], state.value, each.reason[:80])
                continue
            lost.append(each)
            rule = _("缺席人员有重名，未对应到人") if people else _("缺席人员不在本支部名册中，未对应到人")
            self._caution(
                row, "missing", "unknown_person", rule, _("姓名已写入会议记录，请核对"), value=each.name
            )
        return list(found.values()), lost

    def _numbers(self, row: sheets.Row, roll: dict[int, bool], told: list[Absence]) -> tuple[int, int]:
        """Expected and present as stated; from the roll and the names where nothing is stated."""
        expected = self._number(row, "expected")
        expected = len(roll) if expected is None else expected
        present = self._number(row, "present")
        present = max(0, expected - len(told)) if present is None else present
        if present > expected:
            self._refuse(row, "present", "more_than_expected", _("实到多于应到"), _("请核对应到、实到人数"))
        elif expected - present != len(told):
            rule = _("应到减实到与缺席名单人数不符，按填写的人数记")
            self._caution(row, "missing", "names_differ", rule, _("请核对缺席名单"))
        if expected != len(roll):
            rule = _("应到人数与当日名册不符，按填写的人数记")
            value = _("填写 %(stated)d，名册 %(roll)d") % {"stated": expected, "roll": len(roll)}
            self._caution(
                row, "expected", "roll_differs", rule, _("请核对名册中的入党、任职日期"), value=value
            )
        return expected, present

    def _number(self, row: sheets.Row, column: str) -> int | None:
        text = row.text(column).removesuffix("人").removesuffix("名").strip()
        if not text:
            return None
        if not text.isascii() or not text.isdigit() or int(text) > MAX_PEOPLE:
            self._refuse(row, column, "no_number", _("不是人数"), _("请填写整数"))
            return 0
        return int(text)

    def _person(
        self, row: sheets.Row, column: str, branch: Branch, roll: dict[int, bool], notes: list[str]
    ) -> int | None:
        name = row.text(column)
        if not name:
            return None
        found = branch.find(name, roll)
        if len(found) == 1:
            return found[0]
        label = self.table.labels[column]
        notes.append(f"{label}：{name}")
        rule = _("%(who)s有重名，未对应到人") if found else _("%(who)s不在本支部名册中，未对应到人")
        self._caution(row, column, "unknown_person", rule % {"who": label}, _("姓名已写入会议记录，请核对"))
        return None

    def _refuse(self, row: sheets.Row, column: str, code: str, rule: str, remedy: str) -> None:
        self.report.refused.append(self._finding(row, column, code, rule, remedy))

    def _caution(
        self, row: sheets.Row, column: str, code: str, rule: str, remedy: str, *, value: str | None = None
    ) -> None:
        self.report.cautions.append(self._finding(row, column, code, rule, remedy, value=value))

    def _finding(
        self, row: sheets.Row, column: str, code: str, rule: str, remedy: str, *, value: str | None = None
    ) -> Finding:
        place = self.table.letters.get(column, "")
        label = self.table.labels[column]
        shown = row.text(column) if value is None else value
        return Finding(row.number, f"{place} {label}".strip(), shown[:60], code, rule, remedy, row.sheet)


def _key(code: str, kind: str, day: date, group: int | None, title: str) -> str:
    """One meeting of a ledger, whatever file it comes in: the same row twice is the same meeting."""
    text = "\n".join((code, kind, day.isoformat(), str(group or ""), folded(title)))
    return hashlib.sha256(text.encode()).hexdigest()
