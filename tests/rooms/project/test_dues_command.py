"""`zhibu dues compute`: data that cannot be taken, and a file worked out; without a database."""

import json
from pathlib import Path

import pytest

from zhibu import rulebook

EXAMPLE = Path(__file__).parents[3] / "examples" / "dues.json"


@pytest.fixture
def given(tmp_path):
    def write(value: object) -> Path:
        path = tmp_path / "dues.json"
        path.write_text(value if isinstance(value, str) else json.dumps(value))
        return path

    return write


@pytest.mark.parametrize(
    ("value", "code", "exit_code"),
    [
        ("{", "not_json", 5), ("[NaN]", "not_json", 5), ('{"payers": [], "payers": []}', "not_json", 5),
        ("[" * 100_000, "not_json", 5), ([], "dues_data", 5), ({"payers": {}}, "dues_data", 5), ({"format": "1", "payers": []}, "dues_data", 5),
        ({"from": "2026-02", "to": "2026-01", "payers": []}, "dues_data", 5),
        ({"payers": [{"id": "A", "spells": []}, {"id": "A", "spells": []}]}, "dues_data", 5),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_answered_with_a_code_and_a_remedy(zhibu, given, value, code, exit_code):
    said = zhibu("dues", "compute", "--from", given(value), "--json")
    assert (said.code, said.error["code"], said.out, bool(said.error["remedy"])) == (
        exit_code,
        code,
        "",
        True,
    )


def test_a_missing_file_a_wrong_day_and_a_day_before_the_regulations(zhibu, given, tmp_path):
    assert (
        zhibu("dues", "compute", "--from", tmp_path / "none.json", "--json").error["code"] == "file_missing"
    )
    path = given({"payers": []})
    assert zhibu("dues", "compute", "--from", path, "--as-of", "soon", "--json").code == 2
    said = zhibu("dues", "compute", "--from", path, "--as-of", "2008-03-31", "--json")
    assert (said.code, said.error["code"]) == (4, "not_in_force")


def test_every_fault_is_named_by_its_place(zhibu, given):
    payer = {"id": "A", "spells": [{"payer": "monthly_paid", "since": "2026", "base_fen": 5000.5}]}
    message = zhibu("dues", "compute", "--from", given({"payers": [payer]}), "--json").error["message"]
    assert "payers[0].spells[0].since [not_a_month]" in message
    assert "payers[0].spells[0].base_fen [not_whole_fen]" in message


def test_the_example_is_worked_out_to_the_fen(zhibu):
    answer = zhibu("dues", "compute", "--from", EXAMPLE, "--as-of", "2026-04-10", "--json").json
    assert (answer["as_of"], answer["rulebook"]) == ("2026-04-10", rulebook.load().digest)
    assert {payer["id"]: [each["yuan"] for each in payer["months"]] for payer in answer["payers"]} == {
        "A": ["50.00", "50.00", "75.02", "75.02"], "B": ["0.20", "0.20", "0.20"],
        "C": ["60.00", "60.00", "0.00", "60.00"], "D": ["50.00", "50.00", "50.00", "0.50"],
    }  # fmt: skip
    assert (answer["due_fen"], answer["paid_fen"], answer["owed_fen"]) == (58114, 10000, 48114)
    assert [payer["arrears"]["in_a_row"] for payer in answer["payers"]] == [1, 2, 0, 3]
    assert answer["payers"][3]["extra"] == [{"fen": 100_000, "on": "2026-04-01", "destination": "centre"}]
    assert sorted(answer["rules"]) == ["farmers", "pensions", "wages", "without_wages"]
    told = zhibu("dues", "compute", "--from", EXAMPLE, "--as-of", "2026-04-10").out
    assert "75.02" in told
    assert "D：连续 3 个月未交" in told
