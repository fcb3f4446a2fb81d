"""`zhibu tally`: a vote given as data is counted without a database, or said to be unreadable."""

import json

import pytest

VOTE = {"expected": 21, "present": 18, "issued": 18, "returned": 18, "yes": 9, "no": 5, "abstain": 4}


@pytest.fixture
def given(tmp_path):
    """A file holding this vote."""

    def write(data):
        path = tmp_path / "vote.json"
        path.write_text(data if isinstance(data, str) else json.dumps(data, ensure_ascii=False))
        return path

    return write


@pytest.mark.parametrize(
    ("rule", "data", "code", "error"),
    [
        ("admision", VOTE, 4, "rule_unknown"),
        ("admission", "{", 5, "not_json"),
        ("admission", {**VOTE, "yes": "nine"}, 5, "vote_data"),
    ],
)
def test_what_cannot_be_counted_is_said(zhibu, given, rule, data, code, error):
    said = zhibu("tally", "--rule", rule, "--from", given(data), "--as-of", "2026-06-01", "--json")
    assert (said.code, said.error["code"]) == (code, error)


def test_a_missing_file_a_missing_option_and_a_day_too_early(zhibu, given):
    assert (
        zhibu("tally", "--rule", "admission", "--from", "nowhere.json", "--json").error["code"]
        == "file_missing"
    )
    assert zhibu("tally", "--rule", "admission", "--json").error["code"] == "usage"
    early = zhibu("tally", "--rule", "admission", "--from", given(VOTE), "--as-of", "2010-01-01", "--json")
    assert early.error["code"] == "not_in_force"


def test_written_opinions_carry_an_admission(zhibu, given):
    alone = zhibu(
        "tally", "--rule", "admission", "--from", given(VOTE), "--as-of", "2026-06-01", "--json"
    ).json
    assert (alone["quorum_reached"], alone["carried"], alone["majority"]["needed"]) == (True, False, 11)
    path = given({**VOTE, "written": {"yes": 2}})
    answer = zhibu("tally", "--rule", "admission", "--from", path, "--as-of", "2026-06-01", "--json").json
    assert (answer["carried"], answer["majority"]["count"], answer["reasons"]) == (True, 11, [])
    assert answer["quorum"]["article"] == "19"
    assert (
        "赞成 11：通过" in zhibu("tally", "--rule", "admission", "--from", path, "--as-of", "2026-06-01").out
    )


def test_the_rules_are_listed(zhibu):
    assert "branch-election" in zhibu("tally", "--rule", "list").out
    listed = zhibu("tally", "--rule", "list", "--json").json
    assert {"id": "admission", "kind": "motion", "title": "接收预备党员"} in listed
