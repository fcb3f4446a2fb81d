"""The shipped procedures beside admission: nothing is asked that no example shows, every word is in both languages."""

import json
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass

import pytest

from zhibu import rulebook
from zhibu.core.norms.procedures import EffectKind, Role
from zhibu.core.wording import Text

PLACE = re.compile(r"\{(\w+)\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
GROUPS = {"election", "decision", "appraisal", "project", "assessment"}


@pytest.fixture(scope="module")
def book():
    return rulebook.check(()).rulebook


@pytest.fixture(scope="module")
def procedures(book):
    return [each for each in book.procedures.values() if each.group in GROUPS]


def codes_of(procedure):
    """Every code a step of the procedure may be refused or cautioned with by its own words."""
    found = set()
    for step in procedure.steps:
        found |= {each.code for each in step.requires}
        found |= {each.code for each in (*step.waits, *step.due) if each.code}
        found |= {each.code for each in step.people.bars} if step.people else set()
    return found


def shown(procedure):
    """Codes and endings the examples expect."""
    codes, endings = set(), set()
    for example in procedure.examples:
        expect = json.loads(example.expect)
        codes |= {*expect.get("refused", ()), *expect.get("cautions", ())}
        endings.add(expect.get("ended", ""))
    return codes, endings


def test_there_are_the_procedures_of_a_branchs_life(procedures):
    assert {each.id for each in procedures} >= {
        "renewal", "term_shift", "by_election", "secretary_appointment", "decision_4plus2", "committee_decision",
        "major_matter", "member_appraisal", "member_reminder", "rectification_in_time", "removal",
        "innovation_call", "innovation_project", "weak_branch", "commendation", "secretary_report",
        "report_and_review",
    }  # fmt: skip
    assert sum(len(each.examples) for each in procedures) >= 250


def test_every_refusal_and_every_ending_has_its_example(procedures):
    wanting = {}
    for each in procedures:
        codes, endings = shown(each)
        left = (codes_of(each) - codes) | (set(each.endings) - endings)
        if left:
            wanting[each.id] = sorted(left)
    assert wanting == {}


def test_whoever_is_judged_is_heard_before_it_is_decided(book):
    """What is decided about a person comes after a talk in which the person is heard."""
    decides = {
        "rectification_in_time": "decided",
        "removal": "meeting_decided",
        "member_reminder": "criticised",
    }
    for name, step in decides.items():
        procedure = book.procedures[name]
        before, todo = set(), [step]
        while todo:
            todo += [each for each in procedure.step(todo.pop()).after if each not in before]
            before |= set(todo)
        assert "heard" in before, name
        heard = procedure.step("heard")
        assert (heard.optional, heard.when, heard.force.value) == (False, None, "must"), name


def test_nobody_is_adjusted_by_an_assessment(book):
    assert [each for step in book.procedures["weak_branch"].steps for each in step.effects] == []


def test_effects_and_notices_use_known_words(book, procedures):
    posts, notices = book.words["posts"], book.words["notice_kinds"]
    for procedure in procedures:
        for step in procedure.steps:
            assert step.notice in {"", *notices}, (procedure.id, step.id)
            for effect in step.effects:
                if effect.kind in (EffectKind.APPOINT, EffectKind.DISMISS):
                    assert effect.value in {*posts, "committee"}, (procedure.id, step.id)


def test_a_reply_is_given_above_and_never_by_the_branch(procedures):
    for procedure in procedures:
        for step in procedure.steps:
            if step.kind.value == "superior_reply":
                assert set(step.by) <= {Role.SUPERIOR, Role.APPROVING, Role.DEPARTMENT}, (
                    procedure.id,
                    step.id,
                )


def test_every_place_in_a_refusal_is_filled(procedures):
    """No reader is shown a brace: each place in the words of a requirement or a wait has its number."""
    timed = {"day", "since", "number", "unit", "step"}
    for procedure in procedures:
        for step in procedure.steps:
            terms = {name for row in step.rows for name in row.numbers}
            terms |= {f"{name}_yuan" for name in terms}
            for each in step.requires:
                said = f"{each.message.zh}{each.message.en}{each.remedy.zh if each.remedy else ''}"
                assert set(PLACE.findall(said)) <= terms, (procedure.id, step.id, each.code)
            for each in (*step.waits, *step.due):
                said = f"{each.message.zh}{each.message.en}" if each.message else ""
                assert set(PLACE.findall(said)) <= timed, (procedure.id, step.id, each.code)


def texts(value):
    """Every Text within a value."""
    if isinstance(value, Text):
        yield value
    elif is_dataclass(value):
        for each in fields(value):
            yield from texts(getattr(value, each.name))
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, tuple):
        for each in value:
            yield from texts(each)


def test_every_word_is_chinese_in_zh_and_not_in_en(procedures):
    found = [
        (each.zh, each.en) for procedure in procedures for each in texts(procedure) if each.zh or each.en
    ]
    assert [each for each in found if not CHINESE.search(each[0]) or CHINESE.search(each[1])] == []
