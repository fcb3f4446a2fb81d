"""Rosters made up for the tests: as many people as wanted, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import xlsxwriter

from zhibu.register.identity import check_digit

HEADER = (
    "序号", "所在党支部", "姓名", "性别", "公民身份号码", "民族", "出生日期", "学历", "人员类别", "入党日期",
    "转正日期", "工作岗位", "手机号码", "党小组", "党内职务", "是否流动党员", "外出地点", "月交党费标准", "备注",
)  # fmt: skip
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林罗高"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英"


def id_number(born: date, sequence: int, area: str = "130203") -> str:
    """A valid number; an odd `sequence` is a man's."""
    first = f"{area}{born:%Y%m%d}{sequence % 1000:03d}"
    return first + check_digit(first)


def person(number: int, branch: str, seed: int = 1) -> dict[str, Any]:
    """One line by heading. `number` makes the person, so that two rosters can share people."""
    rng = random.Random(seed * 1_000_003 + number)
    born = date(1950, 1, 1) + timedelta(days=number % 18_000)
    joined = born + timedelta(days=365 * 20 + rng.randrange(3_000))
    sequence = (number // 18_000) * 10 + rng.randrange(10)
    return {
        "所在党支部": branch,
        "姓名": rng.choice(SURNAMES) + rng.choice(GIVEN) + rng.choice(GIVEN),
        "性别": "男" if sequence % 2 else "女",
        "公民身份号码": id_number(born, sequence),
        "民族": "汉族",
        "出生日期": f"{born:%Y.%m.%d}",
        "学历": "本科",
        "人员类别": "正式党员",
        "入党日期": f"{joined:%Y%m%d}",
        "转正日期": f"{joined + timedelta(days=366):%Y-%m-%d}",
        "工作岗位": "工勤技能人员",
        "手机号码": f"139{number:08d}",
        "党小组": f"第{'一二三'[number % 3]}党小组",
        "月交党费标准": 12.5,
    }


def people(count: int, branches: int = 1, seed: int = 1) -> list[dict[str, Any]]:
    return [
        person(number, f"第{number * branches // count + 1}采矿队党支部", seed) for number in range(count)
    ]


def workbook(
    rows: Sequence[dict[str, Any]],
    *,
    header: Sequence[str] = HEADER,
    above: Sequence[Sequence[Any]] = (("党员名册",),),
    below: Sequence[Sequence[Any]] = (("合计", "", len(HEADER)),),
) -> bytes:
    """A sheet: lines above, the header, the rows, lines below."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("党员名册")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        lines = [*above, header, *([row.get(name, "") for name in header] for row in rows), *below]
        for number, line in enumerate(lines):
            for column, value in enumerate(line):
                if isinstance(value, date):
                    sheet.write_datetime(number, column, value, day)
                elif value != "":
                    sheet.write(number, column, value)
    return buffer.getvalue()
