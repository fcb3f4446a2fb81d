"""Small pieces the text is made of."""

from datetime import date

import pytest

from zhibu.analytics.conditions import column_test, literal, simplified
from zhibu.analytics.placeholders import Style, binds_of, inlined, render
from zhibu.analytics.timeframe import Timeframe
from zhibu.core.norms import Column, ColumnOperator, ColumnTest, ColumnType, Table, Window
from zhibu.core.wording import Text

ONE_OF, NOT_ONE_OF = ColumnOperator.ONE_OF, ColumnOperator.NOT_ONE_OF
SQL = "SELECT a % b FROM t WHERE x = :p0 AND y = ':no % it''s' AND z < :hi"
COLUMNS = {"state": Column("state", ColumnType.TEXT), "made_up": Column("made_up", ColumnType.FLAG)}
TABLE = Table("s", "zb_s", "branch", "id", None, None, Text("", ""), (), COLUMNS)


def test_placeholders_of_every_engine() -> None:
    assert binds_of(SQL) == {"p0", "hi"}
    assert render(SQL, Style.COLON) == SQL
    assert render(SQL, Style.DOLLAR) == "SELECT a % b FROM t WHERE x = $p0 AND y = ':no % it''s' AND z < $hi"
    formatted = render(SQL, Style.PYFORMAT)
    assert formatted % {"p0": ":p0", "hi": ":hi"} == SQL
    assert (
        inlined(SQL, {"p0": "1", "hi": "'z'"})
        == "SELECT a % b FROM t WHERE x = 1 AND y = ':no % it''s' AND z < 'z'"
    )


def test_words_of_the_rulebook_are_quoted() -> None:
    assert literal("it's; DROP TABLE zb_session --") == "'it''s; DROP TABLE zb_session --'"
    assert literal(7) == "7"


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ([("held", "closed"), ("closed",)], "t.state = 'closed'"),
        ([("closed", "held")], "t.state IN ('closed', 'held')"),
        ([("closed",), ("held",)], "1 = 0"),
    ],
)
def test_tests_of_one_column_become_one(given: list[tuple[str, ...]], left: str) -> None:
    tests = [ColumnTest("state", ONE_OF, values) for values in given]
    (test,) = simplified([*tests, ColumnTest("state", NOT_ONE_OF, ("cancelled",))])
    assert column_test(TABLE, test, "t") == left


def test_tests_that_cannot_be_joined_stay() -> None:
    tests = (ColumnTest("state", NOT_ONE_OF, ("cancelled",)), ColumnTest("made_up", ONE_OF, (0,)))
    assert simplified(tests) == tests
    assert [column_test(TABLE, test, "t") for test in tests] == ["t.state <> 'cancelled'", "t.made_up = 0"]


def test_a_quarter_in_numbers() -> None:
    timeframe = Timeframe(date(2026, 4, 1), date(2026, 6, 30))
    binds = timeframe.binds()
    assert [date.fromordinal(binds[name]) for name in ("p0", "p1", "h0", "y0", "m1", "m3", "ym5")] == [
        date(2026, 4, 1), date(2026, 6, 30), date(2026, 1, 1), date(2026, 1, 1),
        date(2026, 5, 1), date(2026, 7, 1), date(2026, 6, 1),
    ]  # fmt: skip
    shape = timeframe.shape
    assert [shape.of(window).months for window in (Window.PERIOD, Window.HALF_YEAR, Window.YEAR)] == [3, 6, 6]
    assert Timeframe(date(2027, 4, 1), date(2027, 6, 30)).shape == shape


def test_a_month_begun_is_not_whole() -> None:
    assert Timeframe(date(2026, 1, 15), date(2026, 3, 30)).shape.period.whole == (False, True, False)
    with pytest.raises(ValueError, match="before it begins"):
        Timeframe(date(2026, 2, 1), date(2026, 1, 31))
