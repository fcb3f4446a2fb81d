"""What of YAML is law here, value by value."""

from datetime import date

import pytest

from zhibu.rulebook.reader.problems import Problems, RulebookError
from zhibu.rulebook.reader.tree import Fields, Items, Leaf, parse


def read(text):
    problems = Problems()
    return parse(text.encode(), "x.yaml", problems), [each.code for each in problems.found]


def value_of(text):
    tree, problems = read(f"key: {text}")
    ((_, leaf),) = tree.entries
    return leaf.value, problems


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("text", "text"),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("true", True),
        ("false", False),
        ("2026-03-31", date(2026, 3, 31)),
        ('"12"', "12"),
        ("'no'", "no"),
        ('"2026-03-31"', "2026-03-31"),
        ("~", None),
        ("", None),
        ("1-2,5", "1-2,5"),
        ("life.lessons", "life.lessons"),
        ("2026Q1", "2026Q1"),
        ("12:30 开会", "12:30 开会"),
    ],
)
def test_values_are_what_they_look_like(written, value):
    assert value_of(written) == (value, [])


@pytest.mark.parametrize("written", ["yes", "No", "on", "OFF", "y", "N", "True", "FALSE"])
def test_what_yaml_takes_for_a_truth_is_refused(written):
    assert value_of(written)[1] == ["loose_boolean"]


@pytest.mark.parametrize("written", ["012", "1_000", "0x1F", "1.5", ".5", "1.0e3", "12:30", "3."])
def test_what_yaml_takes_for_another_number_is_refused(written):
    assert value_of(written)[1] == ["odd_number"]


@pytest.mark.parametrize("written", ["2026-02-30", "2026-2-3"])
def test_a_day_exists_and_is_written_in_full(written):
    assert value_of(written)[1] == ["not_a_date"]


def test_keys_are_texts_even_where_yaml_reads_a_truth():
    tree, problems = read("on: 1\nno: 2\nyes: 3\n")
    assert [(key.value, leaf.value) for key, leaf in tree.entries] == [("on", 1), ("no", 2), ("yes", 3)]
    assert problems == []


def test_lines_are_remembered():
    tree, _ = read("a: 1\nb:\n  - x\n  - {c: d}\n")
    (_, first), (_, second) = tree.entries
    assert isinstance(tree, Fields)
    assert isinstance(second, Items)
    assert (first.line, second.items[0].line, second.items[1].line) == (1, 3, 4)


def test_a_key_that_is_a_list_is_refused():
    assert read("? [a, b]\n: 1\n")[1] == ["key_not_text"]


def test_everything_wrong_in_one_file_is_told_in_one_go():
    assert read("a: &x yes\nb: !!str 1\nc: 1.5\na: *x\n")[1] == [
        "anchor",
        "loose_boolean",
        "tag",
        "odd_number",
        "alias",
        "duplicate_key",
    ]


def test_a_control_character_is_told_with_its_file():
    assert read("a: \x01")[1] == ["yaml_syntax"]


def test_a_leaf_of_a_whole_file_is_a_leaf():
    assert read("text")[0] == Leaf("text", "text", 1)


def test_an_error_tells_every_problem_by_file_and_line():
    problems = Problems()
    problems.add("b.yaml", 3, "empty_file")
    problems.add("a.yaml", 9, "alias", name="x")
    problems.add("a.yaml", 9, "alias", name="x")
    error = RulebookError(problems.found)
    assert [(each.file, each.line) for each in error.problems] == [("a.yaml", 9), ("b.yaml", 3)]
    assert str(error).splitlines()[0] == ("a.yaml:9: [alias] 使用了引用“*x”。把所引内容原样写出")
