"""surveys.yaml: an overlay asks more and protects small groups better; never less."""

from datetime import date

import pytest

from zhibu import rulebook
from zhibu.core.norms.surveys import Asked, in_force

OVERLAY = "layer: local\ntitle: {zh: 本地, en: Local}\n"
DAY = date(2026, 7, 1)


@pytest.fixture
def overlaid(tmp_path):
    def load(text):
        (tmp_path / "overlay.yaml").write_text(OVERLAY, "utf-8")
        (tmp_path / "surveys.yaml").write_text(text, "utf-8")
        return rulebook.check((tmp_path,))

    return load


def test_what_is_shipped_keeps_the_promise_of_the_product():
    for each in rulebook.load(()).surveys.values():
        assert in_force(each.fewest, DAY) >= 5
        assert in_force(each.fewest_words, DAY) >= 10
        assert [
            one.id for one in each.questions if one.kind is not Asked.WORDS and len(one.choices) < 2
        ] == []


def test_an_overlay_asks_more_and_raises_what_is_few(overlaid, tmp_path):
    report = overlaid(
        "mood: {reason: {zh: 本矿, en: Here}, fewest: {2026-01-01: 8}, questions: {bus: {kind: one,"
        " title: {zh: 班车准不准, en: Buses}, choices: {yes_: {zh: 准, en: Good}, no_: {zh: 不准, en: Bad}}}}}"
    )
    assert [each.code for each in report.problems] == []
    found = rulebook.load((tmp_path,)).surveys["mood"]
    assert (found.questions[-1].id, in_force(found.fewest, DAY), in_force(found.fewest, date(2025, 7, 1))) == (
        "bus", 8, 5,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("fewest: {2026-01-01: 4}", "overlay_loosens"),
        ("kept_days: {2026-01-01: 900}", "overlay_loosens"),
        ("questions: {state: {kind: words, title: {zh: 再问, en: Again}}}", "id_used_twice"),
    ],
)
def test_an_overlay_does_not_loosen(overlaid, text, code):
    report = overlaid(f"mood: {{reason: {{zh: 本矿, en: Here}}, {text}}}")
    assert [each.code for each in report.problems] == [code]
