"""A standard of one's own is a directory of YAML: from its check to the workbench, the points, the pages, the export.

The overlay is the example that is shipped with the source. Its standard S31 asks for something none of the thirty asks
for, by facts none of them uses, in a group of its own; no line of the program knows it.
"""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.rooms.assessment.company import company
from tests.rooms.project.conftest import Said, spoken
from zhibu import rulebook
from zhibu.assessment import actions
from zhibu.assessment.judgements import Judgement
from zhibu.core.calendar import Quarter
from zhibu.life import actions as life

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
OVERLAY = ROOT / "examples" / "overlay"
QUARTER = Quarter(2026, 3)
JULY = datetime(2026, 7, 20, 2, tzinfo=UTC)
OCTOBER = datetime(2026, 10, 9, 2, tzinfo=UTC)
ASKED = ("--organisation", "G", "--quarter", QUARTER.code, "--json")


@pytest.fixture
def firm(db: Any, settings: Any) -> Any:
    settings.ZHIBU_TODAY = JULY.date()
    return company()


@pytest.fixture
def overlaid(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation that names the overlay in its environment."""
    monkeypatch.setenv("ZHIBU_OVERLAYS", str(OVERLAY))
    rulebook.forget()
    yield
    monkeypatch.undo()
    rulebook.forget()


@pytest.fixture
def page(client: Any, firm: Any) -> Callable[[str, str], str]:
    """What a person of the company sees at an address."""

    def seen(name: str, address: str) -> str:
        client.force_login(firm.user(name), backend="zhibu.accounts.backends.PhoneOrName")
        answer = client.get(address)
        assert answer.status_code == 200, address
        return str(answer.content.decode())

    return seen


def standard(said: Said, branch: str) -> dict[str, Any]:
    """S31 of a branch, as `zhibu assess` gives it."""
    assert said.code == 0, said.err
    found: dict[str, Any] = next(each for each in said.json["branches"] if each["code"] == branch)[
        "standards"
    ]["S31"]
    return found


def serve_the_people(firm: Any, months: int) -> list[int]:
    """The secretary of the first branch files the record of so many months."""
    return [
        life.file_document(
            firm.actor("secretary"), organisation=firm.e1, kind="other", title="志愿服务记录",
            covers_on=month.first, now=OCTOBER,
        ).pk
        for month in QUARTER.months[:months]
    ]  # fmt: skip


def test_without_the_overlay_nobody_knows_it(firm: Any, page: Any) -> None:
    rulebook.forget()
    said = spoken("assess", *ASKED)
    assert all("S31" not in each["standards"] for each in said.json["branches"])
    assert "志愿服务" not in page("secretary", "/") + page("member", "/assessment/standards/")


def test_no_line_of_the_program_names_it() -> None:
    searched = ["grep", "-rlE", r"S31\b|志愿服务记录|months_with_service_record", str(ROOT / "src")]
    found = subprocess.run(searched, capture_output=True, text=True, check=False).stdout.split()
    assert [name for name in found if name.endswith((".py", ".html", ".js", ".yaml"))] == []


def test_it_is_checked_before_it_is_used() -> None:
    said = spoken("rulebook", "check", "--overlay", OVERLAY, "--json")
    assert (said.code, said.json["sound"], said.json["problems"]) == (0, True, [])
    assert "S31" in said.json["standards"]


def test_it_is_due_on_the_workbench_with_its_step(firm: Any, overlaid: None, page: Any) -> None:
    seen = page("secretary", "/")
    assert "每月志愿服务" in seen
    assert "S31 志愿服务与公开议事" in seen
    assert "title=%E5%BF%97%E6%84%BF%E6%9C%8D%E5%8A%A1%E8%AE%B0%E5%BD%95" in seen
    step = next(part.split('"')[0] for part in seen.split('href="') if "%E5%BF%97%E6%84%BF" in part)
    assert "志愿服务记录" in page("secretary", step.replace("&amp;", "&"))


def test_it_is_judged_by_the_records_and_by_a_person(
    firm: Any, overlaid: None, settings: Any, page: Any
) -> None:
    settings.ZHIBU_TODAY = OCTOBER.date()
    assert standard(spoken("assess", *ASKED), "E1")["earned_micro"] == 0
    filed = serve_the_people(firm, 2)
    # two months of three of 1.20 points
    assert standard(spoken("assess", *ASKED), "E1") == {
        "state": "awaiting_review", "earned_micro": 800_000, "decided_micro": 2_000_000, "applicable_micro": 2_500_000,
    }  # fmt: skip
    officer = firm.actor("officer", OCTOBER.date())
    run, _cautions = actions.open_run(
        officer, organisation=firm.group, quarter=QUARTER, today=OCTOBER.date(), now=OCTOBER
    )
    judged = [Judgement("S31", "benefit", 50)]
    actions.review(officer, run=run, branch=firm.e1, now=OCTOBER, judgements=judged)
    assert standard(spoken("assess", *ASKED), "E1") == {
        "state": "partly", "earned_micro": 1_300_000, "decided_micro": 2_500_000, "applicable_micro": 2_500_000,
    }  # fmt: skip
    answer = spoken("explain", "S31", "--organisation", "E1", "--quarter", QUARTER.code, "--json").json
    fact = next(each for each in answer["facts"] if each["id"] == "life.months_with_service_record")
    assert (answer["points"], fact["value"], sorted(fact["counted"])) == ("1.30", 2, filed)
    assert answer["rulebook"] == rulebook.load().digest == run.rulebook_id
    point = page("secretary", f"/assessment/branches/{firm.e1.pk}/{QUARTER.code}/S31/")
    assert "有志愿服务记录的月数" in point
    assert "关于组织党员开展志愿服务的通知（示例）" in point


def test_it_stands_on_every_page_of_the_assessment(
    firm: Any, overlaid: None, settings: Any, page: Any
) -> None:
    settings.ZHIBU_TODAY = OCTOBER.date()
    serve_the_people(firm, 3)
    for name, address in (
        ("secretary", f"/assessment/branches/{firm.e1.pk}/{QUARTER.code}/"),
        ("secretary", "/assessment/standards/"),
        ("secretary", "/assessment/standards/S31/"),
        ("officer", f"/assessment/committees/{firm.group.pk}/{QUARTER.code}/heat/"),
        ("officer", f"/assessment/committees/{firm.group.pk}/{QUARTER.code}/overview/"),
    ):
        assert "志愿服务与公开议事" in page(name, address), address
    assert "联系服务群众" in page("secretary", f"/assessment/branches/{firm.e1.pk}/{QUARTER.code}/")


def test_it_has_its_column_in_the_export(firm: Any, overlaid: None, settings: Any, client: Any) -> None:
    settings.ZHIBU_TODAY = OCTOBER.date()
    client.force_login(firm.user("officer"), backend="zhibu.accounts.backends.PhoneOrName")
    address = f"/assessment/committees/{firm.group.pk}/{QUARTER.code}/export"
    with zipfile.ZipFile(io.BytesIO(client.get(f"{address}.xlsx").content)) as book:
        text = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert "S31" in text
    assert "S28" not in text, "switched off by the same overlay"
    with zipfile.ZipFile(io.BytesIO(client.get(f"{address}.docx").content)) as paper:
        assert "志愿服务与公开议事" in paper.read("word/document.xml").decode()


def test_the_quarter_before_it_knows_nothing_of_it(firm: Any, overlaid: None) -> None:
    said = spoken("assess", "--organisation", "G", "--quarter", "2026Q2", "--json")
    assert all("S31" not in each["standards"] for each in said.json["branches"])
    assert (
        spoken("explain", "S31", "--organisation", "E1", "--quarter", "2026Q2", "--json").error["code"]
        == "not_in_force"
    )


def test_taken_out_again_the_run_keeps_it(firm: Any, overlaid: None, settings: Any, monkeypatch: Any) -> None:
    settings.ZHIBU_TODAY = OCTOBER.date()
    serve_the_people(firm, 1)
    officer = firm.actor("officer", OCTOBER.date())
    run, _cautions = actions.open_run(
        officer, organisation=firm.group, quarter=QUARTER, today=OCTOBER.date(), now=OCTOBER
    )
    actions.publish(officer, run=run, today=OCTOBER.date(), now=OCTOBER)
    before = spoken("assess", *ASKED).json
    monkeypatch.delenv("ZHIBU_OVERLAYS")
    rulebook.forget()
    assert "S31" not in rulebook.load().standards
    after = spoken("assess", *ASKED).json
    assert after == before
    assert after["reproduced"] is True
    assert (
        next(each for each in after["branches"] if each["code"] == "E1")["standards"]["S31"]["earned_micro"]
        == 400_000
    )


def test_the_day_of_these_tests_lies_in_force() -> None:
    assert QUARTER.first >= date(2026, 7, 1)
