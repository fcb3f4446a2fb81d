"""Word documents in the layout of GB/T 9704-2012, ready to be signed and filed.

Page A4, the type area 156 mm × 225 mm: 37 mm above, 28 mm at the left, 26 mm at the right, 35 mm below;
22 lines of 28 characters in size 3 (16 pt). The named typefaces are those of the standard; they are not
shipped, an office machine has them, and a machine without them shows its own.
"""

import re
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

import docx
from django.http import HttpResponse
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from zhibu.ui.headlines import broken
from zhibu.ui.numbering import Numbering
from zhibu.ui.workbook import attachment

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

TITLE_FONT = "方正小标宋简体"
BODY_FONT = "仿宋_GB2312"
LEVEL_FONTS = {1: "黑体", 2: "楷体_GB2312", 3: BODY_FONT, 4: BODY_FONT}
TABLE_FONT = "宋体"
LATIN_FONT = "Times New Roman"
SIZE = Pt(16)  # size 3
TITLE_SIZE = Pt(22)  # size 2
NUMBER_SIZE = Pt(14)  # size 4
LINE = Pt(28.95)  # 225 mm / 22 lines
TOP, LEFT, RIGHT, BOTTOM = Mm(37), Mm(28), Mm(26), Mm(35)
# the number stands 7 mm under the type area
NUMBER_BELOW = Mm(7)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Document:
    """A document under construction; every method returns it, so that calls can follow one another."""

    def __init__(self, title: str = "", *, landscape: bool = False) -> None:
        self._word = docx.Document()
        self._numbers = Numbering()
        self._lay_out_page(landscape=landscape)
        self._lay_out_text()
        self._number_pages()
        self._word.core_properties.title = _UNPRINTABLE.sub("", title)
        self._word.core_properties.author = ""
        self._word.core_properties.comments = ""
        if title:
            self.title(title)

    def named(self, name: str) -> "Document":
        """What the file calls itself in its properties; nothing is printed of it."""
        self._word.core_properties.title = _UNPRINTABLE.sub("", name)
        return self

    def title(self, text: str) -> "Document":
        """A title in size 2, centred, its lines broken where the tongue rests."""
        self._numbers = Numbering()
        for line in broken(text):
            self._line(line, TITLE_FONT, TITLE_SIZE, align=WD_ALIGN_PARAGRAPH.CENTER, spacing=Pt(34))
        self._line("", BODY_FONT, SIZE)
        return self

    def heading(self, level: int, text: str, *, numbered: bool = True) -> "Document":
        """A heading of level 1 to 4, numbered 一、 （一） 1. （1） in its own typeface."""
        number = self._numbers.next(level)
        if not numbered:
            number = ""
        self._line(number + text, LEVEL_FONTS[level], SIZE, indent=True, keep=True)
        return self

    def paragraph(self, text: str, *, indent: bool = True) -> "Document":
        """Body text, first line set in by two characters; every line of `text` its own paragraph."""
        for line in text.splitlines() or [""]:
            self._line(line.strip(), BODY_FONT, SIZE, indent=indent)
        return self

    def addressee(self, text: str) -> "Document":
        """To whom it goes (主送机关), flush left with a colon."""
        self._line(text.rstrip("：:") + "：", BODY_FONT, SIZE)
        return self

    def facts(self, pairs: Sequence[tuple[str, Any]]) -> "Document":
        """Lines of label and value: 时间：2026年7月3日."""
        for label, value in pairs:
            self.paragraph(f"{label}：{value}")
        return self

    def table(
        self, head: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[float] | None = None
    ) -> "Document":
        """A ruled table with a head repeated on every page; `widths` in millimetres."""
        table = self._word.add_table(rows=1, cols=len(head))
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        for index, text in enumerate(head):
            self._cell(table.rows[0].cells[index], text, bold=True)
        _mark_row(table.rows[0], "w:tblHeader")
        for row in rows:
            made = table.add_row()
            _mark_row(made, "w:cantSplit")
            for cell, value in zip(made.cells, row, strict=True):
                self._cell(cell, "" if value is None else str(value), number=isinstance(value, int | float))
        if widths:
            table.autofit = False
            for column, width in zip(table.columns, widths, strict=True):
                column.width = Mm(width)
            for row_made in table.rows:
                for cell, width in zip(row_made.cells, widths, strict=True):
                    cell.width = Mm(width)
        self._line("", BODY_FONT, SIZE)
        return self

    def attachments(self, names: Sequence[str]) -> "Document":
        """附件：1. … below the text."""
        for index, name in enumerate(names, 1):
            lead = "附件：" if index == 1 else "　　　"
            number = f"{index}. " if len(names) > 1 else ""
            self._line(f"{lead}{number}{name}", BODY_FONT, SIZE, indent=True)
        return self

    def signature(self, organisation: str, day: date | None = None) -> "Document":
        """Who signs and when, at the right, the day four characters in from the margin."""
        # a page must not hold the signature alone (GB/T 9704-2012, 7.3.5.5)
        if self._word.paragraphs:
            self._word.paragraphs[-1].paragraph_format.keep_with_next = True
        self._line("", BODY_FONT, SIZE, keep=True)
        self._line(organisation, BODY_FONT, SIZE, align=WD_ALIGN_PARAGRAPH.RIGHT, right=Pt(32), keep=True)
        if day:
            text = f"{day.year}年{day.month}月{day.day}日"
            self._line(text, BODY_FONT, SIZE, align=WD_ALIGN_PARAGRAPH.RIGHT, right=Pt(64))
        return self

    def page_break(self) -> "Document":
        self._word.add_page_break()
        return self

    def bytes(self) -> bytes:
        """The finished .docx."""
        buffer = BytesIO()
        self._word.save(buffer)
        return buffer.getvalue()

    def _lay_out_page(self, *, landscape: bool) -> None:
        section = self._word.sections[0]
        section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
        section.top_margin, section.bottom_margin = TOP, BOTTOM
        section.left_margin, section.right_margin = LEFT, RIGHT
        # the footer's distance is to its foot: below the type area 7 mm, then the line of the number
        section.footer_distance = BOTTOM - NUMBER_BELOW - NUMBER_SIZE
        section.header_distance = Mm(15)
        properties = self._word.element.body.sectPr
        grid = properties.find(qn("w:docGrid"))
        if grid is None:
            grid = OxmlElement("w:docGrid")
            properties.append(grid)
        # a grid of characters makes some programs set half as many on a line; lines alone are safe
        grid.set(qn("w:type"), "lines")
        grid.set(qn("w:linePitch"), str(round(LINE.pt * 20)))

    def _lay_out_text(self) -> None:
        normal = self._word.styles["Normal"]
        normal.font.name, normal.font.size = LATIN_FONT, SIZE
        properties = normal.element.get_or_add_rPr()
        properties.get_or_add_rFonts().set(qn("w:eastAsia"), BODY_FONT)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "zh-CN")
        language.set(qn("w:eastAsia"), "zh-CN")
        properties.append(language)
        spacing = normal.paragraph_format
        spacing.space_before = spacing.space_after = Pt(0)
        spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
        spacing.widow_control = False

    def _number_pages(self) -> None:
        """— 1 — in size 4 at the outer edge: right on odd pages, left on even ones."""
        section = self._word.sections[0]
        self._word.settings.odd_and_even_pages_header_footer = True
        for footer, align in (
            (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
            (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
        ):
            line = footer.paragraphs[0]
            line.alignment = align
            inset = Pt(14)
            if align == WD_ALIGN_PARAGRAPH.RIGHT:
                line.paragraph_format.right_indent = inset
            else:
                line.paragraph_format.left_indent = inset
            for part in ("— ", "PAGE", " —"):
                run = line.add_run("" if part == "PAGE" else part)
                _set_font(run, TABLE_FONT, NUMBER_SIZE, latin=TABLE_FONT)
                if part == "PAGE":
                    _add_field(run, "PAGE")

    def _line(
        self,
        text: str,
        font: str,
        size: Any,
        *,
        align: Any = None,
        indent: bool = False,
        right: Any = None,
        keep: bool = False,
        spacing: Any = None,
    ) -> None:
        line = self._word.add_paragraph()
        run = line.add_run(_UNPRINTABLE.sub("", text))
        _set_font(run, font, size)
        line.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY if align is None else align
        layout = line.paragraph_format
        layout.keep_with_next = keep
        if spacing:
            layout.line_spacing = spacing
            _off_the_grid(line)
        if right:
            layout.right_indent = right
        if indent:
            layout.first_line_indent = Pt(32)
            # in characters too, so that the indent follows when someone changes the size
            line.paragraph_format.element.pPr.ind.set(qn("w:firstLineChars"), "200")

    def _cell(self, cell: Any, text: str, *, bold: bool = False, number: bool = False) -> None:
        line = cell.paragraphs[0]
        run = line.add_run(_UNPRINTABLE.sub("", text))
        _set_font(run, TABLE_FONT, Pt(12))
        run.bold = bold
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER if bold else WD_ALIGN_PARAGRAPH.RIGHT if number else None
        line.paragraph_format.line_spacing = Pt(20)
        _off_the_grid(line)


def _set_font(run: Any, font: str, size: Any, latin: str = LATIN_FONT) -> None:
    run.font.name, run.font.size = latin, size
    run.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    # the 156 mm of a line hold 28 characters only when each is a quarter point closer
    if size == SIZE:
        closer = OxmlElement("w:spacing")
        closer.set(qn("w:val"), "-5")
        _in_order(run.element.get_or_add_rPr(), closer)


def _off_the_grid(line: Any) -> None:
    """Lines of another height than the text's are not stretched to whole lines of the grid."""
    snap = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    properties = line._p.get_or_add_pPr()
    spacing = properties.find(qn("w:spacing"))
    if spacing is None:
        properties.append(snap)
    else:
        spacing.addprevious(snap)


def _in_order(properties: Any, spacing: Any) -> None:
    """Put w:spacing where the schema wants it: before w:sz."""
    size = properties.find(qn("w:sz"))
    if size is not None:
        size.addprevious(spacing)
    else:
        properties.append(spacing)


def _add_field(run: Any, code: str) -> None:
    for kind, text in (("begin", None), (None, code), ("separate", None), ("t", "1"), ("end", None)):
        if kind in ("begin", "separate", "end"):
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:t" if kind == "t" else "w:instrText")
            part.text = text
        run.element.append(part)


def _mark_row(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def document_response(name: str, content: bytes) -> HttpResponse:
    """A Word document to be saved; `name` with or without its ending."""
    return attachment(f"{name.removesuffix('.docx')}.docx", content, CONTENT_TYPE)
