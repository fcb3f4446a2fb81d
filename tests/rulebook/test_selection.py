"""selection.yaml: the weights hold their worked cases; an overlay sets others with a reason, and nothing half-written loads."""

import re
from datetime import date

import pytest

from zhibu import rulebook
from zhibu.rulebook.reader import read

OVERLAY = "layer: local\ntitle: {zh: 本地, en: Local}\n"
REASON = "reason: {zh: 本地评选办法, en: Local rules}"
WHOLE = """
visits:
  title: {zh: 述职评议, en: Reports}
  about: {zh: 述职评议结果, en: Results of reports}
  level: local
  sources: [{document: group-opinion}]
  procedure: commendation
  accepted: commended
  results: {kind: {title: {zh: 已表彰, en: Commended}, step: approved}}
  terms: {2026-01-01: {kind: 10, most: 20}}
  examples: [{name: one, as_of: 2026-12-31, cases: [[kind]], expect: 10}]
"""


@pytest.fixture
def overlaid(tmp_path):
    def load(text):
        (tmp_path / "overlay.yaml").write_text(OVERLAY, "utf-8")
        (tmp_path / "selection.yaml").write_text(text, "utf-8")
        return read((tmp_path,), thorough=False)

    return load


def test_what_ships_is_worded_sourced_and_not_claimed_verified():
    (found,) = rulebook.load(()).selection.values()
    assert [each.document for each in found.sources] == [
        "college-innovation-call",
        "default-selection-weights",
    ]
    assert not found.verified
    assert all(re.search(r"[\u4e00-\u9fff]", each.title.zh) for each in found.results.values())
    assert {*found.results, "most"} == found.numbers(date(2026, 1, 1)).keys()


def test_an_overlay_weighs_anew_from_a_day_on_and_adds_a_procedure(overlaid):
    report = overlaid(f"innovation: {{{REASON}, terms: {{2027-01-01: {{key: 200}}}}}}\n{WHOLE}")
    assert list(report.problems) == []
    found = report.rulebook.selection
    assert [found["innovation"].total([["key"]], date(year, 12, 31)) for year in (2026, 2027)] == [100, 200]
    assert found["visits"].total([["kind"], ["kind"], ["kind"]], date(2026, 12, 31)) == 20


@pytest.mark.parametrize(("text", "codes"), [
    ("innovation: {terms: {2027-01-01: {golden: 200}}}\n", {"overlay_without_reason", "unknown_term"}),
    (
        WHOLE.replace("procedure: commendation", "procedure: commendations").replace("most: 20", "least: 20"),
        {"unknown_choice", "unknown_term", "example_fails"},
    ),
    (
        re.sub(r"(?m)^  examples: .*$", "", re.sub(r"sources: .*", "sources: []", WHOLE)).replace("accepted: commended", "accepted: praised"),
        {"unknown_step", "missing_source", "examples_missing"},
    ),
    (
        WHOLE.replace("step: approved", "step: approved, field: colour, is: red").replace("expect: 10", "expect: 11"),
        {"unknown_value", "example_fails"},
    ),
    (WHOLE.replace("step: approved", "step: approved, field: colour"), {"missing_key"}),
])  # fmt: skip
def test_what_does_not_load(overlaid, text, codes):
    assert {problem.code for problem in overlaid(text).problems} == codes
