from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibu.core.days import EXCEL_EPOCH, SERIAL_FROM, SERIAL_TO, parse_day

DAY = date(2025, 1, 13)


@pytest.mark.parametrize(
    "written",
    [
        DAY,
        datetime(2025, 1, 13, 9, 30),
        "2025-01-13",
        "2025-1-13",
        "2025/1/13",
        "2025.01.13",
        "20250113",
        20250113,
        20250113.0,
        "2025年1月13日",
        "2025年1月13号",
        " ２０２５年１月１３日 ",
        "2025-01-13 星期一",
        "2025年1月13日(周一)下午3点",
        "2025-01-13T15:00",
        45670,
        45670.5,
    ],
)
def test_a_day_is_understood_however_it_is_written(written):
    assert parse_day(written) == DAY


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (None, "empty"),
        ("  ", "empty"),
        ("2001年7月", "no day"),
        ("2001-07", "no day"),
        ("年底", "unknown"),
        ("2025-01-13 有事", "unknown"),
        (2025, "unknown"),
        (12.5, "unknown"),
        (True, "unknown"),
        ("2025-02-30", "impossible"),
        ("2025-13-01", "impossible"),
    ],
)
def test_what_is_no_day_is_refused_with_the_reason(written, why):
    with pytest.raises(ValueError, match=f"^{why}$"):
        parse_day(written)


def test_a_month_is_a_day_only_when_it_is_said_which():
    assert parse_day("2001年7月", missing_day=1) == date(2001, 7, 1)
    assert parse_day("200107", missing_day=1) == date(2001, 7, 1)


@given(st.dates(date(1930, 1, 1), date(2099, 12, 31)))
def test_every_way_of_writing_a_day_leads_back_to_it(day):
    ways = [
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        (day - EXCEL_EPOCH).days,
    ]
    assert [parse_day(way) for way in ways] == [day] * 4
    assert SERIAL_FROM <= ways[-1] < SERIAL_TO
