"""One text, three engines, and an oracle in plain Python: all must agree to the digit."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.postgres import NoPostgresError, start_server
from tests.scale import engines, oracle
from tests.scale.books import book
from tests.scale.generated import records
from zhibu.analytics.compiler import Wanted, compile_quarter, write_quarter
from zhibu.analytics.layout import BranchRow
from zhibu.analytics.reading import rows_of
from zhibu.analytics.timeframe import FOREVER, Timeframe
from zhibu.core.calendar import Quarter

QUARTERS = ["2026Q1", "2026Q2", "2026Q3", "2025Q4"]
SHAPE = {name: list(rows[0]) for name, rows in records(0, 40).items()}
BOOK = book()


@pytest.fixture(scope="module")
def three() -> Iterator[tuple[engines.Ask, ...]]:
    """SQLite, DuckDB and PostgreSQL with the same rows."""
    rows = records(5, 60)
    try:
        address = start_server()
    except NoPostgresError:
        pytest.skip("no PostgreSQL on this machine")
    with (
        engines.sqlite(rows, SHAPE) as one,
        engines.duckdb(rows, SHAPE) as two,
        engines.postgres(address, rows, SHAPE) as three,
    ):
        yield one, two, three


def on_sqlite(rows: Any, compiled: Any, binds: Any) -> list[Any]:
    with engines.sqlite(rows, SHAPE) as ask:
        return ask(compiled, binds)


def binds_for(quarter: Quarter, known_by: int | None = None) -> dict[str, Any]:
    timeframe = Timeframe(quarter.first, quarter.last)
    known = FOREVER if known_by is None else known_by
    return {**timeframe.binds(), "lo": "", "hi": "z", "known": known, "run": 7, "minimum": 3}


def read(compiled: Any, found: list[Any]) -> list[BranchRow]:
    return list(rows_of(compiled.layout, found))


def reviews_of(rows: dict[str, Any]) -> dict[int, dict[tuple[str, str], int]]:
    given: dict[int, dict[tuple[str, str], int]] = {}
    for row in rows["zb_review"]:
        if row["run_id"] == 7:
            part = "effect" if row["part"] == "impression" else row["part"]
            points = row["points_micro"] if row["applicable"] else -1
            given.setdefault(row["branch_id"], {})[row["standard"], part] = points
    return given


@pytest.mark.parametrize("code", QUARTERS)
@pytest.mark.parametrize("seed", range(6))
def test_the_text_agrees_with_the_oracle(seed: int, code: str) -> None:
    quarter, rows = Quarter.parse(code), records(seed, 40)
    compiled = compile_quarter(BOOK, Wanted(quarter, reviewed=True))
    found = on_sqlite(rows, compiled, binds_for(quarter))
    assert [oracle.told(row) for row in read(compiled, found)] == oracle.assess(
        BOOK, rows, quarter, None, reviews_of(rows)
    )


@pytest.mark.parametrize("known_by", [None, 999, 1_000, 2_500])
def test_a_past_state_of_knowledge_is_found_again(known_by: int | None) -> None:
    quarter, rows = Quarter.parse("2026Q2"), records(77, 40)
    compiled = compile_quarter(BOOK, Wanted(quarter, then=known_by is not None))
    found = on_sqlite(rows, compiled, binds_for(quarter, known_by))
    assert [oracle.told(row) for row in read(compiled, found)] == oracle.assess(BOOK, rows, quarter, known_by)


@pytest.mark.parametrize("ranked", [False, True])
@pytest.mark.parametrize("code", QUARTERS)
def test_three_engines_read_one_text_alike(
    three: tuple[engines.Ask, ...], code: str, *, ranked: bool
) -> None:
    for then in (False, True):
        wanted = Wanted(Quarter.parse(code), reviewed=True, ranked=ranked, then=then)
        compiled = compile_quarter(BOOK, wanted)
        first, *others = [ask(compiled, binds_for(Quarter.parse(code), 1_200)) for ask in three]
        assert len(first) > 20
        assert others == [first, first]


@pytest.mark.parametrize("minimum", [1, 3, 12])
def test_places_agree_with_the_plain_ranking(minimum: int) -> None:
    quarter, rows = Quarter.parse("2026Q2"), records(9, 60)
    compiled = compile_quarter(BOOK, Wanted(quarter, ranked=True))
    ranked = read(compiled, on_sqlite(rows, compiled, {**binds_for(quarter), "minimum": minimum}))
    expected = oracle.places(oracle.assess(BOOK, rows, quarter), minimum)
    assert {row.branch: (row.place, row.of) if row.place else None for row in ranked} == expected


@pytest.mark.parametrize("code", QUARTERS)
def test_the_form_for_one_branch_says_the_same(code: str) -> None:
    quarter, rows = Quarter.parse(code), records(11, 30)
    compiled = compile_quarter(BOOK, Wanted(quarter, reviewed=True, one=True))
    together = compile_quarter(BOOK, Wanted(quarter, reviewed=True))
    with engines.sqlite(rows, SHAPE) as ask:
        everyone = read(together, ask(together, binds_for(quarter)))
        for row in everyone:
            binds = {**binds_for(quarter), "lo": row.path, "hi": row.path + "0"}
            assert read(compiled, ask(compiled, binds)) == [row]


def test_branches_without_any_record_are_there_with_nothing() -> None:
    quarter, rows = (
        Quarter.parse("2026Q1"),
        {**records(3, 5), "zb_session": [], "zb_talk": [], "zb_dues_month": []},
    )
    compiled = compile_quarter(BOOK, Wanted(quarter))
    found = read(compiled, on_sqlite(rows, compiled, binds_for(quarter)))
    assert [oracle.told(row) for row in found] == oracle.assess(BOOK, rows, quarter)
    assert {row.fact("life.since_general") for row in found} == {9999}


def test_the_same_rulebook_and_quarter_are_written_once() -> None:
    wanted = Wanted(Quarter.parse("2026Q1"))
    assert compile_quarter(BOOK, wanted) is compile_quarter(book(), wanted)
    assert write_quarter(BOOK, wanted) == compile_quarter(BOOK, wanted)
