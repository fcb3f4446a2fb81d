"""Checking a file of results: every row, every cell, before anything is entered."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from zhibu.core.authority import Actor, ranges
from zhibu.core.days import parse_day
from zhibu.core.refusal import Refusal, Refused
from zhibu.record import files, sheets
from zhibu.register.models import BRANCH_KINDS, MEMBER_STAGES, Membership, Organisation
from zhibu.study import limits
from zhibu.study.imports.report import Finding, Planned, Report
from zhibu.study.imports.words import COLUMNS, kind_of, known_kinds
from zhibu.study.models import StudyRecord
from zhibu.ui.doors import within

VERB = "study.import_results"
MOST_ROWS = 20_000
_UNIT = re.compile(r"(学时|小时|分钟|min|h)$")
Spell = tuple[int, int, date, date | None]
"""Person, branch, since, until."""


def check(content: bytes, *, actor: Actor, today: date, file_name: str = "") -> Report:
    """Check an export (.xlsx or .csv) against the register in the actor's reach. Nothing is written.

    Raises Refused for a file that is no readable table.
    """
    found = files.inspect(content, files.SHEETS | {"txt"})
    try:
        table = sheets.read(content, COLUMNS, max_rows=MOST_ROWS)
    except sheets.Unreadable as error:
        raise Refused(Refusal(error.code, error.message, remedy=error.remedy)) from error
    report = Report(file_name, found.sha256, len(table.rows), ignored_columns=table.unknown)
    if not table.rows:
        raise Refused(Refusal("sheet.empty", _("表头之下没有数据"), remedy=_("请填写后再导入")))
    if not {"hours", "minutes"} & table.letters.keys():
        raise Refused(
            Refusal("study.no_hours_column", _("没有“学时”或“分钟”列"), remedy=_("请至少保留其中一列"))
        )
    checker = _Checker(report, table, actor, today)
    for row in table.rows:
        checker.row(row)
    known = set(
        StudyRecord.objects.filter(import_key__in=[each.key for each in report.planned]).values_list("import_key", flat=True)
    )  # fmt: skip
    report.unchanged = sum(each.key in known for each in report.planned)
    report.planned = [each for each in report.planned if each.key not in known]
    return report


def folded(name: str) -> str:
    """A name as it is compared."""
    return "".join(unicodedata.normalize("NFKC", name).split())


class _Checker:
    """Goes through the rows once."""

    def __init__(self, report: Report, table: sheets.Table, actor: Actor, today: date) -> None:
        self.report, self.table, self.today = report, table, today
        rows = within(Organisation.objects.filter(kind__in=BRANCH_KINDS), ranges(actor, VERB), "path")
        self.codes: dict[int, str] = {}
        self.branches: dict[str, set[int]] = defaultdict(set)
        for pk, code, name, short in rows.values_list("id", "code", "name", "short_name"):
            self.codes[pk] = code
            for word in {folded(name), folded(short), folded(code)} - {""}:
                self.branches[word].add(pk)
        self.people: dict[str, list[Spell]] = defaultdict(list)
        named = {folded(row.text("name")) for row in table.rows}
        spells = Membership.objects.filter(organisation__in=self.codes, stage__in=MEMBER_STAGES)
        for person, name, branch, since, until in spells.values_list(
            "person_id", "person__name", "organisation_id", "since", "until"
        ).iterator(2000):
            if folded(name) in named:
                self.people[folded(name)].append((person, branch, since, until))
        self.seen: dict[str, int] = {}
        self.most = limits.number("most_minutes_a_day", today)

    def row(self, row: sheets.Row) -> None:
        """One line of the table."""
        before = len(self.report.refused)
        day, title = self._day(row), row.text("title")[:120]
        if not title:
            self._refuse(row, "title", "empty", _("没有写学了什么"), _("请补上课程或内容"))
        minutes, kind = self._minutes(row), kind_of(row.text("kind"))
        if kind is None:
            self._refuse(
                row,
                "kind",
                "unknown_kind",
                _("不认得的学习方式"),
                _("可写：%(known)s") % {"known": known_kinds()},
            )
        who = self._person(row, day) if day else None
        if len(self.report.refused) > before or who is None or day is None or kind is None:
            return
        person, branch = who
        key = _key(self.codes[branch], person, day, title, minutes)
        if key in self.seen:
            rule = _("与第 %(n)d 行重复") % {"n": self.seen[key]}
            self._refuse(row, "name", "twice", rule, _("请删去其中一行"))
            return
        self.seen[key] = row.number
        platform = row.text("platform")[:60]
        self.report.planned.append(
            Planned(branch, person, kind.value, day.isoformat(), minutes, title, platform, key)
        )

    def _day(self, row: sheets.Row) -> date | None:
        try:
            day = parse_day(row.cells.get("day"))
        except ValueError:
            self._refuse(row, "day", "no_day", _("日期无法识别"), _("请写成 2026-03-15 这样"))
            return None
        if day > self.today:
            self._refuse(row, "day", "in_the_future", _("日期在今天之后"), _("请核对日期"))
            return None
        return day

    def _minutes(self, row: sheets.Row) -> int:
        column = "minutes" if row.text("minutes") else "hours"
        text = _UNIT.sub("", row.text(column)).strip()
        try:
            value = Decimal(text) if len(text) < 12 else Decimal(-1)
        except InvalidOperation:
            value = Decimal(-1)
        if column == "hours":
            value *= limits.number("minutes_per_hour", self.today)
        if not value.is_finite() or value <= 0 or value != value.to_integral_value():
            self._refuse(row, column, "no_time", _("时长无法识别"), _("学时可写 1.5，分钟写整数"))
            return 0
        if self.most and value > self.most:
            self._refuse(
                row,
                column,
                "too_long",
                _("一天的学习超过了 %(most)d 分钟") % {"most": self.most},
                _("几天的培训逐日填写"),
            )
            return 0
        return int(value)

    def _person(self, row: sheets.Row, day: date) -> tuple[int, int] | None:
        branch = row.text("branch")
        of = self.branches.get(folded(branch), set()) if branch else set(self.codes)
        if branch and not of:
            self._refuse(
                row,
                "branch",
                "unknown_branch",
                _("您的范围内没有这个党支部"),
                _("请填写系统中的支部名称或代码"),
            )
            return None
        found = {
            (person, place)
            for person, place, since, until in self.people.get(folded(row.text("name")), ())
            if place in of and since <= day and (until is None or until > day)
        }
        if len(found) == 1:
            return next(iter(found))
        if found:
            self._refuse(
                row, "name", "namesakes", _("有重名的党员"), _("请加“党支部”一列；同支部重名的逐人登记")
            )
        else:
            self._refuse(
                row, "name", "unknown_person", _("当日名册中没有这名党员"), _("请核对姓名、支部和日期")
            )
        return None

    def _refuse(self, row: sheets.Row, column: str, code: str, rule: str, remedy: str) -> None:
        label = self.table.labels[column]
        place = f"{self.table.letters.get(column, '')} {label}".strip()
        self.report.refused.append(
            Finding(row.number, place, row.text(column)[:60], code, rule, remedy, row.sheet)
        )


def _key(code: str, person: int, day: date, title: str, minutes: int) -> str:
    """One result, whatever file it comes in."""
    return hashlib.sha256(
        "\n".join((code, str(person), day.isoformat(), folded(title), str(minutes))).encode()
    ).hexdigest()
