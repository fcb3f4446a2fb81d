"""session_kinds.yaml: every kind that code names is there; an overlay adds kinds and asks more, and takes nothing away."""

import re
from datetime import date

import pytest

from zhibu import rulebook
from zhibu.core.norms.sessions import Expects, Kept
from zhibu.core.refusal import Force
from zhibu.life.models import AgendaTag, SessionKind

CHINESE = re.compile(r"[\u4e00-\u9fff]")
OVERLAY = "layer: local\ntitle: {zh: 本地, en: Local}\n"
NEW = """
kinds:
  safety_meeting:
    title: {zh: 安全分析会, en: Safety meeting}
    expects: committee
    vote: committee-decision
    level: local
    sources: [{document: group-opinion, article: "3"}]
    least: {2026-01-01: 3}
    needs:
      - {record: attachment, force: must, because: {zh: 要附分析材料, en: The analysis is attached}}
"""


@pytest.fixture
def overlaid(tmp_path):
    def load(text):
        (tmp_path / "overlay.yaml").write_text(OVERLAY, "utf-8")
        (tmp_path / "session_kinds.yaml").write_text(text, "utf-8")
        return rulebook.check((tmp_path,))

    return load


def test_code_names_no_kind_that_is_not_there():
    book = rulebook.load(())
    assert set(SessionKind) <= set(book.session_kinds)
    assert {line.tag for kind in book.session_kinds.values() for line in kind.agenda} <= set(AgendaTag.values)
    assert set(book.matters) <= set(AgendaTag.values)


def test_every_text_is_chinese_in_zh_and_not_in_en():
    book = rulebook.load(())
    fields = [each for part in (*book.session_kinds.values(), *book.matters.values()) for each in part.fields]
    texts = [each.title for each in (*book.session_kinds.values(), *book.matters.values(), *fields)]
    texts += [text for each in fields for text in (each.help, *each.choices.values()) if text]
    texts += [
        text
        for kind in book.session_kinds.values()
        for text in (kind.minutes, *(n.because for n in kind.needs))
        if text
    ]
    assert [text for text in texts if not CHINESE.search(text.zh) or CHINESE.search(text.en)] == []


def test_no_two_kinds_answer_to_one_name_in_a_ledger():
    book = rulebook.load(())
    words = [
        word for kind in book.session_kinds.values() for word in {kind.title.zh, kind.short.zh, *kind.names}
    ]
    assert sorted({word for word in words if words.count(word) > 1}) == []


def test_whom_the_kinds_of_the_regulations_expect_and_what_they_are_judged_by():
    found = rulebook.load(()).session_kinds
    assert {name: (found[name].expects, found[name].vote) for name in list(found)[:3]} == {
        "general_meeting": (Expects.MEMBERS, "general-meeting"),
        "committee_meeting": (Expects.COMMITTEE, "committee-decision"),
        "group_meeting": (Expects.GROUP, ""),
    }
    assert found["party_lesson"].given("lecturer").needed is Force.MUST


def test_an_overlay_adds_a_kind(overlaid):
    report = overlaid(NEW)
    assert report.problems == ()
    kind = report.rulebook.session_kinds["safety_meeting"]
    assert (kind.least_on(date(2025, 12, 31)), kind.least_on(date(2026, 1, 1))) == (0, 3)
    assert [(need.record, need.force) for need in kind.needs] == [(Kept.ATTACHMENT, Force.MUST)]
    assert list(report.rulebook.session_kinds)[-1] == "safety_meeting"


def test_an_overlay_asks_more_of_a_kind_and_words_its_minutes(overlaid):
    text = """
kinds:
  themed_day:
    reason: {zh: 本地要求, en: Local}
    fields:
      - {id: volunteers, kind: number, title: {zh: 志愿者人数, en: Volunteers}, needed: must}
    minutes: {zh: 一、内容, en: 1. What was done}
"""
    before = rulebook.load(()).session_kinds["themed_day"]
    kind = overlaid(text).rulebook.session_kinds["themed_day"]
    assert [each.id for each in kind.fields] == [*(each.id for each in before.fields), "volunteers"]
    assert (kind.minutes.zh, kind.needs, kind.sources) == ("一、内容", before.needs, before.sources)


@pytest.mark.parametrize(("text", "code"), [
    ("kinds:\n  themed_day: {fields: []}\n", "overlay_without_reason"),
    ("kinds:\n  themed_day: {reason: {zh: 甲, en: A}, expects: committee}\n", "unknown_key"),
    ("kinds:\n  themed_day: {reason: {zh: 甲, en: A}, fields: [{id: plan, kind: text, title: {zh: 甲, en: A}}]}\n", "field_id_twice"),
    (NEW.replace("level: local", "level: national"), "level_without_source"),
    (NEW.replace("safety_meeting", "安全会"), "id_malformed"),
])  # fmt: skip
def test_what_an_overlay_may_not(overlaid, text, code):
    assert {problem.code for problem in overlaid(text).problems} == {code}
