"""`zhibu assess`: the same twice, as the stored run, as the run of its time, and honest about what came later."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from django.db import connection

from tests.rooms.assessment.company import KNOWN, NOW, QUARTER, TODAY, meeting, place
from tests.rooms.project.installed import install, run, well
from zhibu import rulebook
from zhibu.assessment import actions
from zhibu.assessment.judgements import Judgement
from zhibu.assessment.models import Result, Run
from zhibu.project.standings import VENDORS
from zhibu.record.models import Entry

pytestmark = pytest.mark.django_db
ASKED = ("--organisation", "G", "--quarter", "2026Q2", "--json")
LATER = int(datetime(2026, 8, 1, tzinfo=UTC).timestamp() * 1000)


def stored(run):
    rows = Result.objects.filter(run=run).select_related("branch")
    return {row.branch.code: (row.points, row.place, row.place_of, row.earned_micro) for row in rows}


def told(said):
    return {
        each["code"]: (
            each["points"] and round(float(each["points"]) * 100), each["place"], each["of"], each["earned_micro"]
        )
        for each in said.json["branches"]
    }  # fmt: skip


def test_without_a_run_the_records_are_computed(zhibu, firm):
    said = zhibu("assess", *ASKED)
    assert (said.code, said.err) == (0, "")
    head = {
        key: said.json[key]
        for key in ("quarter", "state", "source", "branch_count", "reproduced", "difference")
    }
    assert head == {
        "quarter": "2026Q2", "state": "none", "source": "computed", "branch_count": 7, "reproduced": None,
        "difference": [],
    }  # fmt: skip
    assert said.json["rulebook"] == rulebook.load().digest
    assert said.json["engine"] == VENDORS[connection.vendor]
    assert (Run.objects.count(), Entry.objects.count()) == (0, 0)


def test_asked_twice_it_says_the_same(zhibu, firm):
    assert zhibu("assess", *ASKED) == zhibu("assess", *ASKED)


def test_best_first_and_the_same_order_among_equals(zhibu, firm):
    lines = zhibu("assess", *ASKED).json["branches"]
    order = [(-float(line["points"] or -1), line["code"]) for line in lines]
    assert all(a[0] <= b[0] for a, b in pairwise(order))
    assert [line["place"] for line in lines if line["place"]] == sorted(
        line["place"] for line in lines if line["place"]
    )


def test_top_cuts_the_list_not_the_places(zhibu, firm):
    whole, three = zhibu("assess", *ASKED).json, zhibu("assess", *ASKED, "--top", 3).json
    assert three["branches"] == whole["branches"][:3]
    assert three["branch_count"] == 7


def test_a_branch_alone_keeps_its_place_among_its_peers(zhibu, firm):
    whole = {each["code"]: each for each in zhibu("assess", *ASKED).json["branches"]}
    (alone,) = zhibu("assess", "--organisation", "E2", "--quarter", "2026q2", "--json").json["branches"]
    assert alone == whole["E2"]
    assert alone["of"] == 4


def test_an_open_run_counts_its_reviews_and_the_records_of_today(zhibu, firm, opened):
    before = told(zhibu("assess", *ASKED))
    assert before == stored(opened)
    judged = [Judgement("S08", "spirit", 100)]
    actions.review(firm.actor("officer"), run=opened, branch=firm.e1, now=NOW, judgements=judged)
    assert told(zhibu("assess", *ASKED)) == stored(opened)
    meeting(firm.e4, "general_meeting", date(2026, 5, 5), known=LATER)
    after = told(zhibu("assess", *ASKED))
    assert after["E4"][3] > before["E4"][3]
    assert zhibu("assess", *ASKED).json["state"] == "open"


def test_a_frozen_quarter_again_to_the_digit(zhibu, firm, frozen):
    said = zhibu("assess", *ASKED)
    assert told(said) == stored(frozen)
    assert (said.json["state"], said.json["source"], said.json["reproduced"]) == ("frozen", "stored", True)
    assert said.json["difference"] == []
    assert said.json["rulebook"] == frozen.rulebook_id


def test_records_entered_after_the_freeze_are_a_difference_and_nothing_else(zhibu, firm, frozen):
    before = zhibu("assess", *ASKED).json
    for month in QUARTER.months:
        meeting(firm.e4, "committee_meeting", month.first, known=LATER)
    after = zhibu("assess", *ASKED).json
    assert {**after, "difference": []} == before
    (difference,) = after["difference"]
    assert (difference["code"], difference["then"]) == ("E4", dict(_points(before))["E4"])
    assert float(difference["now"]) > float(difference["then"])
    text = zhibu("assess", *ASKED[:-1]).out
    assert "按当时的规则和记录重算：与存档一致" in text
    assert "此后补录、更正的记录会带来的差异（不计入结果）：" in text


def _points(answer):
    return [(each["code"], each["points"]) for each in answer["branches"]]


def test_a_past_quarter_keeps_the_rulebook_of_its_time(zhibu, firm, frozen, monkeypatch, tmp_path):
    before = zhibu("assess", *ASKED).json
    (tmp_path / "standards").mkdir()
    (tmp_path / "overlay.yaml").write_text("layer: local\ntitle: {zh: 从严, en: Stricter}\n")
    (tmp_path / "standards/S22.yaml").write_text(
        "id: S22\nreason: {zh: 从严, en: Stricter}\nterms:\n  2026-01-01: {items: 3}\n"
    )
    monkeypatch.setenv("ZHIBU_OVERLAYS", str(tmp_path))
    rulebook.forget()
    try:
        assert rulebook.load().digest != frozen.rulebook_id
        assert zhibu("assess", *ASKED).json == before
        other = zhibu("assess", "--organisation", "G", "--quarter", "2026Q1", "--json").json
        assert other["rulebook"] == rulebook.load().digest
    finally:
        monkeypatch.undo()
        rulebook.forget()


def test_a_record_that_vanished_is_noticed(zhibu, firm, frozen):
    """The stored result stands; that it can no longer be computed is said."""
    from zhibu.life.models import Session

    Session.objects.filter(organisation=firm.e1, kind="general_meeting").delete()
    said = zhibu("assess", *ASKED[:-1])
    assert said.code == 0
    assert "与存档不一致" in said.out
    assert "重算，与存档结果不一致；存档结果不变" in said.err


def test_duckdb_says_the_same(zhibu, firm, frozen):
    pytest.importorskip("duckdb")
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("the export reads a file or a server; the test of three engines asks it of a file")
    own = zhibu("assess", *ASKED).json
    assert {**zhibu("assess", *ASKED, "--engine", "duckdb").json, "engine": own["engine"]} == own


def test_no_branches_and_no_such_thing(zhibu, firm):
    place("N", "新党委", "primary_committee", "00010009", firm.group)
    empty = zhibu("assess", "--organisation", "N", "--quarter", "2026Q2", "--json")
    assert (empty.code, empty.json["branches"], empty.json["branch_count"]) == (0, [], 0)
    assert zhibu("assess", "--organisation", "N", "--quarter", "2026Q2").out.endswith("没有党支部\n")


@pytest.mark.parametrize(
    ("words", "code", "name"),
    [
        (("--organisation", "G", "--quarter", "2026Q5"), 2, "quarter"),
        (("--organisation", "G", "--quarter", "春"), 2, "quarter"),
        (("--organisation", "Z", "--quarter", "2026Q2"), 4, "organisation_unknown"),
        (("--organisation", "G", "--quarter", "2026Q4"), 3, "quarter_not_begun"),
        (("--organisation", "G", "--quarter", "2026Q2", "--top", "0"), 2, "usage"),
        (("--organisation", "G", "--quarter", "2026Q2", "--top", "many"), 2, "usage"),
        (("--organisation", "G", "--quarter", "2026Q2", "--engine", "oracle"), 2, "usage"),
        (("--organisation", "G"), 2, "usage"),
    ],
)
def test_what_is_refused(zhibu, firm, words, code, name):
    said = zhibu("assess", *words, "--json")
    assert (said.code, said.out, said.error["code"]) == (code, "", name)
    assert said.error["remedy"]


def test_another_database_than_there_is(zhibu, firm):
    other = "postgres" if connection.vendor == "sqlite" else "sqlite"
    said = zhibu("assess", *ASKED, "--engine", other)
    assert (said.code, said.error["code"]) == (2, "engine_elsewhere")


def test_known_instants_are_what_the_tests_think():
    assert KNOWN < int(NOW.timestamp() * 1000) < LATER
    assert QUARTER.last < TODAY


@pytest.mark.release
def test_three_engines_on_a_file_say_the_same(tmp_path):
    """SQLite itself, and DuckDB over an export of it, in processes of their own, twice."""
    pytest.importorskip("duckdb")
    home = install(tmp_path / "home")
    asked = ("assess", "--organisation", "001", "--quarter", "2025Q3", "--json")
    own = well(run(home, *asked))
    assert well(run(home, *asked)).out == own.out
    assert own.json["branch_count"] == 8
    other = well(run(home, *asked, "--engine", "duckdb"))
    assert {**other.json, "engine": "sqlite"} == own.json
    assert other.err == ""
