"""How days, points and money are written, and read back."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from django.utils import translation

from zhibu.core.calendar import Month, Quarter
from zhibu.core.wording import Text
from zhibu.ui import clock, fields, formats, listing, pinyin, reading
from zhibu.ui.language import pick

FRIDAY = date(2026, 7, 3)


def test_days() -> None:
    assert formats.day(FRIDAY) == "2026-07-03"
    assert formats.near(FRIDAY) == "7月3日 周五"
    assert formats.near(FRIDAY, date(2027, 1, 1)) == "2026年7月3日 周五"
    with translation.override("en"):
        assert formats.near(FRIDAY) == "Fri 3 Jul"
        assert formats.near(FRIDAY, date(2027, 1, 1)) == "Fri 3 Jul 2026"
    assert formats.instant(datetime(2026, 7, 3, 16, 5, tzinfo=UTC)) == "2026-07-04 00:05"
    assert [formats.day(None), formats.near(None), formats.instant(None)] == ["—", "—", "—"]


def test_days_left() -> None:
    assert [formats.days_left(FRIDAY, date(2026, 7, d)) for d in (1, 3, 15)] == [
        "还有 2 天",
        "今天",
        "逾期 12 天",
    ]


@pytest.mark.parametrize(
    ("hundredths", "text"), [(7250, "72.5"), (7200, "72"), (7225, "72.25"), (0, "0"), (None, "—")]
)
def test_points(hundredths: int | None, text: str) -> None:
    assert formats.points(hundredths) == text


def test_other_numbers() -> None:
    assert formats.micro_points(3_333_333) == "3.33"
    assert [formats.change(n) for n in (400, -150, 0)] == ["+4", "−1.5", "0"]
    assert [formats.fen(n) for n in (0, 5, 1250, 123450, -1250)] == [
        "0.00", "0.05", "12.50", "1,234.50", "−12.50",
    ]  # fmt: skip
    assert [formats.share(a, b) for a, b in ((18, 23), (0, 5), (999, 1000), (5, 5), (1, 0))] == [
        "78%", "0%", "99%", "100%", "—",
    ]  # fmt: skip


def test_periods() -> None:
    assert [formats.quarter("2026Q3"), formats.quarter(Quarter(2026, 1))] == [
        "2026年第三季度",
        "2026年第一季度",
    ]
    assert [formats.month(Month(2026, 7)), formats.month("2026-07"), formats.month((2026, 12))] == [
        "2026年7月", "2026年7月", "2026年12月",
    ]  # fmt: skip
    with translation.override("en"):
        assert [formats.quarter("2026Q3"), formats.month("2026-07")] == ["Q3 2026", "Jul 2026"]


def test_names() -> None:
    assert [formats.masked(t) for t in ("李卫国", "13800001234", "110105194912310021", "", None)] == [
        "李**", "138****1234", "1101**********0021", "", "",
    ]  # fmt: skip
    assert formats.people(["李卫国", "赵敏"]) == "李卫国、赵敏"
    assert formats.people([f"党员{n}" for n in range(23)], 2) == "党员0、党员1等 23 人"


def test_pick() -> None:
    both = {"zh": "支部", "en": "Branch"}
    assert [pick(both), pick(Text("支部", "Branch")), pick("支部"), pick(None), pick({"en": "Branch"})] == [
        "支部", "支部", "支部", "", "Branch",
    ]  # fmt: skip
    with translation.override("en"):
        assert [pick(both), pick(Text("支部", "Branch")), pick({"zh": "支部"})] == [
            "Branch",
            "Branch",
            "支部",
        ]


@pytest.mark.parametrize(
    "written",
    [
        "2026-07-03",
        "2026.7.3",
        "2026/7/3",
        "20260703",
        "2026年7月3日",
        " ２０２６年７月３日 ",
        "2026年7月3日（周五）",
    ],
)
def test_a_day_is_read_as_people_write_it(written: str) -> None:
    assert fields.Day().clean(written) == FRIDAY


def test_a_day_that_cannot_be_is_explained() -> None:
    with pytest.raises(ValidationError, match="没有“2026-02-30”这一天"):
        fields.Day().clean("2026-02-30")
    with pytest.raises(ValidationError, match="请写成 2026-07-03"):
        fields.Day().clean("下周五")
    with pytest.raises(ValidationError, match="不能早于 2026-07-04"):
        fields.Day(earliest=date(2026, 7, 4)).clean("2026-07-03")
    assert fields.Day(required=False).clean(" ") is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("16:00", time(16)), ("1600", time(16)), ("16：30", time(16, 30)), ("16点", time(16)), ("16点半", time(16, 30)),
        ("下午4点", time(16)), ("上午9时05分", time(9, 5)), ("16:00:00", time(16)),
    ],
)  # fmt: skip
def test_a_time_is_read_as_people_write_it(written: str, read: time) -> None:
    assert fields.TimeOfDay().clean(written) == read


@pytest.mark.parametrize("written", ["25:00", "四点", "1660"])
def test_a_time_that_cannot_be_is_explained(written: str) -> None:
    with pytest.raises(ValidationError, match="请写成 16:00"):
        fields.TimeOfDay().clean(written)


def test_points_and_money() -> None:
    assert [fields.Points().clean(t) for t in ("72.5", "72", "72.25分")] == [7250, 7200, 7225]
    assert [fields.Fen().clean(t) for t in ("12.50", "1,234.5元", "¥3", "１２")] == [1250, 123450, 300, 1200]
    assert [fields.Fen().prepare_value(1250), fields.Points().prepare_value(7250)] == ["12.50", "72.5"]
    with pytest.raises(ValidationError, match="小数多于两位"):
        fields.Fen().clean("1.005")
    with pytest.raises(ValidationError, match=r"不能大于 72\.5"):
        fields.Points(maximum=7250).clean("73")
    with pytest.raises(ValidationError, match="不能小于 0"):
        fields.Fen().clean("-1")
    with pytest.raises(ValidationError, match="不是数字"):
        fields.Fen().clean("NaN元角")


def test_months() -> None:
    assert [fields.Month().clean(t) for t in ("2026-07", "2026年7月", "202607")] == [(2026, 7)] * 3
    with pytest.raises(reading.Unreadable):
        reading.parse_month("2026-13")


def test_names_are_found_by_their_surname_as_it_is_read() -> None:
    assert [pinyin.keys(name) for name in ("曾小明", "单丽", "欧阳振华", "尉迟恭", "阿依古丽·买买提")] == [
        "zengxiaoming zxm", "shanli sl", "ouyangzhenhua oyzh", "yuchigong ycg", "ayiguli·maimaiti aygl·mmt",
    ]  # fmt: skip


PEOPLE = [(1, "李卫国"), (2, "赵敏", "第二党小组")]


def test_people_and_one_person() -> None:
    assert fields.People(people=PEOPLE).clean(["2", "1"]) == [2, 1]
    assert fields.People(people=PEOPLE, required=False).clean([]) == []
    assert fields.Person(people=PEOPLE).clean("2") == 2
    assert fields.Person(people=PEOPLE, required=False).clean("") is None
    with pytest.raises(ValidationError):
        fields.People(people=PEOPLE).clean(["3"])


def test_the_clock_can_be_set_and_stands_still_within_a_request(settings: Any) -> None:
    settings.ZHIBU_TODAY = "2026-08-21"
    request = RequestFactory().get("/")
    assert clock.today(request) == date(2026, 8, 21)
    assert clock.now(request) is clock.now(request)
    settings.ZHIBU_TODAY = None
    assert clock.now(RequestFactory().get("/")).tzinfo is not None


def test_one_page_of_a_list() -> None:
    def page(query: str, count: int = 120) -> listing.Page:
        return listing.page_of(RequestFactory().get(f"/?{query}"), list(range(count)))

    first, last, absurd = page(""), page("page=3"), page("page=99999999999")
    assert [(p.number, len(p), p.first, p.last, p.has_previous, p.has_next) for p in (first, last, absurd)] == [
        (1, 50, 1, 50, False, True), (3, 20, 101, 120, True, False), (1, 50, 1, 50, False, True),
    ]  # fmt: skip
    assert [bool(page("", 0)), len(page("page=7", 3)), page("page=-1").number, page("page=²").number] == [
        False, 3, 1, 1,
    ]  # fmt: skip


def test_only_permitted_columns_sort() -> None:
    factory = RequestFactory()
    asked = ["name", "-name", "password", ""]
    assert [listing.sort_of(factory.get("/", {"sort": s}), {"name"}, "-day") for s in asked] == [
        "name", "-name", "-day", "-day",
    ]  # fmt: skip
