"""Reading the lines of a roster: which lines are people, what each cell says, and which rule it breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from zhibu.record.grids import Grid
from zhibu.record.progress import CHECKING, Tell, counted, silent
from zhibu.register.identity import (
    LEGACY_LENGTH,
    Identity,
    NumberFault,
    mask_id,
    mask_phone,
    read_id,
    read_phone,
)
from zhibu.register.imports import values, words
from zhibu.register.imports.columns import LABELS, Header, field_of
from zhibu.register.imports.report import Finding
from zhibu.register.limits import limit
from zhibu.register.models import MEMBER_STAGES, Stage

PARTY_FOUNDED_ON = date(1921, 7, 1)

_TOTAL = re.compile(
    r"^(合计|总计|小计|共计|总人数|填表人|制表人|填报人|审核人|负责人签字|书记签字|填表说明|说明[::]|备注[::]|注[::])"
)
_BRANCH_TITLE = re.compile(r"^.{2,60}(支部|支部委员会)$")
_LENGTHS = {
    "nation": 20,
    "education": 20,
    "position": 60,
    "place": 120,
    "note": 200,
    "group": 60,
    "branch": 120,
}


@dataclass(slots=True)
class RosterRow:
    """One person as the roster states it; what a cell left empty stays None or empty and changes nothing."""

    excel_row: int
    branch: str = ""
    group: str = ""
    name: str = ""
    id_number: str = ""
    sex: str = ""
    born_on: date | None = None
    nation: str = ""
    education: str = ""
    position: str = ""
    phone: str = ""
    note: str = ""
    stage: str = ""
    joined_on: date | None = None
    full_since: date | None = None
    stage_since: date | None = None
    posts: list[tuple[str, str]] = field(default_factory=list)
    mobile: bool | None = None
    place: str = ""
    dues_fen: int | None = None


@dataclass(slots=True)
class Reading:
    """Everything read from one sheet."""

    rows: list[RosterRow] = field(default_factory=list)
    refused: list[Finding] = field(default_factory=list)
    cautions: list[Finding] = field(default_factory=list)


def read_rows(grid: Grid, header: Header, today: date, tell: Tell = silent) -> Reading:
    """Read every person below the header. Lines of totals, signatures, empty and repeated header lines are left out."""
    reading = Reading()
    people = list(_people(grid, header))
    for excel_row, cells in counted(people, CHECKING, len(people), tell):
        reading.rows.append(_Line(excel_row, cells, header, today, reading).read())
    _repeated(reading, header)
    return reading


def _people(grid: Grid, header: Header) -> Iterator[tuple[int, dict[str, Any]]]:
    """(row number, cells by field) of the lines that are people; a branch is carried down where it is left blank."""
    rows = _spread(grid, header)
    branch = ""
    for number, row in enumerate(rows[header.last_row :], start=header.first_data_row):
        filled = [text for cell in row if (text := values.text_of(cell))]
        if not filled:
            continue
        if (
            len(filled) == 1
            and "branch" not in header.fields
            and _BRANCH_TITLE.fullmatch(values.tight(filled[0]))
        ):
            branch = values.tight(filled[0])
            continue
        cells = {name: row[at] if at < len(row) else "" for name, at in header.fields.items()}
        if _is_noise(cells, filled):
            continue
        branch = values.tight(cells.get("branch")) or branch
        yield number, {**cells, "branch": branch}


def _is_noise(cells: dict[str, Any], filled: list[str]) -> bool:
    # whatever stands in the column of the numbers is no number when it is this short
    if len(values.tight(cells.get("id"))) < LEGACY_LENGTH and any(
        _TOTAL.match(values.tight(text)) for text in filled[:2]
    ):
        return True
    if field_of(cells.get("name")) == "name":
        return True
    # a number in front and a merged branch alone: a line prepared for somebody and never used
    return not any(values.text_of(cell) for name, cell in cells.items() if name not in {"branch", "group"})


def _spread(grid: Grid, header: Header) -> Sequence[Sequence[object]]:
    """The rows, a merged cell's value given to every row it spans. The name and the ID number are never spread."""
    rows = [list(row) for row in grid.rows]
    wanted = {at for name, at in header.fields.items() if name not in {"name", "id"}}
    for top, left, bottom, _right in grid.merged:
        if top < header.last_row or left not in wanted or left >= len(rows[top]):
            continue
        for line in range(top + 1, min(bottom + 1, len(rows))):
            rows[line][left] = rows[top][left]
    return rows


class _Line:
    """One line being read; collects what is wrong with it."""

    def __init__(
        self, excel_row: int, cells: dict[str, Any], header: Header, today: date, reading: Reading
    ) -> None:
        self.cells, self.header, self.today, self.reading = cells, header, today, reading
        self.row = RosterRow(excel_row)
        self.failed: set[str] = set()

    def read(self) -> RosterRow:
        self._errors()
        identity = self._identity()
        self._plain()
        self._sex(identity)
        self._birth(identity)
        self._stage()
        self._dates()
        self._phone()
        self._posts()
        self._mobile()
        self.row.dues_fen = self._take("dues", values.read_fen)
        return self.row

    # --- findings

    def heading(self, name: str) -> str:
        return self.header.headings.get(name, LABELS[name])

    def _find(self, name: str, code: str, shown: str | None, params: dict[str, Any]) -> Finding:
        value = values.text_of(self.cells.get(name))[:40] if shown is None else shown
        return Finding(self.row.excel_row, self.heading(name), code, value, params)

    def refuse(self, name: str, code: str, shown: str | None = None, **params: Any) -> None:
        self.failed.add(name)
        self.reading.refused.append(self._find(name, code, shown, params))

    def caution(self, name: str, code: str, shown: str | None = None, **params: Any) -> None:
        self.reading.cautions.append(self._find(name, code, shown, params))

    def _take(self, name: str, read: Any) -> Any:
        """What `read` makes of a cell; None when it cannot, and the finding is noted."""
        if name in self.failed:
            return None
        try:
            return read(self.cells.get(name))
        except values.CellFault as fault:
            params = {"known": words.KIND_WORDS} if fault.code.startswith("kind") else {}
            self.refuse(name, fault.code, **params)
            return None

    # --- cells

    def _errors(self) -> None:
        for name, cell in self.cells.items():
            if values.is_error(cell):
                self.refuse(name, "cell_is_error")

    def _identity(self) -> Identity | None:
        if "id" in self.failed:
            return None
        try:
            identity = read_id(self.cells.get("id"))
        except NumberFault as fault:
            self.refuse("id", fault.code, mask_id(values.text_of(self.cells.get("id"))))
            return None
        self.row.id_number = identity.number
        return identity

    def _plain(self) -> None:
        row = self.row
        row.name = self._take("name", values.read_name) or ""
        for name in ("branch", "group", "nation", "education", "position", "place", "note"):
            read = values.tight if name in {"branch", "group"} else values.text_of
            text = read(self.cells.get(name)) if name not in self.failed else ""
            if len(text) > _LENGTHS[name]:
                self.refuse(name, "too_long", limit=_LENGTHS[name])
                text = ""
            setattr(row, name, text)
        for name, known_as in (("nation", words.nation_of), ("education", words.education_of)):
            proper, known = known_as(getattr(row, name))
            setattr(row, name, proper)
            if not known:
                self.caution(name, f"{name}_not_known", what=proper)

    def _sex(self, identity: Identity | None) -> None:
        stated = self._take("sex", values.read_sex) or ""
        if identity and stated and stated != identity.sex:
            self.refuse("sex", "sex_contradicts_id", says="男" if identity.sex == "1" else "女")
        self.row.sex = identity.sex if identity else stated or "0"

    def _birth(self, identity: Identity | None) -> None:
        stated = self._take("born", values.read_day)
        if identity and stated:
            day, exact = stated
            says = identity.born_on
            if (day != says) if exact else ((day.year, day.month) != (says.year, says.month)):
                self.refuse("born", "birth_contradicts_id", says=says.isoformat())
        self.row.born_on = identity.born_on if identity else (stated[0] if stated else None)

    def _stage(self) -> None:
        if "kind" in self.failed:
            return
        word = values.tight(self.cells.get("kind"))
        self.row.stage = words.KINDS.get(word, "")
        if not self.row.stage:
            self.refuse("kind", "kind_not_known" if word else "kind_missing", known=words.KIND_WORDS)

    def _day(self, name: str) -> date | None:
        read = self._take(name, values.read_day)
        if read is None:
            return None
        day: date = read[0]
        if day < PARTY_FOUNDED_ON:
            self.refuse(name, "date_not_plausible")
        elif not read[1]:
            self.caution(name, "date_without_day")
        return day

    def _dates(self) -> None:
        row = self.row
        row.joined_on, row.full_since = self._day("joined"), self._day("full")
        steps = {Stage.APPLICANT: "applied", Stage.ACTIVIST: "activist", Stage.PROSPECT: "prospect"}
        row.stage_since = self._day(steps[Stage(row.stage)]) if row.stage in steps else None
        if row.stage in MEMBER_STAGES and row.joined_on is None and "joined" not in self.failed:
            self.refuse("joined", "joined_missing")
        if row.joined_on and row.joined_on > self.today:
            self.refuse("joined", "date_in_future")
        elif row.joined_on and row.full_since and row.full_since < row.joined_on:
            self.refuse("full", "converted_before_joined")
        self._conversion()
        self._age()

    def _conversion(self) -> None:
        row = self.row
        if row.stage == Stage.FULL_MEMBER:
            if row.full_since is None and "full" not in self.failed:
                self.caution("full", "converted_missing")
            elif row.full_since and row.full_since > self.today:
                self.refuse("full", "date_in_future")
        elif row.stage == Stage.PROBATIONARY_MEMBER and row.full_since:
            if row.full_since <= self.today:
                self.refuse("full", "kind_contradicts_dates")
            # a day to come is the day conversion is due, and says nothing that has happened
            row.full_since = None

    def _age(self) -> None:
        row = self.row
        if not (row.joined_on and row.born_on) or self.failed & {"joined", "born", "id"}:
            return
        least = limit("joining_age", row.joined_on)
        age = (
            row.joined_on.year
            - row.born_on.year
            - ((row.joined_on.month, row.joined_on.day) < (row.born_on.month, row.born_on.day))
        )
        if least and age < least.number:
            self.refuse("joined", "joined_before_18", age=age, least=least.number, source=least.title)

    def _phone(self) -> None:
        if "phone" in self.failed:
            return
        try:
            self.row.phone = read_phone(self.cells.get("phone"))
        except NumberFault as fault:
            self.refuse("phone", fault.code, mask_phone(values.text_of(self.cells.get("phone"))))

    def _posts(self) -> None:
        if "post" in self.failed:
            return
        self.row.posts, unknown = words.posts_of(values.text_of(self.cells.get("post")))
        for word in unknown:
            self.caution("post", "post_not_known", what=word)

    def _mobile(self) -> None:
        self.row.mobile = self._take("mobile", values.read_flag)
        if self.row.place and not self.row.mobile and "mobile" not in self.failed:
            self.caution("place", "mobile_contradicts_place")
            self.row.place = ""


def _repeated(reading: Reading, header: Header) -> None:
    """The same ID number twice is refused at its second row; what else that row says then means nothing."""
    seen: dict[str, int] = {}
    phones: dict[str, int] = {}
    secretaries: dict[str, int] = {}
    for row in reading.rows:
        if row.id_number and row.id_number in seen:
            reading.refused = [
                each
                for each in reading.refused
                if each.excel_row != row.excel_row or not each.cause.endswith("_contradicts_id")
            ]
            reading.refused.append(
                Finding(
                    row.excel_row,
                    header.headings.get("id", LABELS["id"]),
                    "id_repeated",
                    mask_id(row.id_number),
                    {"other": seen[row.id_number]},
                )
            )
        seen.setdefault(row.id_number, row.excel_row)
        _repeated_softly(reading, row, phones, row.phone, "phone", header, mask_phone(row.phone))
        if any(kind == "secretary" for kind, _duties in row.posts):
            _repeated_softly(reading, row, secretaries, row.branch or "-", "post", header, "书记")
    reading.refused.sort(key=lambda each: each.excel_row)


def _repeated_softly(
    reading: Reading, row: RosterRow, seen: dict[str, int], key: str, name: str, header: Header, shown: str
) -> None:
    if key and key in seen:
        reading.cautions.append(
            Finding(
                row.excel_row,
                header.headings.get(name, LABELS[name]),
                f"{name}_repeated",
                shown,
                {"other": seen[key]},
            )
        )
    elif key:
        seen[key] = row.excel_row
