"""Reading the tables that branches really keep: a title above the header, merged cells, total lines.

A table is found by its header: the row of the first thirty that names every required column, by one of
its aliases, whatever the order. Everything above is a title; lines of totals and signatures are left out.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from zhibu.record.files.words import decoded
from zhibu.record.grids import Grid, GridFault, open_grids

HEADER_WITHIN = 30
MAX_ROWS = 50_000
MAX_COLUMNS = 200

Cell = object
"""What a cell may hold: text, number, truth, day, instant, or nothing."""

_BRACKETS = re.compile(r"[(\[【〔].*?[)\]】〕]")
_NOISE = re.compile(r"[\s:*#·.,、]+")
_TOTAL = re.compile(r"^(合计|总计|小计|共计|填表人|制表人|填报人|审核人|负责人签字|说明|注:)")


class Unreadable(Exception):
    """The file is no table that can be read: what is wrong (`code`, `message`) and what to do (`remedy`)."""

    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.remedy = code, message, remedy


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is looked for: the key it is read under, its proper name, and what else it is called."""

    key: str
    label: str
    aliases: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `number` is the row as the spreadsheet shows it."""

    sheet: str
    number: int
    cells: Mapping[str, Cell]

    def text(self, key: str) -> str:
        """The cell as clean text; empty when the column is not there."""
        return plain(self.cells.get(key))


@dataclass(frozen=True, slots=True)
class Table:
    """The lines of every sheet with the wanted header, and where each column stands."""

    rows: tuple[Row, ...]
    letters: Mapping[str, str]
    labels: Mapping[str, str]
    unknown: tuple[str, ...] = ()
    left_out: tuple[int, ...] = field(default=())


def plain(value: Cell) -> str:
    """A cell as text: full-width forms made narrow, blanks at the ends and doubled blanks removed, 12.0 → 12."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value == int(value):
        value = int(value)
    if isinstance(value, datetime):
        return (
            value.isoformat(sep=" ", timespec="minutes")
            if value.time() != value.min.time()
            else value.date().isoformat()
        )
    return " ".join(unicodedata.normalize("NFKC", str(value)).split())


def named(text: str) -> str:
    """A heading reduced to what tells it from others: no blanks, brackets or marks."""
    return _NOISE.sub("", _BRACKETS.sub("", plain(text))).lower()


def letter(index: int) -> str:
    """The letter of a column counted from 0: A, B, … Z, AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def read(data: bytes, columns: Sequence[Column], *, max_rows: int = MAX_ROWS, is_text: bool = False) -> Table:
    """Read every sheet that has the header, or a file of comma-separated text. Raises Unreadable.

    Merged cells below the header give their value to every row they span.
    """
    grids = [_text(data)] if is_text else _open(data)
    rows: list[Row] = []
    letters: dict[str, str] = {}
    unknown: list[str] = []
    left_out: list[int] = []
    best: set[str] = set()
    for sheet in grids:
        grid = [list(row) for row in sheet.rows]
        at, places = _header(grid, columns)
        best = max(best, set(places), key=len)
        if at is None:
            continue
        letters = letters or {key: letter(place) for key, place in places.items()}
        unknown += [
            plain(cell) for place, cell in enumerate(grid[at]) if plain(cell) and place not in places.values()
        ]
        _spread(grid, sheet.merged, at)
        for row in _rows(sheet.name, grid, at, places, left_out):
            rows.append(row)
            if len(rows) > max_rows:
                raise Unreadable(
                    "sheet.too_long",
                    _("表格超过 %(count)d 行") % {"count": max_rows},
                    _("请分成几个文件导入"),
                )
    if not letters:
        raise _no_header(columns, best)
    labels = {column.key: column.label for column in columns}
    return Table(tuple(rows), letters, labels, tuple(dict.fromkeys(unknown)), tuple(left_out))


def _text(data: bytes) -> Grid:
    """A file of comma-separated text as one sheet: UTF-8, or GB 18030 as Chinese office programs write it."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            rows = list(csv.reader(io.StringIO(text, newline="")))
        except (UnicodeDecodeError, csv.Error):
            continue
        if "\0" not in text:
            return Grid("", rows, ())
    raise Unreadable(
        "sheet.not_text", _("文件不是可以读取的文本"), _("请另存为 CSV（UTF-8）或 .xlsx 后再上传")
    )


def _open(data: bytes) -> list[Grid]:
    """The visible sheets, read in a process of its own (see `record.grids`); plain text is one sheet."""
    try:
        found = open_grids(data) if data.startswith(b"PK") else [_of_text(data)]
    except GridFault as fault:
        if fault.code == "too_demanding":
            raise Unreadable(
                "sheet.too_demanding", _("表格太大，无法读取"), _("请删去数据以外的空行空列，另存后再上传")
            ) from fault
        raise Unreadable(
            "sheet.not_a_workbook", _("文件不是可以读取的表格"), _("请用 Excel 或 WPS 另存为 .xlsx 后再上传")
        ) from fault
    if any(len(sheet.rows[0]) > MAX_COLUMNS for sheet in found if sheet.rows):
        raise Unreadable(
            "sheet.too_wide",
            _("表格超过 %(count)d 列") % {"count": MAX_COLUMNS},
            _("请删去数据右侧的空列后再上传"),
        )
    return found


def _of_text(data: bytes) -> Grid:
    """A table written as plain text: parted by commas, tabs or semicolons, in UTF-8 or GB 18030."""
    text = decoded(data)
    if text is None:
        raise GridFault("not_a_workbook")
    first = text.lstrip().partition("\n")[0]
    parting = max(",\t;，", key=first.count)
    try:
        rows = [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=parting)]
    except csv.Error as problem:
        raise GridFault("not_a_workbook", str(problem)) from problem
    return Grid("", rows, ())


def _header(grid: Sequence[Sequence[object]], columns: Sequence[Column]) -> tuple[int | None, dict[str, int]]:
    """The row of the header and where each column stands; no row when a required column is missing everywhere."""
    known = {named(word): column.key for column in columns for word in (column.label, *column.aliases)}
    required = {column.key for column in columns if column.required}
    best: dict[str, int] = {}
    for at, row in enumerate(grid[:HEADER_WITHIN]):
        places: dict[str, int] = {}
        for place, cell in enumerate(row):
            key = known.get(named(plain(cell))) if isinstance(cell, str) else None
            if key is not None:
                places.setdefault(key, place)
        if required <= places.keys():
            return at, places
        best = max(best, places, key=len)
    return None, best


def _no_header(columns: Sequence[Column], best: Collection[str]) -> Unreadable:
    missing = [column.label for column in columns if column.required and column.key not in best]
    return Unreadable(
        "sheet.no_header",
        _("没有找到表头，缺少列：%(names)s") % {"names": _("、").join(missing)},
        _("表头应在前 %(count)d 行内，列名可参照模板") % {"count": HEADER_WITHIN},
    )


def _spread(grid: list[list[object]], merged: Sequence[tuple[int, int, int, int]], at: int) -> None:
    """Give the value of a merged cell to every row it spans, below the header only."""
    for top, left, bottom, _right in merged:
        if top <= at or top >= len(grid) or left >= len(grid[top]):
            continue
        for line in range(top + 1, min(bottom + 1, len(grid))):
            grid[line][left] = grid[top][left]


def _rows(
    sheet: str, grid: Sequence[Sequence[object]], at: int, places: Mapping[str, int], left_out: list[int]
) -> Iterator[Row]:
    """The lines below the header that say something; totals and signatures are noted and left out."""
    for number, row in enumerate(grid[at + 1 :], start=at + 2):
        first = next((plain(cell) for cell in row if cell not in {"", None}), "")
        if not first:
            continue
        if _TOTAL.match(first):
            left_out.append(number)
            continue
        cells = {key: row[place] if place < len(row) else None for key, place in places.items()}
        if any(plain(cell) for cell in cells.values()):
            yield Row(sheet, number, cells)
