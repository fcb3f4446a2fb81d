"""Spreadsheets that open clean in WPS and Excel, and in which nothing typed by a person is executed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FONT = "宋体"
# a cell holds no more; Excel would call the file broken
LONGEST = 32_767
# more digits than a double keeps: an ID or card number stays text
EXACT_DIGITS = 15

_FORMATS: dict[str, dict[str, Any]] = {
    "text": {"num_format": "@", "text_wrap": True, "valign": "top"},
    "number": {"num_format": "0", "align": "right", "valign": "top"},
    "points": {"num_format": "0.00", "align": "right", "valign": "top"},
    "fen": {"num_format": "#,##0.00", "align": "right", "valign": "top"},
    "day": {"num_format": "yyyy-mm-dd", "align": "center", "valign": "top"},
    "instant": {"num_format": "yyyy-mm-dd hh:mm", "align": "center", "valign": "top"},
}
_WIDTHS = {"text": 18, "number": 10, "points": 10, "fen": 14, "day": 13, "instant": 18}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, what it holds (text, number, points, fen, day, instant), its width in characters."""

    title: str
    kind: str = "text"
    width: float | None = None


def write_workbook(
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    title: str,
    note: str = "",
    sheet: str = "",
) -> bytes:
    """One sheet: title, a note on what it shows and as of when, frozen heads, rows as they come.

    Points are given in hundredths and money in fen; both are written as numbers with two decimals. A
    text that begins like a formula stays text.
    """
    buffer = BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": title})
        page = book.add_worksheet(_sheet_name(sheet or title))
        heads = _heads(book, page, columns, title, note)
        formats = {
            kind: book.add_format({**look, "border": 1, "font_name": FONT}) for kind, look in _FORMATS.items()
        }
        last = heads
        for last, row in enumerate(rows, heads + 1):
            for index, (column, value) in enumerate(zip(columns, row, strict=True)):
                _write(page, last, index, column.kind, value, formats)
        if columns and last > heads:
            page.autofilter(heads, 0, last, len(columns) - 1)
    return buffer.getvalue()


def _heads(book: Any, page: Any, columns: Sequence[Column], title: str, note: str) -> int:
    """Write what stands above the rows; the number of the row with the heads."""
    page.set_landscape() if len(columns) > 7 else page.set_portrait()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.set_footer("&C" + _("第 &P 页，共 &N 页"))
    for index, column in enumerate(columns):
        page.set_column(index, index, column.width or _WIDTHS[column.kind])
    big = book.add_format({"bold": True, "font_size": 16, "font_name": FONT, "valign": "vcenter"})
    small = book.add_format({"font_color": "#5b544e", "font_name": FONT})
    page.set_row(0, 30)
    page.write_string(0, 0, title, big)
    heads = 1
    if note:
        page.write_string(1, 0, note, small)
        heads = 2
    look = {
        "bold": True,
        "border": 1,
        "bg_color": "#f1eeea",
        "font_name": FONT,
        "text_wrap": True,
        "valign": "vcenter",
    }
    left = book.add_format({**look, "align": "left"})
    right = book.add_format({**look, "align": "right"})
    centre = book.add_format({**look, "align": "center"})
    page.set_row(heads, 24)
    for index, column in enumerate(columns):
        align = {"text": left, "day": centre, "instant": centre}.get(column.kind, right)
        page.write_string(heads, index, column.title, align)
    page.freeze_panes(heads + 1, 0)
    page.repeat_rows(heads)
    return heads


def _sheet_name(name: str) -> str:
    plain = "".join(" " if sign in "[]:*?/\\" else sign for sign in name).strip(" '")
    # Excel counts a rare character as two
    return plain.encode("utf-16-le")[:62].decode("utf-16-le", "ignore").strip(" '") or "Sheet1"


def _write(page: Any, row: int, column: int, kind: str, value: Any, formats: dict[str, Any]) -> None:
    look = formats[kind]
    if value is None or value == "":
        page.write_blank(row, column, None, look)
    elif kind in ("points", "fen") and isinstance(value, int):
        page.write_number(row, column, value / 100, look)
    elif kind == "number" and isinstance(value, int | float) and len(str(value)) <= EXACT_DIGITS:
        page.write_number(row, column, value, look)
    elif kind == "instant" and isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        page.write_datetime(row, column, local.replace(tzinfo=None), look)
    elif kind == "day" and isinstance(value, date) and not isinstance(value, datetime):
        page.write_datetime(row, column, datetime.combine(value, time()), look)
    else:
        # write_string never looks at what the text begins with
        page.write_string(row, column, str(value)[:LONGEST], formats["text"])


def attachment(name: str, content: bytes, content_type: str) -> HttpResponse:
    """A file to be saved under a (Chinese) name."""
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def workbook_response(name: str, content: bytes) -> HttpResponse:
    """A workbook to be saved; `name` with or without its ending."""
    return attachment(f"{name.removesuffix('.xlsx')}.xlsx", content, CONTENT_TYPE)
