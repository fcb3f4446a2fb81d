"""`zhibu import`: the samples give what is expected; what is wrong is named and writes nothing."""

import json
from datetime import date

import pytest

from tests.rooms.project.conftest import DATA
from zhibu.life.models import Session
from zhibu.record.models import Entry
from zhibu.register.models import Membership, Organisation, Person

pytestmark = pytest.mark.django_db
NAME = "第三分公司党委"


@pytest.fixture(autouse=True)
def today(settings):
    settings.ZHIBU_TODAY = date(2026, 11, 21)


def sample(name):
    return DATA / f"{name}.xlsx"


def expected(name):
    return json.loads((DATA / f"{name}.expected.json").read_text("utf-8"))


@pytest.fixture
def imported(zhibu):
    """The clean roster, in an installation that was empty."""
    return zhibu("import", "roster", sample("roster-clean"), "--found", NAME, "--json")


def test_an_empty_installation_says_how_to_begin(zhibu):
    said = zhibu("import", "roster", sample("roster-clean"), "--json")
    assert (said.code, said.out, said.error["code"]) == (4, "", "no_organisation")
    assert "--found" in said.error["remedy"]


def test_the_clean_roster_gives_what_is_expected(imported):
    wanted = {key: value for key, value in expected("roster-clean").items() if key != "spot_checks"}
    assert (imported.code, imported.err) == (0, "")
    assert {key: imported.json[key] for key in wanted} == wanted
    assert (imported.json["imported"], imported.json["refused"], imported.json["dry_run"]) == (233, [], False)
    assert imported.json["organisation"] == {"code": "001", "name": NAME}
    assert Membership.objects.filter(until=None).count() == 233


def test_the_record_names_the_command_line_as_the_operator(imported):
    entries = Entry.objects.order_by("id").values_list("act", "actor_user", "actor_post")
    assert list(entries) == [
        ("register.create_organisation", 0, "operator"),
        ("register.import_roster", 0, "operator"),
    ]
    assert Entry.objects.first().actor_name.startswith("系统管理员（命令行 ")


def test_the_same_file_again_changes_nothing(zhibu, imported):
    before = Entry.objects.count()
    again = zhibu("import", "roster", sample("roster-clean"))
    assert (again.code, again.out) == (0, f"{NAME}（001）：数据 233 行\n系统里已有全部内容，没有变化\n")
    assert (Person.objects.count(), Entry.objects.count()) == (233, before)
    told = zhibu("import", "roster", sample("roster-clean"), "--found", NAME, "--json").json
    assert (told["imported"], told["unchanged"], Organisation.objects.filter(parent=None).count()) == (
        0,
        233,
        1,
    )


def test_a_dry_run_leaves_nothing_behind_not_even_the_committee(zhibu):
    said = zhibu("import", "roster", sample("roster-clean"), "--found", NAME, "--dry-run", "--json")
    assert (said.code, said.json["dry_run"], said.json["imported"], said.json["new"]) == (0, True, 0, 233)
    assert (Organisation.objects.count(), Person.objects.count(), Entry.objects.count()) == (0, 0, 0)


def test_the_bad_rows_are_named_and_nothing_is_written(zhibu):
    wanted = expected("roster-sample")
    said = zhibu("import", "roster", sample("roster-sample"), "--found", NAME, "--json")
    refused = [{key: each[key] for key in ("excel_row", "column", "cause")} for each in said.json["refused"]]
    assert refused == wanted["refused"]
    assert (said.json["data_rows"], said.json["imported"]) == (wanted["data_rows"], wanted["imported"])
    assert (said.code, said.error["code"], said.error["exit_code"]) == (5, "rows_refused", 5)
    assert (Organisation.objects.count(), Person.objects.count(), Entry.objects.count()) == (0, 0, 0)


def test_bad_rows_of_people_already_known(zhibu, imported):
    """A kind that is none, in the row of a person whom the register knows."""
    said = zhibu("import", "roster", sample("roster-sample"), "--dry-run", "--json")
    assert said.code == 5
    assert (140, "kind_not_known") in [(each["excel_row"], each["cause"]) for each in said.json["refused"]]


def test_a_person_reads_row_column_rule_and_remedy(zhibu):
    said = zhibu("import", "roster", sample("roster-sample"), "--found", NAME)
    line = next(line for line in said.out.splitlines() if "第 189 行" in line)
    assert "手机号码" in line
    assert "[phone_not_valid]" in line
    assert said.err.endswith("错误 [rows_refused] 10 处有误，没有写入任何一行\n办法：按提示改正后重新导入\n")


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "file_empty"), (b"name,id\n", "file.kind"), (b"PK\x03\x04rest", "file.broken")],
)
def test_a_file_that_is_no_workbook(zhibu, tmp_path, content, code):
    file = tmp_path / "roster.xlsx"
    file.write_bytes(content)
    said = zhibu("import", "roster", file, "--found", NAME, "--json")
    assert (said.code, said.out, said.error["code"]) == (5, "", code)
    assert Organisation.objects.count() == 0


def test_the_other_kind_of_sheet(zhibu, imported):
    assert zhibu("import", "roster", sample("meetings-sample"), "--json").code == 5
    assert zhibu("import", "meetings", sample("roster-clean"), "--json").code == 5
    assert Session.objects.count() == 0


def test_a_file_that_is_missing(zhibu, tmp_path):
    said = zhibu("import", "roster", tmp_path / "none.xlsx", "--json")
    assert (said.code, said.error["code"]) == (4, "file_missing")


def test_an_organisation_that_is_unknown_dissolved_or_not_the_only_one(zhibu, imported):
    said = zhibu("import", "roster", sample("roster-clean"), "--organisation", "009", "--json")
    assert (said.code, said.error["code"]) == (4, "organisation_unknown")
    Organisation.objects.create(code="X", name="另一党委", kind="primary_committee", path="0009")
    said = zhibu("import", "roster", sample("roster-clean"), "--json")
    assert (said.code, said.error["code"]) == (2, "organisation_needed")
    Organisation.objects.filter(code="X").update(closed_on=date(2026, 1, 1))
    said = zhibu("import", "roster", sample("roster-clean"), "--organisation", "X", "--json")
    assert (said.code, said.error["code"]) == (3, "organisation_closed")


def test_founding_where_there_is_something_already(zhibu, imported):
    said = zhibu("import", "roster", sample("roster-clean"), "--found", "第二党委", "--json")
    assert (said.code, said.error["code"]) == (3, "not_empty")
    said = zhibu(
        "import", "roster", sample("roster-clean"), "--found", NAME, "--organisation", "001", "--json"
    )
    assert (said.code, said.error["code"]) == (2, "usage")


def test_the_ledger_gives_what_is_expected_once(zhibu, imported):
    wanted = expected("meetings-sample")
    said = zhibu("import", "meetings", sample("meetings-sample"), "--json")
    assert (said.code, said.err) == (0, "")
    assert {key: said.json[key] for key in ("rows", "per_branch_quarter")} == {
        key: wanted[key] for key in ("rows", "per_branch_quarter")
    }
    assert said.json["imported"] == Session.objects.count() == wanted["rows"]
    again = zhibu("import", "meetings", sample("meetings-sample"), "--json")
    assert (again.code, again.json["imported"], again.json["unchanged"]) == (0, 0, wanted["rows"])
    assert Session.objects.count() == wanted["rows"]


def test_a_ledger_before_its_branches(zhibu):
    Organisation.objects.create(code="001", name=NAME, kind="primary_committee", path="0001")
    said = zhibu("import", "meetings", sample("meetings-sample"), "--json")
    assert (said.code, {each["code"] for each in said.json["refused"]}) == (5, {"unknown_branch"})
    assert Session.objects.count() == 0


def test_a_ledger_reaches_no_further_than_the_organisation_named(zhibu, imported):
    branch = Organisation.objects.get(name="机关党支部")
    said = zhibu("import", "meetings", sample("meetings-sample"), "--organisation", branch.code, "--json")
    assert said.code == 5
    assert "机关党支部" not in {each["value"] for each in said.json["refused"]}
    assert Session.objects.count() == 0


@pytest.mark.parametrize(
    "words", [(), ("people",), ("roster",), ("roster", "a", "b"), ("meetings", "a", "--found", "b")]
)
def test_a_command_written_wrong(zhibu, words):
    said = zhibu("import", *words)
    assert (said.code, said.out) == (2, "")
    assert "错误 [usage] 命令写法不对：" in said.err
    assert "办法：zhibu help import" in said.err
