"""Spreadsheets in which nothing is executed, and Word in the layout of GB/T 9704-2012."""

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from zhibu.ui.document import Document, document_response
from zhibu.ui.workbook import Column, workbook_response, write_workbook

COLUMNS = [Column("姓名"), Column("证件号"), Column("得分", "points"), Column("党费", "fen"), Column("日期", "day"), Column("登记", "instant"), Column("人数", "number")]  # fmt: skip


def sheet_of(content: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(content)).active


def test_values_arrive_as_what_they_are() -> None:
    row = [
        "李卫国",
        "110105194912310021",
        7250,
        1250,
        date(2026, 7, 3),
        datetime(2026, 7, 3, 8, 5, tzinfo=UTC),
        23,
    ]
    sheet = sheet_of(write_workbook(COLUMNS, [row], title="党员", note="截至 2026-07-03"))
    assert [cell.value for cell in sheet[4]] == [
        "李卫国", "110105194912310021", 72.5, 12.5, datetime(2026, 7, 3), datetime(2026, 7, 3, 16, 5), 23,
    ]  # fmt: skip
    assert [cell.alignment.horizontal for cell in sheet[4]][2:4] == ["right", "right"]
    assert [sheet["A1"].value, sheet["A2"].value, sheet["A3"].value] == ["党员", "截至 2026-07-03", "姓名"]
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A4", "$3:$3")


@pytest.mark.parametrize("typed", ["=1+1", '=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1", "http://x.cn", "007", "{=1}"])  # fmt: skip
def test_what_a_person_typed_is_never_executed(typed: str) -> None:
    sheet = sheet_of(
        write_workbook([Column("姓名"), Column("人数", "number")], [[typed, typed]], title="党员")
    )
    assert [(cell.value, cell.data_type, cell.hyperlink) for cell in sheet[3]] == [(typed, "s", None)] * 2


def test_long_numbers_keep_their_digits() -> None:
    sheet = sheet_of(write_workbook([Column("卡号", "number")], [[6222021234567890123], [None]], title="卡"))
    assert [sheet["A3"].value, sheet["A4"].value] == ["6222021234567890123", None]


def test_an_empty_list_and_an_odd_title_still_open() -> None:
    sheet = sheet_of(write_workbook(COLUMNS, [], title="2026/7 [会议]:*?"))
    assert (sheet.title, sheet.max_row) == ("2026 7  会议", 2)


def test_files_are_saved_under_their_chinese_name() -> None:
    answers = [workbook_response("党员 7月", b"x"), document_response("决议.docx", b"x")]
    assert [answer["Content-Disposition"] for answer in answers] == [
        "attachment; filename*=UTF-8''%E5%85%9A%E5%91%98%207%E6%9C%88.xlsx",
        "attachment; filename*=UTF-8''%E5%86%B3%E8%AE%AE.docx",
    ]


@pytest.fixture(scope="module")
def letter() -> Any:
    content = (
        Document("关于召开支部党员大会的通知")
        .addressee("各党小组")
        .heading(1, "时间地点")
        .heading(2, "时间")
        .paragraph("2026年7月3日16时。\n请准时到会。")
        .heading(2, "地点")
        .heading(1, "要求")
        .heading(3, "请假")
        .table(["姓名", "得分"], [["李卫国", 72], ["赵\x0b敏", None]], widths=[60, 30])
        .attachments(["议程", "名单"])
        .signature("采矿一队党支部", date(2026, 7, 1))
        .bytes()
    )
    return docx.Document(BytesIO(content))


def test_page_as_the_standard_lays_it_out(letter: Any) -> None:
    section = letter.sections[0]
    measured = [section.page_width, section.page_height, section.top_margin, section.left_margin, section.right_margin, section.bottom_margin]  # fmt: skip
    wanted = [Mm(210), Mm(297), Mm(37), Mm(28), Mm(26), Mm(35)]
    # Word counts in twentieths of a point
    assert all(abs(a - b) < Pt(0.1) for a, b in zip(measured, wanted, strict=True))
    grid = letter.element.body.sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")


def _looks(paragraph: Any) -> tuple[str, str, float]:
    run = paragraph.runs[0]
    return paragraph.text, run._r.rPr.rFonts.get(qn("w:eastAsia")), run.font.size.pt


def test_typefaces_and_numbers_of_the_levels(letter: Any) -> None:
    lines = [p for p in letter.paragraphs if p.text]
    assert [_looks(line) for line in lines[:9]] == [
        ("关于召开支部党员大会的通知", "方正小标宋简体", 22.0),
        ("各党小组：", "仿宋_GB2312", 16.0),
        ("一、时间地点", "黑体", 16.0),
        ("（一）时间", "楷体_GB2312", 16.0),
        ("2026年7月3日16时。", "仿宋_GB2312", 16.0),
        ("请准时到会。", "仿宋_GB2312", 16.0),
        ("（二）地点", "楷体_GB2312", 16.0),
        ("二、要求", "黑体", 16.0),
        ("1. 请假", "仿宋_GB2312", 16.0),
    ]
    assert [line.text for line in lines[9:]] == [
        "附件：1. 议程",
        "　　　2. 名单",
        "采矿一队党支部",
        "2026年7月1日",
    ]
    normal = letter.styles["Normal"]
    assert abs(normal.paragraph_format.line_spacing - Pt(28.95)) < Pt(0.1)
    assert normal.element.rPr.find(qn("w:lang")).get(qn("w:eastAsia")) == "zh-CN"
    assert lines[4].paragraph_format.first_line_indent == Pt(32)


def test_page_numbers_stand_outside_with_dashes(letter: Any) -> None:
    section = letter.sections[0]
    assert letter.settings.odd_and_even_pages_header_footer is True
    feet = [section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]]
    assert [(foot.text, foot.alignment.name) for foot in feet] == [("— 1 —", "RIGHT"), ("— 1 —", "LEFT")]
    assert _looks(feet[0]) == ("— 1 —", "宋体", 14.0)


def test_tables_repeat_their_head_and_drop_what_cannot_be_printed(letter: Any) -> None:
    table = letter.tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["姓名", "得分"],
        ["李卫国", "72"],
        ["赵敏", ""],
    ]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_levels_end_at_four() -> None:
    with pytest.raises(ValueError, match="level 1 to 4"):
        Document().heading(5, "x")
