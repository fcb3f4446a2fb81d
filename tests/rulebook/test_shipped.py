"""The rulebook that is shipped: sound, complete, and quick to read."""

import re
from pathlib import Path

import pytest

from zhibu import rulebook
from zhibu.core.calendar import Quarter
from zhibu.core.evaluate import State, judge
from zhibu.core.norms import Rulebook, due_in

ROOT = Path(__file__).parents[2]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def report():
    return rulebook.check(())


@pytest.fixture(scope="module")
def book(report):
    assert report.problems == (), "\n".join(map(str, report.problems))
    return report.rulebook


def test_it_holds_the_thirty_standards_and_all_their_weights(book, report):
    assert list(book.standards) == [f"S{number:02d}" for number in range(1, 31)]
    assert [note for note in report.notes if note.code == "weights_sum"] == []
    assert report.examples >= 60


def test_every_standard_has_an_example_that_is_met_and_one_that_is_not(book):
    wanting = {
        name
        for name, norm in book.standards.items()
        if norm.checks and {example.verdict for example in norm.examples} <= {State.MET, State.NOT_APPLICABLE}
    }
    assert wanting == set()


def test_every_title_and_reason_is_chinese_in_zh_and_not_in_en(book):
    texts = [
        text
        for norm in book.standards.values()
        for text in (
            norm.title,
            norm.asks,
            *(part.title for part in norm.parts),
            *(part.asks for part in norm.reviewed),
            *(each.because for each in norm.unless),
            *(each.because for part in norm.parts for each in part.unless),
        )
    ]
    texts += [text for fact in book.facts.values() for text in (fact.title, fact.unit)]
    texts += [counts.because for fact in book.facts.values() for counts in fact.counts]
    assert [text for text in texts if not CHINESE.search(text.zh) or CHINESE.search(text.en)] == []


@pytest.mark.parametrize("quarter", [Quarter(2025, 4), Quarter(2026, 1), Quarter(2026, 2)])
def test_a_branch_without_any_record_is_judged_without_error(book, quarter):
    facts = {name: fact.empty for name, fact in book.facts.items()}
    verdicts = [judge(norm, quarter.last, facts, due_in(quarter)) for norm in book.standards.values()]
    assert len([verdict for verdict in verdicts if verdict is not None]) == 30


def test_loading_and_checking_give_the_same_rulebook(book):
    """Loading does not run the worked cases of the shipped layer; what comes of it is the same to the digest."""
    assert rulebook.check(()).rulebook == book


def test_it_restores_from_its_snapshot(book):
    assert Rulebook.from_json(book.to_json()) == book


@pytest.mark.parametrize(
    ("procedure", "least"),
    [
        ("admission", 200), ("transfer", 25), ("lost_contact", 20), ("mobile_spell", 18), ("suspension", 8),
        ("restoration", 8), ("founding", 18), ("joint_branch", 10), ("temporary_branch", 12), ("change", 14),
        ("dissolution", 10), ("groups", 12),
    ],
)  # fmt: skip
def test_every_procedure_of_admission_and_organisation_has_its_examples(book, procedure, least):
    assert len(book.procedures[procedure].examples) >= least


def test_the_twenty_five_steps_of_admission_keep_their_names_and_order(book):
    named = [
        "apply", "talk", "activist_selected", "activist_filed", "mentors_named", "cultivated",
        "prospect_proposed", "prospect_consented", "sponsors_named", "politically_reviewed", "trained",
        "committee_reviewed", "pre_reviewed", "form_completed", "admitted_by_meeting", "committee_talk",
        "admission_approved", "admission_filed", "assigned", "oath", "probation_observed",
        "conversion_applied", "converted_by_meeting", "conversion_approved", "archived",
    ]  # fmt: skip
    steps = [each.id for each in book.procedures["admission"].steps]
    assert [each for each in steps if each in named] == named


def test_two_ballots_and_accountability_are_an_overlay():
    found = rulebook.check((ROOT / "examples" / "overlays" / "two-votes",))
    assert found.problems == ()
    procedure = found.rulebook.procedures["admission"]
    steps = {each.id: each for each in procedure.steps}
    assert set(steps["prospect_proposed"].after) == {"cultivated", "masses_approved", "members_balloted"}
    assert "responsibility_recorded" in steps["archived"].after
    assert (steps["masses_approved"].vote, steps["members_balloted"].vote) == (
        "masses-approval",
        "general-meeting",
    )


def test_the_example_overlays_go_together():
    overlays = (ROOT / "examples" / "overlay", *sorted((ROOT / "examples" / "overlays").iterdir()))
    assert rulebook.check(overlays).problems == ()


def test_the_star_rating_is_an_overlay_that_publishes_nothing():
    found = rulebook.check((ROOT / "examples" / "overlays" / "star-rating",))
    assert found.problems == ()
    procedure = found.rulebook.procedures["star_rating"]
    assert procedure.subject.value == "person"
    assert {each.kind.value for each in procedure.steps} == {"confirm", "review", "talk"}


def test_the_example_overlay_is_sound():
    overlay = ROOT / "examples" / "overlay"
    report = rulebook.check((overlay,))
    assert report.problems == (), "\n".join(map(str, report.problems))
    assert "S31" in report.rulebook.standards
