"""A published shift roster from a table: who, or which Party group, is at work on which day, from when to when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from hashlib import sha256

from django.utils.translation import gettext as _

from zhibu.core.days import parse_day
from zhibu.life.imports.register import folded
from zhibu.life.queries import groups, in_force
from zhibu.record.sheets import Cell, Column, Row, Unreadable, read
from zhibu.register.models import MEMBER_STAGES, Membership, Organisation
from zhibu.ui import reading

MOST_ROWS = 5000
COLUMNS = (
    Column("person", "姓名", ("人员", "职工", "员工", "党员")),
    Column("group", "党小组", ("班组", "小组")),
    Column("day", "日期", ("时间", "排班日期"), required=True),
    Column("name", "班次", ("班别", "班")),
    Column("begins", "上班", ("开始", "起", "上班时间", "开始时间"), required=True),
    Column("ends", "下班", ("结束", "止", "下班时间", "结束时间"), required=True),
)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that cannot be taken, with what is wrong in it."""

    row: int
    text: str


@dataclass(frozen=True, slots=True)
class Shifted:
    """A row that can: ids of the person or of the Party group."""

    person: int | None
    party_group: int | None
    day: date
    name: str
    begins: time
    ends: time


@dataclass(frozen=True, slots=True)
class Roster:
    """A file as it was read: taken as a whole, or not at all."""

    file_name: str
    sha256: str
    rows: int
    shifts: tuple[Shifted, ...] = ()
    wrong: tuple[Wrong, ...] = field(default=())


def check_shifts(data: bytes, *, organisation: Organisation, file_name: str) -> Roster:
    """Read a roster of a branch. What cannot be opened at all is one wrong row with the number 0."""
    digest = sha256(data).hexdigest()
    try:
        # a workbook is an archive, and begins as one
        table = read(data, COLUMNS, max_rows=MOST_ROWS, is_text=not data.startswith(b"PK"))
    except Unreadable as error:
        return Roster(file_name, digest, 0, wrong=(Wrong(0, f"{error.message}。{error.remedy}"),))
    if not table.rows:
        return Roster(file_name, digest, 0, wrong=(Wrong(0, _("表里没有排班")),))
    found: list[Shifted] = []
    wrong: list[Wrong] = []
    people = _People(organisation)
    for row in table.rows:
        try:
            found.append(_shifted(row, people))
        except ValueError as error:
            wrong.append(Wrong(row.number, str(error)))
    return Roster(file_name, digest, len(table.rows), tuple(found), tuple(wrong))


def _shifted(row: Row, people: _People) -> Shifted:
    """One row. Raises ValueError with the sentence to be shown."""
    try:
        day = parse_day(row.cells.get("day"))
    except ValueError:
        raise ValueError(_("日期看不懂：%(text)s") % {"text": row.text("day")}) from None
    begins, ends = (_hour(row.cells.get(name), row.text(name)) for name in ("begins", "ends"))
    if begins == ends:
        raise ValueError(_("上班和下班是同一时间"))
    name, group = row.text("person"), row.text("group")
    person = people.called(name, day) if name else None
    in_group = None if name else people.group(group, day)
    return Shifted(person, in_group, day, row.text("name")[:20], begins, ends)


def _hour(cell: Cell, text: str) -> time:
    if isinstance(cell, datetime):
        return cell.time().replace(second=0, microsecond=0)
    if isinstance(cell, float) and 0 <= cell < 1:
        minutes = round(cell * 24 * 60) % (24 * 60)
        return time(minutes // 60, minutes % 60)
    try:
        # a spreadsheet writes seconds, a roster the end of the day
        short = text[:-3] if text.count(":") == 2 else text
        return reading.parse_time("0:00" if short in {"24:00", "24点"} else short)
    except reading.Unreadable:
        raise ValueError(_("时间看不懂：%(text)s") % {"text": text or _("（空）")}) from None


class _People:
    """Members of a branch by name, and its Party groups, as they are on a day."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self._by_day: dict[date, tuple[dict[str, list[int]], dict[str, int]]] = {}

    def called(self, name: str, day: date) -> int:
        """The member with this name on the day."""
        found = self._on(day)[0].get(folded(name), [])
        if len(found) == 1:
            return found[0]
        words = _("本支部没有“%(name)s”") if not found else _("本支部有几个“%(name)s”，请按党小组排")
        raise ValueError(words % {"name": name})

    def group(self, name: str, day: date) -> int:
        """The Party group with this name."""
        if not name:
            raise ValueError(_("姓名和党小组都是空的"))
        found = self._on(day)[1].get(folded(name))
        if found is None:
            raise ValueError(_("没有“%(name)s”这个党小组") % {"name": name})
        return found

    def _on(self, day: date) -> tuple[dict[str, list[int]], dict[str, int]]:
        if day not in self._by_day:
            names: dict[str, list[int]] = defaultdict(list)
            for name, person in self._members(day):
                names[folded(name)].append(person)
            there = {folded(each.name): each.pk for each in groups(self.organisation, day)}
            self._by_day[day] = (dict(names), there)
        return self._by_day[day]

    def _members(self, day: date) -> Iterator[tuple[str, int]]:
        rows = Membership.objects.filter(
            in_force(day), organisation=self.organisation, stage__in=MEMBER_STAGES
        )
        yield from rows.values_list("person__name", "person_id").distinct()
