"""What an overlay may do: add, tighten, weigh anew, disable with a reason."""

from datetime import date
from pathlib import Path

import pytest

from zhibu.core.authority import Reach
from zhibu.core.norms import Disabled, Grant, Portion, Rulebook
from zhibu.core.wording import Text
from zhibu.rulebook.reader import effective, read
from zhibu.rulebook.reader.overlays import Tighter, directions

SOUND = Path(__file__).parent / "sound"
REASON = "reason: {zh: 本地要求, en: Local}\n"


@pytest.fixture
def overlay(tmp_path):
    """Write an overlay of these files; the second argument names it."""

    def write(files, name="town"):
        root = tmp_path / name
        for file, text in {"overlay.yaml": "layer: local\ntitle: {zh: 本镇, en: Town}\n", **files}.items():
            path = root / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return root

    return write


def amended(*overlays):
    return effective(overlays, SOUND)


def numbers(book, day, *names):
    row = book.standards["S01"].terms.row_on(day).numbers
    return tuple(row[name] for name in names)


def test_an_overlay_tightens_from_its_day_on(overlay):
    book = amended(overlay({"standards/S01.yaml": f"id: S01\n{REASON}terms:\n  2026-07-01: {{one: 2}}\n"}))
    assert numbers(book, date(2026, 6, 30), "one", "few") == (1, 3)
    assert numbers(book, date(2026, 7, 1), "one", "few") == (2, 3)
    assert [layer.id for layer in book.layers] == ["shipped", "town"]
    assert book.digest != effective((), SOUND).digest


def test_an_overlay_weighs_anew_and_narrows_an_exception(overlay):
    text = f"id: S01\n{REASON}terms:\n  2026-01-01: {{w_effect: 0, w_lesson: 9999, few: 2}}\n"
    book = amended(overlay({"standards/S01.yaml": text}))
    assert numbers(book, date(2026, 1, 1), "w_effect", "w_lesson", "few") == (0, 9999, 2)


def test_examples_of_an_amendment_are_run_against_what_it_makes(overlay):
    example = (
        "examples:\n  - {name: one is too few now, as_of: 2026-03-31, facts: {life.lessons: 1, "
        "register.members: 9}, review: {effect: 2000}, expect: {verdict: partly, points: 2000}}\n"
    )
    text = f"id: S01\n{REASON}terms:\n  2026-01-01: {{one: 2}}\n{example}"
    assert len(amended(overlay({"standards/S01.yaml": text})).standards["S01"].examples) == 2
    wrong = text.replace("points: 2000}", "points: 1999}")
    report = read((overlay({"standards/S01.yaml": wrong}, "wrong"),), SOUND)
    assert [(each.file, each.line, each.code) for each in report.problems] == [
        ("wrong/standards/S01.yaml", 6, "example_fails")
    ]


def test_a_later_overlay_stands_on_the_earlier_and_may_not_loosen_it(overlay):
    first = overlay(
        {"standards/S01.yaml": f"id: S01\n{REASON}terms:\n  2026-01-01: {{one: 3}}\n"}, "province"
    )
    second = overlay({"standards/S01.yaml": f"id: S01\n{REASON}terms:\n  2026-01-01: {{one: 2}}\n"}, "county")
    assert numbers(amended(second, first), date(2026, 1, 1), "one") == (3,)
    assert [each.code for each in read((first, second), SOUND).problems] == ["overlay_loosens"]


def test_an_overlay_must_not_fall_behind_a_later_row_of_the_norm(overlay):
    first = overlay(
        {"standards/S01.yaml": f"id: S01\n{REASON}terms:\n  2027-01-01: {{one: 4}}\n"}, "province"
    )
    second = overlay({"standards/S01.yaml": f"id: S01\n{REASON}terms:\n  2026-01-01: {{one: 2}}\n"}, "county")
    (problem,) = read((first, second), SOUND).problems
    assert (problem.code, "2027-01-01" in problem.message) == ("overlay_loosens", True)
    until = f"id: S01\n{REASON}terms:\n  2026-01-01: {{one: 2}}\n  2027-01-01: {{one: 4}}\n"
    third = overlay({"standards/S01.yaml": until}, "town")
    assert numbers(amended(first, third), date(2026, 5, 1), "one") == (2,)


def test_a_standard_is_disabled_with_its_reason_kept(overlay):
    book = amended(overlay({"standards/S01.yaml": f"id: S01\n{REASON}disable: true\n"}))
    assert dict(book.standards) == {}
    assert book.disabled == {"S01": Disabled("town", Text("本地要求", "Local"))}


def test_an_overlay_adds_norms_words_facts_grants_and_years(overlay):
    norm = (SOUND / "standards/S01.yaml").read_text().replace("id: S01", "id: S02")
    fact = (SOUND / "facts.yaml").read_text().split("register.members:")[0].replace("life.l", "life.more_l")
    root = overlay(
        {
            "standards/S02.yaml": norm.replace("life.lessons", "life.more_lessons"),
            "facts.yaml": fact,
            "vocabulary.yaml": "posts:\n  organiser: {zh: 组织员, en: Organiser}\n",
            "mandates.yaml": "organiser:\n  - {verbs: [life.view], reach: below}\n"
            "member:\n  - {verbs: [dues.view], reach: self}\n",
            "calendars/cn.yaml": "2027: {holidays: []}\n",
            "scheme.yaml": f"{REASON}terms:\n  2026-01-01: {{minimum_group: 5}}\n",
        }
    )
    book = amended(root)
    assert (sorted(book.standards), book.standards["S02"].layer) == (["S01", "S02"], "town")
    assert book.mandates["organiser"] == (Grant(("life.view",), Reach.BELOW),)
    assert [grant.verbs for grant in book.mandates["member"]] == [("life.view",), ("dues.view",)]
    assert sorted(book.calendar) == [2025, 2026, 2027]
    assert book.scheme.number("minimum_group", date(2025, 1, 1)) == 3
    assert book.scheme.number("minimum_group", date(2026, 1, 1)) == 5
    (note,) = [each for each in read((root,), SOUND).notes if each.code == "weights_sum"]
    assert "20000" in note.message


def test_which_way_is_tighter_follows_from_the_use(tmp_path):
    text = (SOUND / "standards/S01.yaml").read_text()
    met = "{all: [{fact: life.lessons, at_least: one}, {not: {fact: register.members, more_than: few}}]}"
    text = text.replace("{fact: life.lessons, at_least: one}", met)
    overlay_root = tmp_path / "town"
    (overlay_root / "standards").mkdir(parents=True)
    (overlay_root / "overlay.yaml").write_text("layer: local\ntitle: {zh: 本镇, en: Town}\n")
    (overlay_root / "standards/S02.yaml").write_text(
        text.replace("id: S01", "id: S02").replace("register.members: 9}", "register.members: 3}")
    )
    book = effective((overlay_root,), SOUND)
    assert directions(book.standards["S02"]) == {"one": Tighter.UP, "few": Tighter.DOWN}


VOTE = """id: grade
kind: appraisal
title: {zh: 测评, en: Appraisal}
level: local
terms:
  2020-01-01:
    source: {document: opinion}
    quorum: {compare: ge, share: [1, 2], of: expected_voters}
    grades: {names: [good, bad], cap: [1, 3], of: all_members}
examples:
  - {name: a third, as_of: 2026-01-01, vote: {all_members: 6, expected: 4, present: 2, grades: {王: {good: 2}}}, expect: {excellent: 2}}
"""


def test_an_overlay_adds_a_rule_of_votes_and_another_tightens_it(overlay):
    first = overlay({"votes/grade.yaml": VOTE}, "province")
    second = overlay(
        {
            "votes/grade.yaml": f"id: grade\n{REASON}terms:\n  2026-01-01: "
            "{quorum: {compare: gt}, cap: [1, 4], of: present_voters}\n"
        }
    )
    rule = amended(first, second).votes["grade"]
    before, after = rule.row_on(date(2025, 12, 31)), rule.row_on(date(2026, 1, 1))
    assert (before.quorum.comparison, before.grades.cap, before.grades.of) == (
        "ge",
        Portion(1, 3),
        "all_members",
    )
    assert (after.quorum.comparison, after.grades.cap, after.grades.of) == (
        "gt",
        Portion(1, 4),
        "present_voters",
    )
    assert Rulebook.from_json(amended(first, second).to_json()) == amended(first, second)


def test_a_rule_of_votes_is_disabled_with_its_reason_kept(overlay):
    first = overlay({"votes/grade.yaml": VOTE}, "province")
    book = amended(first, overlay({"votes/grade.yaml": f"id: grade\n{REASON}disable: true\n"}))
    assert (dict(book.votes), list(book.disabled)) == ({}, ["grade"])
