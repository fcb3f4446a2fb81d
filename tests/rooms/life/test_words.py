"""How ledgers write: absences, kinds, days. No database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibu.core.days import parse_day
from zhibu.life.imports.absences import Absence, parse_absences, written
from zhibu.life.imports.words import kind_of, tag_of

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=4)
REASON = st.one_of(st.just(""), st.sampled_from(["探亲", "倒班", "病假", "出差学习"]))
DAYS = st.dates(date(1921, 7, 1), date(2099, 12, 31))


@pytest.mark.parametrize(("text", "found"), [
    ("蒋涵春（探亲）、田伟欣（倒班）", [("蒋涵春", "探亲"), ("田伟欣", "倒班")]),
    ("蒋涵春(探亲),田伟欣（倒班）；张三", [("蒋涵春", "探亲"), ("田伟欣", "倒班"), ("张三", "")]),
    ("张三：出差、李四：病假", [("张三", "出差"), ("李四", "病假")]),
    ("张 三（出差）", [("张三", "出差")]),
    ("张三 李四", [("张三", ""), ("李四", "")]),
    ("张三【出差】\n李四", [("张三", "出差"), ("李四", "")]),
    ("王五（无故）", [("王五", "无故")]),
    ("无", []), ("", []), (None, []), ("—", []), ("全勤", []), (0.0, []),
])  # fmt: skip
def test_absences(text, found):
    assert [(each.name, each.reason) for each in parse_absences(text)] == found


def test_unexcused():
    assert [each.excused for each in parse_absences("甲乙（无故）、丙丁（病假）、戊己")] == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("text", ["（（", "（出差）", "张三（出差", "）"])
def test_what_cannot_be_read(text):
    with pytest.raises(ValueError):
        parse_absences(text)


@given(st.lists(st.tuples(HAN, REASON), max_size=8), st.sampled_from(["、", "，", ",", "；", "\n"]))
def test_what_is_written_is_read(people, between):
    told = [Absence(name, reason) for name, reason in people if name not in {"没有", "全勤", "全部到会"}]
    text = between.join(written([each]) for each in told)
    assert parse_absences(text) == told


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        found = parse_absences(text)
    except ValueError:
        return
    assert all(each.name for each in found)


@given(
    DAYS,
    st.sampled_from(
        [
            "%Y-%m-%d",
            "%Y.%m.%d",
            "%Y/%m/%d",
            "%Y%m%d",
            "%Y年%m月%d日",
            " %Y-%m-%d ",
            "%Y-%m-%d 16:30:00",
            "%Y年%m月%d日（周五）",
        ]
    ),
)
def test_days_in_every_form(day, form):
    assert parse_day(day.strftime(form)) == day


@given(DAYS)
def test_days_as_numbers_and_full_width(day):
    solid = day.strftime("%Y%m%d")
    assert parse_day(int(solid)) == day
    assert parse_day(float(solid)) == day
    assert parse_day(solid.translate({ord(str(n)): 0xFF10 + n for n in range(10)})) == day
    serial = (day - date(1899, 12, 30)).days
    if serial >= 10_000:
        assert parse_day(serial) == day


@given(st.text(max_size=30))
def test_any_text_is_a_day_or_refused(text):
    try:
        parse_day(text)
    except ValueError as error:
        assert str(error) in {"empty", "no day", "unknown", "impossible"}  # noqa: PT017


@pytest.mark.parametrize(("text", "kind"), [
    ("支委会", "committee_meeting"), ("支部委员会会议", "committee_meeting"), ("第3次支委会", "committee_meeting"),
    ("支部党员大会", "general_meeting"), ("党员大会", "general_meeting"), ("小组会", "group_meeting"),
    ("党小组会", "group_meeting"), ("主题党日活动", "themed_day"), ("党课（书记讲）", "party_lesson"),
    ("组织生活会", "organisational_life_meeting"), ("民主评议党员", "member_appraisal"), ("“党课”", "party_lesson"),
    ("班子集中学习", "committee_study"), ("集中学习", "group_study"), ("民主生活会", None), ("", None),
])  # fmt: skip
def test_kinds(text, kind):
    assert kind_of(text) == kind


def test_tags():
    assert (tag_of(""), tag_of("安全生产"), tag_of("天气")) == ("other", "safety", None)
