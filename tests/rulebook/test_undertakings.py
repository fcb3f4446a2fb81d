"""undertakings.yaml: every kind is whole; an overlay adds kinds and shortens terms, and opens nothing that was closed."""

import re
from datetime import date

import pytest

from zhibu import rulebook
from zhibu.core.norms import Area, Closer, Opener, Proof, Sight

CHINESE = re.compile(r"[\u4e00-\u9fff]")
OVERLAY = "layer: local\ntitle: {zh: 本地, en: Local}\n"
WHOLE = """
skill: {title: {zh: 技能攻关, en: Skills}, about: {zh: 师徒结对, en: Masters}, opened_by: [branch], closed_by: branch,
  proof: words, seen_by: branch, meetings: [committee_meeting], level: local, sources: [{document: group-opinion, article: "19"}]}
"""


@pytest.fixture
def overlaid(tmp_path):
    def load(text):
        (tmp_path / "overlay.yaml").write_text(OVERLAY, "utf-8")
        (tmp_path / "undertakings.yaml").write_text(text, "utf-8")
        return rulebook.check((tmp_path,))

    return load


def test_every_kind_is_worded_and_says_who_ends_it():
    found = rulebook.load(()).undertakings
    texts = [text for each in found.values() for text in (each.title, each.about)]
    assert [text for text in texts if not CHINESE.search(text.zh) or CHINESE.search(text.en)] == []
    assert {name for name, each in found.items() if each.closed_by is not Closer.BRANCH} == {
        "care",
        "care_visit",
        "follow_up",
        "help_plan",
        "site_visit",
    }
    assert {name for name, each in found.items() if each.sight is Sight.PERSONS} == {"care", "help_plan"}
    assert [name for name, each in found.items() if each.sight is Sight.PERSONS and each.meetings] == []
    assert {name for name, each in found.items() if each.proof is Proof.FILE} == set()
    assert {name for name, each in found.items() if each.closing} == {"integrity_finding", "small_task"}
    assert [name for name, each in found.items() if each.claimed] == ["small_task"]
    assert {each.area for each in found.values()} == set(Area)
    assert {name: each.leads_to for name, each in found.items() if each.leads_to} == {
        "site_visit": ("production_problem", "advice", "difficulty")
    }
    assert {name for name, each in found.items() if Opener.OWNER in each.opened_by} == {
        "pledge",
        "promise_letter",
    }


def test_an_overlay_adds_a_kind_and_shortens_a_term(overlaid):
    report = overlaid(WHOLE + "resolution: {reason: {zh: 本地要求, en: Local}, days: {2026-09-01: 15}}\n")
    assert list(report.problems) == []
    found = report.rulebook.undertakings
    assert found["skill"].meetings == ("committee_meeting",)
    assert [found["resolution"].days_on(date(2026, month, 1)) for month in (8, 9)] == [30, 15]


@pytest.mark.parametrize(("text", "code"), [
    ("resolution: {reason: {zh: 甲, en: A}, days: {2026-09-01: 45}}\n", "overlay_loosens"),
    ("resolution: {days: {2026-09-01: 15}}\n", "overlay_without_reason"),
    ("care: {reason: {zh: 甲, en: A}, seen_by: public}\n", "unknown_key"),
    ("resolution: {reason: {zh: 甲, en: A}, closed_by: owner}\n", "unknown_key"),
    (WHOLE.replace("committee_meeting", "tea_party"), "unknown_choice"),
    (WHOLE.replace("[branch]", "[neighbour]"), "unknown_choice"),
    (WHOLE.replace('sources: [{document: group-opinion, article: "19"}]', "sources: []"), "missing_source"),
])  # fmt: skip
def test_what_an_overlay_may_not(overlaid, text, code):
    assert code in {problem.code for problem in overlaid(text).problems}


@pytest.fixture
def with_integrity(tmp_path):
    def load(text):
        (tmp_path / "overlay.yaml").write_text(OVERLAY, "utf-8")
        (tmp_path / "integrity.yaml").write_text(text, "utf-8")
        return rulebook.check((tmp_path,))

    return load


REASON = "reason: {zh: 本地要求, en: Local}"
DUTY = "{title: {zh: 甲, en: A}, posts: [secretary], every: year, level: local, sources: [{document: group-opinion}]}"


def test_an_overlay_has_the_letter_signed_sooner_by_all_and_adds_a_duty(with_integrity):
    report = with_integrity(
        f"promise: {{{REASON}, signed_by: members, sign_by: {{2027-01-01: 228}}}}\nduties:\n  purchases: {DUTY}\n"
    )
    assert list(report.problems) == []
    letter = report.rulebook.promise_letter
    assert (letter.signed_by, letter.sign_by(2026), letter.sign_by(2027)) == (
        "members", date(2026, 3, 31), date(2027, 2, 28),
    )  # fmt: skip
    assert report.rulebook.integrity_duties["purchases"].days(2027) == (date(2027, 12, 31),)


@pytest.mark.parametrize(("text", "code"), [
    ("promise: {signed_by: members}\n", "overlay_without_reason"),
    (f"promise: {{{REASON}, sign_by: {{2027-01-01: 430}}}}\n", "overlay_loosens"),
    (f"promise: {{{REASON}, sign_by: {{2027-01-01: 230}}}}\n", "wrong_type"),
    ("duties:\n  first_responsible: " + DUTY + "\n", "id_used_twice"),
    ("duties:\n  Bad-Name: " + DUTY + "\n", "id_malformed"),
    ("duties:\n  a: " + DUTY.replace("secretary", "gardener") + "\n", "unknown_post"),
])  # fmt: skip
def test_what_an_overlay_may_not_do_about_integrity(with_integrity, text, code):
    assert code in {each.code for each in with_integrity(text).problems}
