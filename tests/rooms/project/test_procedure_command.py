"""`zhibu procedure`: procedures are shown as of a day, cases given as data are projected, bad data is said to be so."""

import json

import pytest


@pytest.fixture
def given(tmp_path):
    """A file holding this case."""

    def write(data):
        path = tmp_path / "case.json"
        path.write_text(data if isinstance(data, str) else json.dumps(data, ensure_ascii=False))
        return path

    return write


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        (("show", "admision"), 4, "procedure_unknown"),
        (("project", "admission"), 2, "usage"),
        (("project", "admission", "--from", "nowhere.json"), 4, "file_missing"),
        (("show", "admission", "--overlay", "nowhere"), 4, "overlay_missing"),
    ],
)
def test_what_is_not_there_is_said(zhibu, arguments, code, error):
    said = zhibu("procedure", *arguments, "--json")
    assert (said.code, said.error["code"]) == (code, error)


@pytest.mark.parametrize(
    ("data", "code", "error"),
    [
        ("{", 5, "not_json"),
        ("[" * 100_000, 5, "not_json"),
        ([], 5, "case_data"),
        ({"stepz": []}, 5, "case_data"),
        ({"steps": 3}, 5, "case_data"),
        ({"steps": {"apply": "soon"}}, 5, "case_data"),
        ({"steps": [{"on": "2024-01-01"}]}, 5, "case_data"),
        ({"events": [{"event": "asleep", "on": "2024-01-01"}]}, 5, "case_data"),
        ({"procedure": "renewal"}, 5, "other_procedure"),
        ({"try": {"step": "talk", "on": "2024-01-01"}}, 3, "step_missing"),
        ({"try": {"step": "tallk", "on": "2024-01-01"}}, 3, "unknown_step"),
    ],
)
def test_data_that_make_no_case_are_refused(zhibu, given, data, code, error):
    said = zhibu(
        "procedure", "project", "admission", "--from", given(data), "--as-of", "2026-06-01", "--json"
    )
    assert (said.code, said.error["code"]) == (code, error)


def test_a_procedure_is_shown_by_the_rules_of_a_day(zhibu):
    told = {}
    for day in ("2026-05-10", "2026-05-11"):
        steps = zhibu("procedure", "show", "ADMISSION", "--as-of", day, "--json").json["steps"]
        (step,) = [each for each in steps if each["id"] == "prospect_consented"]
        told[day] = (step["terms"]["reply"], step["sources"][0]["document"])
    assert told == {
        "2026-05-10": ("filed", "development-rules-2014"),
        "2026-05-11": ("consented", "development-rules-2026"),
    }


def test_a_case_is_projected_without_a_database(zhibu, given):
    data = {
        "subject": {"born_on": "1995-02-28"},
        "steps": {"apply": "2024-01-05", "talk": {"on": "2024-03-01", "talker": "李书记"}},
        "try": {"step": "activist_selected", "on": "2024-03-10", "nominated_by": "members"},
    }
    seen = zhibu(
        "procedure", "project", "admission", "--from", given(data), "--as-of", "2024-03-05", "--json"
    ).json
    assert (seen["done"], seen["next"]) == (["apply", "talk"], "activist_selected")
    assert seen["attempt"]["lawful"] is True
    late = [each for each in seen["refusals"] if each["step"] == "talk"]
    assert [each["code"] for each in late[0]["cautions"]] == ["too_late"]
    (talk,) = [each for each in seen["steps"] if each["step"] == "talk"]
    assert (talk["state"], talk["on"], talk["terms_since"]) == ("done", "2024-03-01", "2014-05-28")


def test_both_are_readable_without_json(zhibu, given):
    assert "admission" in zhibu("procedure", "list").out
    assert "递交入党申请书" in zhibu("procedure", "show", "admission").out
    data = {"steps": {"apply": "2024-01-05"}}
    out = zhibu("procedure", "project", "admission", "--from", given(data), "--as-of", "2024-03-05").out
    assert "逾期" in out
