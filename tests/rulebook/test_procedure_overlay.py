"""A new procedure made of known steps is one file of an overlay: it loads, runs to its end, refuses and projects."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from zhibu import rulebook
from zhibu.core.calendar import WorkingDays
from zhibu.core.procedure import Case, Named, Plan, StepState, Taken, attempt, judge_by, project
from zhibu.rulebook.reader import effective, read
from zhibu.rulebook.reader.layers import SHIPPED

OVERLAY = Path(__file__).parents[2] / "examples" / "overlay"
FIELDS = {"theme": "红色教育基地", "leaves_on": date(2026, 9, 20)}
VOTE = {"expected": 5, "present": 4, "yes": 4}
WAY = (
    Taken("discussed", date(2026, 9, 1), by="branch_committee", vote=VOTE),
    Taken("applied", date(2026, 9, 2), by="branch", values={"days": 2, "budget": 300_000}),
    Taken("approved", date(2026, 9, 4), by="superior", reply="approved"),
    Taken("published", date(2026, 9, 7), date(2026, 9, 9), by="branch"),
    Taken("leaders_named", date(2026, 9, 10), by="branch"),
    Taken("taught", date(2026, 9, 20), by="branch", values={"place": "纪念馆"}),
    Taken("paid", date(2026, 9, 21), by="branch", values={"amount": 300_000, "voucher": "P-1"}),
    Taken("shared", date(2026, 9, 25), by="party_group"),
)


@pytest.fixture(scope="module")
def plan():
    book = effective((OVERLAY,))
    return Plan(
        book.procedures["study_tour"], WorkingDays(book.calendar), judge_by(book.votes), book.documents
    )


def test_the_shipped_rulebook_does_not_know_it():
    assert "study_tour" not in rulebook.check(()).rulebook.procedures


def test_a_case_runs_to_its_end_without_a_line_of_code(plan):
    taken = ()
    for each in WAY:
        if each.step == "leaders_named":
            refused = attempt(plan, Case(fields=FIELDS, taken=taken), each)
            assert [one.code for one in refused.refusals] == ["people_too_few"]
            each = Taken(each.step, each.on, by=each.by, people=(Named("甲"), Named("乙")))  # noqa: PLW2901 - with people now
        tried = attempt(plan, Case(fields=FIELDS, taken=taken), each, each.until or each.on)
        assert [one.code for one in tried.refusals] == [], each.step
        taken += (tried.taken,)
    seen = project(plan, Case(fields=FIELDS, taken=taken), date(2026, 9, 26))
    assert (seen.ended, seen.ended_on) == ("shared", date(2026, 9, 25))


def test_its_reminders_and_windows_come_from_the_file(plan):
    seen = project(plan, Case(fields=FIELDS, taken=WAY[:1]), date(2026, 9, 5))
    assert seen.next.step == "applied"
    assert seen.view("applied").latest == date(2026, 9, 5)
    late = project(plan, Case(fields=FIELDS, taken=WAY[:1]), date(2026, 9, 6))
    assert [each.step for each in late.of(StepState.OVERDUE)] == ["applied"]


def test_a_refusal_tells_its_article(plan):
    tried = attempt(
        plan, Case(fields=FIELDS, taken=WAY[:1]), Taken("applied", date(2026, 9, 6), values=WAY[1].values)
    )
    (refused,) = tried.refusals
    assert (refused.code, refused.source, refused.article) == ("asked_too_late", "study-tour-rules-2026", "3")


# ------------------------------------------------------------------------------------------------ amendments
def test_an_amendment_prompts_tightens_and_adds_a_step():
    book = effective((OVERLAY,))
    procedure = book.procedures["secretary_report"]
    assert [(each.kind.value, each.months) for each in procedure.prompts] == [("quarterly", 1)]
    submitted = procedure.step("submitted")
    assert [submitted.number("within", day) for day in (date(2026, 6, 30), date(2026, 7, 1))] == [15, 10]
    assert procedure.step("told_members").after == ("mended", "told_staff")
    shipped = rulebook.check(()).rulebook.procedures["secretary_report"]
    assert [each.kind.value for each in shipped.prompts] == ["half_yearly"]


def overlay_of(root, name, text):
    (root / "procedures").mkdir()
    (root / "overlay.yaml").write_text("layer: local\ntitle: {zh: 本地, en: Local}\n")
    (root / "procedures" / f"{name}.yaml").write_text(f"id: {name}\nreason: {{zh: 本地, en: Local}}\n{text}")
    return rulebook.check((root,))


PROMPT = "prompts:\n  - {kind: yearly, months: 1, because: {zh: 每年, en: Yearly}}\n"


def test_a_national_prompt_cannot_be_taken_away(tmp_path):
    report = overlay_of(tmp_path, "renewal", PROMPT)
    kinds = [each.kind.value for each in report.rulebook.procedures["renewal"].prompts]
    assert (report.problems, kinds) == ((), ["term_expiring", "yearly"])


@pytest.mark.parametrize(("more", "codes"), [(19, ["overlay_loosens"]), (20, []), (30, [])])
def test_the_surplus_of_an_election_only_grows(tmp_path, more, codes):
    text = f"terms:\n  candidates_proposed:\n    2026-01-01: {{surplus: {more}}}\n"
    assert [each.code for each in overlay_of(tmp_path, "renewal", text).problems] == codes


def test_the_money_of_a_project_is_not_raised_above_its_range(tmp_path):
    text = "terms:\n  decided:\n    2026-07-01: {key_most: 200001}\n"
    assert [each.code for each in overlay_of(tmp_path, "innovation_project", text).problems] == [
        "overlay_loosens"
    ]


def test_a_field_is_filled_in_only_from_what_some_procedure_asks(tmp_path):
    """A calendar that no step of a call gives, one of another kind, one of nobody's call: none of them loads."""
    text = (SHIPPED / "procedures" / "innovation_project.yaml").read_text("utf-8")
    for name, wrong in (
        ("proposals_until", "innovation_call.planned.budget"),
        ("midterm_on", "innovation_call.planned.nothing"),
        ("final_on", "nobody.planned.final_on"),
    ):
        text = text.replace(f"called: innovation_call.planned.{name}", f"called: {wrong}")
    shutil.copytree(SHIPPED, tmp_path / "book", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (tmp_path / "book" / "procedures" / "innovation_project.yaml").write_text(text, "utf-8")
    found = read((), tmp_path / "book", thorough=False).problems
    assert [each.code for each in found] == ["unknown_value"] * 3
