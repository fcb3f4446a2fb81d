"""Reading a sheet: any order of columns, any form of a day, noise above and below, and hostile files."""

from __future__ import annotations

import contextlib
import io
import zipfile
from datetime import date

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhibu.core.refusal import Refused
from zhibu.register.imports import checking, columns, values

from .conftest import TODAY
from .rosters import HEADER, people, workbook

FORMS = st.sampled_from(
    [
        "{y}-{m:02}-{d:02}",
        "{y}.{m}.{d}",
        "{y}/{m:02}/{d}",
        "{y}年{m}月{d}日",
        "{y}{m:02}{d:02}",
        " {y}－{m}－{d} ",
    ]
)


def read(data):
    return checking.read_file(data, "名册.xlsx", TODAY)


def kept(reading):
    return [
        (row.branch, row.name, row.id_number, row.joined_on, row.full_since, row.phone)
        for row in reading.rows
    ]


@given(st.dates(date(1921, 7, 1), date(2026, 11, 20)), FORMS)
def test_a_day_in_any_form(day, form):
    assert values.read_day(form.format(y=day.year, m=day.month, d=day.day)) == (day, True)


@pytest.mark.parametrize(
    "typed", ["2026年13月5日", "2001.02.30", "1972", "01.7.1", "去年", "7/1/2001", "2001-07-01至今"]
)
def test_no_day(typed):
    with pytest.raises(values.CellFault):
        values.read_day(typed)


def test_a_month_is_its_first_day_and_says_so():
    assert values.read_day("2001年7月") == (date(2001, 7, 1), False)


@pytest.mark.parametrize(
    ("typed", "fen"), [(12.5, 1250), (0.2, 20), ("180元", 18000), ("1,200.00", 120000), ("", None)]
)
def test_money(typed, fen):
    assert values.read_fen(typed) == fen


@pytest.mark.parametrize("typed", ["-1", "12.345", "十元", float("nan"), 1e12])
def test_no_money(typed):
    with pytest.raises(values.CellFault):
        values.read_fen(typed)


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(st.permutations(HEADER), st.integers(0, 6), st.integers(0, 3))
def test_the_order_of_columns_and_the_lines_around_do_not_matter(header, titles, feet):
    rows = people(5)
    plain = read(workbook(rows, above=(), below=()))
    above = [("××公司党员名册",), *[("填报单位：（盖章）", "", "填报日期：2026年6月30日")] * titles]
    below = [[], *[("合计：5人",), ("填表人：　　审核人：",), ("说明：本表一式两份",)][:feet]]
    noisy = read(workbook(rows, header=header, above=above, below=below))
    assert kept(noisy.reading) == kept(plain.reading)
    assert noisy.header.row == len(above) + 1


def test_headings_with_blanks_remarks_and_other_names():
    assert [columns.field_of(each) for each in ("姓　名", "身份证号码*", "入党时间（年月日）", "所在党支部 ", "月交党费（元）", "序号")] == [
        "name", "id", "joined", "branch", "dues", None,
    ]  # fmt: skip


def test_a_branch_named_once_holds_for_the_rows_below_and_a_heading_line_too():
    rows = people(4)
    for row in rows[1:]:
        row["所在党支部"] = ""
    assert {row.branch for row in read(workbook(rows)).reading.rows} == {"第1采矿队党支部"}
    header = [name for name in HEADER if name != "所在党支部"]
    titled = workbook(rows, header=header, above=[("党员名册",)])
    assert {row.branch for row in read(titled).reading.rows} == {""}


def test_a_header_repeated_on_the_next_printed_page_is_no_person():
    rows = people(4)
    rows.insert(2, {name: name for name in HEADER})
    assert len(read(workbook(rows)).reading.rows) == 4


def test_numbered_lines_without_a_person_are_left_out():
    assert len(read(workbook([*people(2), {"序号": 3}, {"序号": 4}])).reading.rows) == 2


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("姓名", "", "name_missing"),
        ("姓名", "张三1", "name_not_valid"),
        ("姓名", "#REF!", "cell_is_error"),
        ("性别", "未说明", "sex_not_known"),
        ("人员类别", "", "kind_missing"),
        ("人员类别", "中共党员", "kind_not_known"),
        ("入党日期", "", "joined_missing"),
        ("入党日期", "2030-01-01", "date_in_future"),
        ("入党日期", "1900-01-01", "date_not_plausible"),
        ("转正日期", "1960-01-01", "converted_before_joined"),
        ("手机号码", "1380013800", "phone_not_valid"),
        ("是否流动党员", "可能", "yes_or_no_not_known"),
        ("月交党费标准", "很多", "money_not_valid"),
        ("备注", "长" * 201, "too_long"),
    ],
)
def test_each_wrong_cell_is_named(field, value, code):
    rows = people(3)
    rows[1][field] = value
    refused = read(workbook(rows)).reading.refused
    assert [(each.excel_row, each.column, each.cause) for each in refused] == [(4, field, code)]
    assert refused[0].message
    assert refused[0].remedy


def bomb():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (80 * 1024 * 1024))
    return buffer.getvalue()


def corner():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "姓名")
        sheet.write(1_048_575, 16_383, "x")
    return buffer.getvalue()


def without_a_header():
    return workbook([], header=("甲", "乙"), above=(), below=[("张三", "1")])


def two_sheets():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        for name in "甲乙":
            book.add_worksheet(name).write_row(0, 0, HEADER)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        b"%PDF-1.7 not a sheet",
        b"\x00" * 5000,
        "姓名,公民身份号码\n张三,1".encode(),
        bomb(),
        corner(),
        without_a_header(),
        two_sheets(),
        workbook([]),
        workbook(people(1), header=[*HEADER, "党员姓名"]),
        workbook(people(1), header=[name for name in HEADER if name != "公民身份号码"]),
    ],
    ids=[
        "empty",
        "cut",
        "pdf",
        "zeros",
        "csv",
        "bomb",
        "corner",
        "no header",
        "two",
        "nobody",
        "name twice",
        "no id",
    ],
)
def test_a_file_that_is_no_roster_is_refused_with_a_remedy(data):
    with pytest.raises((Refused, checking.FileFault)) as refused:
        read(data)
    answer = refused.value.refused() if isinstance(refused.value, checking.FileFault) else refused.value
    told = [(each.told(), each.remedied()) for each in answer.refusals]
    assert all(message and remedy and "{" not in message + remedy for message, remedy in told)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6), st.integers(0, 255), st.integers(1, 40))
def test_a_damaged_file_never_gets_past_with_an_exception_of_its_own(place, byte, length):
    data = bytearray(workbook(people(3)))
    place %= len(data)
    data[place : place + length] = bytes([byte]) * len(data[place : place + length])
    with contextlib.suppress(Refused, checking.FileFault):
        read(bytes(data))
