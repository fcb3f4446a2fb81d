"""The shipped rulebook on Django's own connection, against plain Python over the same records."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.scale import oracle
from tests.scale.shipped import review
from zhibu import analytics
from zhibu.analytics import buckets, collecting
from zhibu.core.calendar import Quarter
from zhibu.core.norms import Rulebook, Terms

Q2 = Quarter.parse("2026Q2")


@pytest.mark.parametrize("code", ["2026Q1", "2026Q2", "2025Q4"])
def test_every_fact_and_part_agrees_with_plain_python(book: Rulebook, rows: Any, code: str) -> None:
    quarter = Quarter.parse(code)
    found = [oracle.told(row) for row in analytics.collect(book, quarter)]
    assert found == oracle.assess(book, rows, quarter)
    assert len(found) > 10


def test_the_terms_to_come_agree_as_well(book: Rulebook, rows: Any) -> None:
    """Parts a later row of terms brings in (answers in time, the study plan carried out), as if it were in force."""
    come = {
        name: replace(norm, terms=Terms((replace(norm.terms.rows[-1], since=date(2020, 1, 1)),)))
        for name, norm in book.standards.items()
    }
    ahead = replace(book, standards=come, digest="terms to come")
    found = [oracle.told(row) for row in analytics.collect(ahead, Q2)]
    assert found == oracle.assess(ahead, rows, Q2)
    answers = {row["states"]["S29", "answers"] for row in found}
    assert {"not_applicable", "not_met"} < answers
    carried_out = {row["states"]["S10", "carried_out"] for row in found}
    assert {"partly", "not_applicable"} <= carried_out


def test_what_was_known_then_is_found_again(book: Rulebook, rows: Any) -> None:
    then = [oracle.told(row) for row in analytics.collect(book, Q2, known_by=1_500)]
    assert then == oracle.assess(book, rows, Q2, 1_500)
    assert then != [oracle.told(row) for row in analytics.collect(book, Q2)]


def test_one_branch_is_the_row_of_the_whole(book: Rulebook, rows: Any) -> None:
    for known in (None, 1_200):
        everyone = analytics.collect(book, Q2, known_by=known)
        assert [analytics.collect_one(book, Q2, row.path, known_by=known) for row in everyone] == everyone
    assert analytics.collect_one(book, Q2, "0001") is None
    assert analytics.collect_one(book, Q2, "9999") is None


def test_verdicts_need_no_fact_that_is_only_shown(book: Rulebook, rows: Any) -> None:
    whole, judged = analytics.collect(book, Q2), analytics.collect(book, Q2, shown=False)
    assert [row[7:] for row in judged] != [row[7:] for row in whole]
    assert [(*row[1:7], *row[8:]) for row in judged] == [(*row[1:7], *row[8:]) for row in whole]
    assert set(judged[0].as_facts().items()) < set(whole[0].as_facts().items())


def test_a_range_holds_the_subtree(book: Rulebook, rows: Any) -> None:
    everyone = analytics.collect(book, Q2)
    below = analytics.collect(book, Q2, lo="0001", hi="0002")
    assert below == [row for row in everyone if row.path.startswith("0001")]


@pytest.mark.parametrize("minimum", [1, 3, 50])
def test_places_agree_with_the_plain_ranking(book: Rulebook, rows: Any, minimum: int) -> None:
    found = analytics.collect(book, Q2, rank_from=minimum)
    expected = oracle.places(oracle.assess(book, rows, Q2), minimum)
    assert {row.branch: (row.place, row.of) if row.place else None for row in found} == expected


def test_buckets_make_the_same_whole(book: Rulebook, rows: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, past = (analytics.collect(book, Q2, rank_from=2, known_by=known) for known in (None, 1_200))
    monkeypatch.setattr(
        collecting, "bounds", lambda book, binds, then: buckets.bounds(book, binds, 5, then=then)
    )
    assert analytics.collect(book, Q2, rank_from=2) == whole
    assert analytics.collect(book, Q2, rank_from=2, known_by=1_200) == past != whole


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 1, 1), date(2026, 2, 11)),
        (date(2025, 12, 15), date(2026, 4, 1)),
    ],
)
def test_facts_of_any_days(book: Rulebook, rows: Any, first: date, last: date) -> None:
    found = analytics.facts_for(book, book.facts, "", "z", first, last)
    asked = oracle.Oracle(book, rows, first, last)
    expected = {branch: {name: asked.value_of(name, branch) for name in book.facts} for branch in found}
    assert found == expected
    path = next(row["path"] for row in rows["zb_organisation"] if row["id"] in found)
    (alone,) = analytics.facts_for(book, book.facts, path, path + "0", first, last).items()
    assert alone in found.items()


def test_an_unknown_fact_is_a_key_error(book: Rulebook, db: Any) -> None:
    with pytest.raises(KeyError):
        analytics.facts_for(book, ["life.nothing"], "", "z", Q2.first, Q2.last)


def test_the_number_of_queries_is_fixed(book: Rulebook, rows: Any, django_assert_num_queries: Any) -> None:
    path = analytics.collect(book, Q2)[0].path
    analytics.collect_one(book, Q2, path)  # prepares the text, where texts are prepared
    analytics.facts_for(book, ["life.general_meetings"], path, path + "0", Q2.first, Q2.last)
    with django_assert_num_queries(1):
        analytics.collect_one(book, Q2, path)
    with django_assert_num_queries(1):
        analytics.facts_for(book, ["life.general_meetings"], path, path + "0", Q2.first, Q2.last)


def test_points_reviewers_gave_are_added(book: Rulebook, rows: Any) -> None:
    plain = analytics.collect(book, Q2)
    standard, part, weight = next(
        key
        for key, state in zip(plain[0].layout.parts, plain[0].states, strict=True)
        if state == "awaiting_review"
    )
    given = {plain[0].branch: weight // 3, plain[1].branch: weight, plain[2].branch: None}
    review(Q2, given, standard, part)
    found = {row.branch: row.part(standard, part) for row in analytics.collect(book, Q2, run=1)}
    assert found[plain[0].branch] == ("partly", weight // 3, weight)
    assert found[plain[1].branch].state in {"met", "not_applicable"}
    assert found[plain[2].branch] == ("not_applicable", None, weight)
    one = analytics.collect_one(book, Q2, plain[0].path, run=1)
    assert one is not None
    assert one.earned == plain[0].earned + weight // 3
    assert one.decided == plain[0].decided + weight
    assert one.applicable == plain[0].applicable


def test_the_text_can_be_read_by_others(book: Rulebook) -> None:
    text = analytics.explain_sql(book, Q2, ranked=True)
    assert text.startswith("WITH scope AS")
    assert "RANK() OVER" in text
