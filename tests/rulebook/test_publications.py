"""publications.yaml: every kind of the room has its wording; overlays make windows longer, never shorter."""

import re
from datetime import date

import pytest

from zhibu import rulebook
from zhibu.core.norms import Reply
from zhibu.notices.models import NoticeKind

CHINESE = re.compile(r"[\u4e00-\u9fff]")
OVERLAY = "layer: local\ntitle: {zh: 本地, en: Local}\n"


@pytest.fixture
def overlaid(tmp_path):
    def load(text):
        (tmp_path / "overlay.yaml").write_text(OVERLAY, "utf-8")
        (tmp_path / "publications.yaml").write_text(text, "utf-8")
        return rulebook.check((tmp_path,))

    return load


def test_every_kind_is_worded_and_no_other():
    found = rulebook.load(()).publications
    assert set(found) == set(NoticeKind.values)
    texts = [text for each in found.values() for text in (each.title, each.text)]
    assert [text for text in texts if not CHINESE.search(text.zh) or CHINESE.search(text.en)] == []


def test_what_the_law_asks_of_an_admission():
    admission = rulebook.load(()).publications["admission"]
    assert (admission.least_on(date(2019, 1, 1)), admission.least_on(date(2026, 5, 11))) == (0, 5)
    assert (admission.reply, admission.about_person) == (Reply.OBJECTION, True)
    assert (admission.places, admission.mobile_places) == ((), ("unit", "residence"))


def test_an_overlay_asks_longer_from_a_day_and_leaves_the_opening_day_out(overlaid):
    report = overlaid(
        "admission: {reason: {zh: 本地要求, en: Local}, exclude_start_day: true, working_days: {2026-09-01: 7}}\n"
    )
    found = report.rulebook.publications["admission"]
    assert [found.least_on(date(2026, month, 1)) for month in (6, 8, 9)] == [5, 5, 7]
    assert found.exclude_start_day is True
    assert report.rulebook.publications["conversion"].exclude_start_day is False


@pytest.mark.parametrize(("text", "code"), [
    ("admission: {reason: {zh: 甲, en: A}, working_days: {2026-09-01: 3}}\n", "overlay_loosens"),
    ("admission: {working_days: {2026-09-01: 7}}\n", "overlay_without_reason"),
    ("admision: {reason: {zh: 甲, en: A}}\n", "unknown_choice"),
    ("admission: {reason: {zh: 甲, en: A}, title: {zh: '{phone}', en: '{phone}'}}\n", "unknown_choice"),
    ("admission: {reason: {zh: 甲, en: A}, reply: none}\n", "unknown_key"),
])  # fmt: skip
def test_what_an_overlay_may_not(overlaid, text, code):
    assert {problem.code for problem in overlaid(text).problems} == {code}
