"""Reading a sound rulebook: what comes of the files, and that it comes back from its snapshot."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from zhibu import rulebook
from zhibu.core.authority import Reach
from zhibu.core.norms import (
    Act,
    ColumnOperator,
    ColumnTest,
    Compare,
    Grant,
    Operator,
    Reduce,
    Reduction,
    Rulebook,
    Source,
    Spell,
    Window,
)
from zhibu.core.wording import Text
from zhibu.rulebook.reader import RulebookError, effective, read

SOUND = Path(__file__).parent / "sound"


@pytest.fixture(scope="module")
def book():
    return effective((), SOUND)


@pytest.fixture
def shipped(tmp_path):
    """A copy of the sound rulebook that a test may change."""
    shutil.copytree(SOUND, tmp_path / "shipped")
    return tmp_path / "shipped"


def change(root, name, old, new):
    path = root / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_fact_is_read_whole(book):
    lessons, members = book.facts["life.lessons"], book.facts["register.members"]
    assert lessons.where == (ColumnTest("kind", ColumnOperator.ONE_OF, ("party_lesson",)),)
    assert [counts.when for counts in lessons.counts] == [
        (ColumnTest("state", ColumnOperator.ONE_OF, ("closed",)),),
        (
            ColumnTest("present", ColumnOperator.AT_LEAST, (), "expected"),
            ColumnTest("made_up", ColumnOperator.ONE_OF, (0,)),
        ),
    ]
    assert (lessons.day, lessons.window, lessons.reduce) == (
        "held_on",
        Window.PERIOD,
        Reduction(Reduce.COUNT),
    )
    assert members.where[1] == ColumnTest("until", ColumnOperator.EMPTY)
    assert (members.spell, members.reduce) == (
        Spell("since", "until"),
        Reduction(Reduce.DISTINCT, ("person_id",)),
    )


def test_a_standard_is_read_whole(book):
    norm = book.standards["S01"]
    (check,), (part,), (exception,) = norm.checks, norm.reviewed, norm.unless
    assert norm.sources == (Source("opinion", "1-2,5"),)
    assert check.met == Compare("life.lessons", Operator.AT_LEAST, "one")
    assert (check.act, check.sources, check.level) == (
        Act("life:record", (("kind", "party_lesson"),)),
        norm.sources,
        norm.level,
    )
    assert part.supported_by == ("register.members",)
    assert exception.because == Text("人数少", "Too few members")
    assert norm.facts() == ("life.lessons", "register.members")
    assert norm.weight(check, date(2026, 3, 31)) == 8000
    assert norm.weight(check, date(2019, 3, 31)) is None
    assert norm.part("effect") is part
    assert book.facts_used() == ("life.lessons", "register.members")


def test_the_rest_is_read_whole(book):
    assert book.mandates["secretary"] == (Grant(("life.*", "register.view"), Reach.OWN),)
    assert book.word("posts", "secretary") == Text("书记", "Secretary")
    assert book.word("posts", "cook") == Text("cook", "cook")
    assert sorted(book.calendar) == [2025, 2026]
    assert book.scheme.number("minimum_group", date(2026, 1, 1)) == 3
    assert book.limit("register.joining_age", date(2026, 1, 1)) == 18
    assert book.limit("register.joining_age", date(2018, 1, 1)) is None
    regulations = book.documents["regulations"]
    assert [regulations.is_verified(article) for article in ("11", "12", "13")] == [True, False, True]
    assert book.documents["former"].in_force_on(date(2017, 12, 31))
    assert not book.documents["former"].in_force_on(date(2018, 1, 1))


def test_a_snapshot_restores_the_rulebook_exactly(book):
    text = book.to_json()
    again = Rulebook.from_json(text)
    assert again == book
    assert again.to_json() == text
    assert again.sealed().digest == book.digest


def test_the_digest_follows_the_content(book, shipped):
    assert effective((), shipped).digest == book.digest
    change(shipped, "standards/S01.yaml", "one: 1,", "one: 2,")
    change(shipped, "standards/S01.yaml", "life.lessons: 1,", "life.lessons: 2,")
    assert effective((), shipped).digest != book.digest
    assert replace(book, digest="").sealed() == book


def test_a_comment_does_not_change_the_digest(book, shipped):
    change(shipped, "scheme.yaml", "level: local", "level: local  # of the place")
    assert effective((), shipped).digest == book.digest


def test_problems_of_all_files_are_told_at_once(shipped):
    change(shipped, "facts.yaml", "reduce: count", "reduce: counts")
    change(shipped, "mandates.yaml", "secretary:", "secretery:")
    change(shipped, "standards/S01.yaml", "group: A", "group: B")
    with pytest.raises(RulebookError) as caught:
        effective((), shipped)
    assert [(each.file, each.line, each.code) for each in caught.value.problems] == [
        ("facts.yaml", 11, "unknown_reduction"),
        ("mandates.yaml", 1, "unknown_post"),
        ("standards/S01.yaml", 2, "unknown_group"),
    ]
    assert "（是否想写“count”）" in caught.value.problems[0].message
    assert read((), shipped).sound is False


def test_a_renamed_standard_and_part_are_found_by_their_former_ids(shipped):
    change(shipped, "standards/S01.yaml", "group: A", "group: A\nwas: [S00]")
    change(shipped, "standards/S01.yaml", "  - id: effect", "  - id: effect\n    was: [outcome]")
    book = effective((), shipped)
    assert book.standard("S00") is book.standard("S01") is book.standards["S01"]
    assert book.standard("S00").part("outcome").id == "effect"
    with pytest.raises(KeyError):
        book.standard("S99")
    with pytest.raises(KeyError):
        book.standard("S01").part("unheard")


def test_matching_joins_another_table(shipped):
    change(
        shipped,
        "facts.yaml",
        "  reduce: {distinct: [person_id]}",
        "  matching: {table: memberships, on: {person_id: person_id}, where: {stage: {not: [activist]}},"
        " window: during, spell: {from: since, until: until}}\n  reduce: {spell_months: true}",
    )
    fact = effective((), shipped).facts["register.members"]
    (matching,) = fact.matching
    assert (matching.on, matching.window, matching.spell) == (
        (("person_id", "person_id"),),
        Window.DURING,
        Spell("since", "until"),
    )
    assert matching.where == (ColumnTest("stage", ColumnOperator.NOT_ONE_OF, ("activist",)),)
    assert fact.reduce == Reduction(Reduce.SPELL_MONTHS)


def test_a_rulebook_is_read_once_a_process_until_it_is_forgotten():
    rulebook.forget()
    first = rulebook.load(())
    assert rulebook.load(()) is first
    rulebook.forget()
    assert rulebook.load(()) == first


def test_a_deployment_names_its_overlays_in_the_environment(monkeypatch, tmp_path):
    monkeypatch.delenv(rulebook.OVERLAYS_VARIABLE, raising=False)
    assert rulebook.configured() == ()
    monkeypatch.setenv(rulebook.OVERLAYS_VARIABLE, f"{tmp_path}/a:{tmp_path}/b")
    assert rulebook.configured() == (tmp_path / "a", tmp_path / "b")
    with pytest.raises(RulebookError, match="no_directory"):
        rulebook.load()
