"""`zhibu explain`: a point down to the numbers of the records, and a standard over all branches."""

from datetime import date

import pytest

from tests.rooms.assessment.company import NOW, meeting, place
from zhibu.assessment import actions
from zhibu.assessment.judgements import Judgement
from zhibu.life.models import Session
from zhibu.record.models import Entry

pytestmark = pytest.mark.django_db


def asked(organisation, *more):
    return ("--organisation", organisation, "--quarter", "2026Q2", *more)


def facts(answer):
    return {fact["id"]: fact for fact in answer["facts"]}


def test_every_record_behind_a_fact_is_named_and_those_left_out_with_their_reason(zhibu, firm):
    draft = meeting(firm.e1, "committee_meeting", date(2026, 5, 20), state="held", known=0)
    late = meeting(firm.e1, "committee_meeting", date(2026, 8, 1))
    counted = Session.objects.filter(organisation=firm.e1, kind="committee_meeting").exclude(
        pk__in=[draft.pk, late.pk]
    )
    said = zhibu("explain", "S12", *asked("E1", "--json"))
    assert (said.code, said.err) == (0, "")
    fact = facts(said.json)["life.months_with_committee_meeting"]
    assert (fact["value"], fact["table"], fact["more"]) == (3, "zb_session", False)
    assert sorted(fact["counted"]) == sorted(counted.values_list("pk", flat=True))
    left_out = {each["id"]: each["because"] for each in fact["left_out"]}
    assert set(left_out) == {draft.pk, late.pk}
    assert left_out[late.pk] == "不在本期内"
    assert left_out[draft.pk] not in {"", "不在本期内"}
    assert Entry.objects.count() == 0


def test_the_parts_add_up(zhibu, firm):
    answer = zhibu("explain", "s12", *asked("E3", "--json")).json
    assert answer["standard"]["id"] == "S12"
    decided = [part for part in answer["parts"] if part["points"] is not None]
    assert round(sum(float(part["points"]) for part in decided), 2) == float(answer["points"])
    assert round(sum(float(part["weight"]) for part in decided), 2) == float(answer["decided"])
    for part in decided:
        assert part["rule"]
        assert set(part["facts"]) <= set(facts(answer))
        assert bool(part["missing"]) is (part["verdict"] != "met")


def test_what_a_frozen_run_counted_stays_counted(zhibu, firm, frozen):
    before = zhibu("explain", "S12", *asked("E4", "--json")).json
    added = meeting(firm.e4, "committee_meeting", date(2026, 5, 6), known=int(NOW.timestamp() * 1000) + 999)
    after = zhibu("explain", "S12", *asked("E4", "--json")).json
    assert (after["source"], after["state"], after["points"]) == ("stored", "frozen", before["points"])
    fact = facts(after)["life.months_with_committee_meeting"]
    assert (fact["value"], fact["left_out"]) == (0, [{"id": added.pk, "because": "截止时点之后录入或更正"}])


def test_a_reviewed_part_shows_who_judged_and_why(zhibu, firm, opened):
    judged = [Judgement("S08", "spirit", 50, comment="材料齐全")]
    actions.review(firm.actor("officer"), run=opened, branch=firm.e1, now=NOW, judgements=judged)
    answer = zhibu("explain", "S08", *asked("E1", "--json")).json
    (part,) = [part for part in answer["parts"] if part["id"] == "spirit"]
    assert (part["kind"], part["points"], part["review"]) == (
        "reviewed", "0.50", {"comment": "材料齐全", "by": "孔干事"},
    )  # fmt: skip
    assert "评审：孔干事 材料齐全" in zhibu("explain", "S08", *asked("E1")).out


def test_a_committee_sees_who_meets_it_and_what_the_others_lack(zhibu, firm):
    answer = zhibu("explain", "S12", *asked("E", "--json")).json
    assert [each["code"] for each in answer["branches"]] == ["E1", "E2", "E3", "E4", "EL"]
    assert sum(answer["counts"].values()) == 5
    idle = next(each for each in answer["branches"] if each["code"] == "E4")
    general = next(part for part in idle["lacks"] if part["part"] == "general")
    assert general["missing"] == [
        {
            "fact": "life.general_meetings", "title": "支部党员大会次数", "value": 0, "operator": "at_least", "bound": 1,
        }
    ]  # fmt: skip
    for each in answer["branches"]:
        own = zhibu("explain", "S12", *asked(each["code"], "--json")).json
        assert (each["verdict"], each["points"]) == (own["verdict"], own["points"])


def test_the_committee_reads_the_run_when_there_is_one(zhibu, firm, frozen):
    before = zhibu("explain", "S12", *asked("G", "--json")).json
    meeting(firm.e4, "general_meeting", date(2026, 5, 6))
    assert zhibu("explain", "S12", *asked("G", "--json")).json == before
    assert before["source"] == "stored"


def test_people_read_it_too(zhibu, firm):
    text = zhibu("explain", "S12", *asked("E3")).out
    assert text.startswith("东山3队党支部 2026Q2  S12 ")
    assert "规则：支部党员大会次数 ≥ 1" in text
    assert "\n依据：" in text
    text = zhibu("explain", "S12", *asked("G")).out
    assert "缺什么" in text
    assert "西边1队党支部" in text


def test_an_empty_committee(zhibu, firm):
    place("N", "新党委", "primary_committee", "00010009", firm.group)
    said = zhibu("explain", "S12", *asked("N", "--json"))
    assert (said.code, said.json["branches"], said.json["counts"]) == (0, [], {})
    assert zhibu("explain", "S12", *asked("N")).out.endswith("没有党支部\n")


@pytest.mark.parametrize(
    ("words", "code", "name"),
    [
        (("S99", *asked("E1")), 4, "standard_unknown"),
        (("S12", *asked("Z")), 4, "organisation_unknown"),
        (("S12", "--organisation", "E1", "--quarter", "2019Q4"), 4, "not_in_force"),
        (("S12", "--organisation", "E1", "--quarter", "2026-2"), 2, "quarter"),
        (("S12",), 2, "usage"),
        ((), 2, "usage"),
    ],
)
def test_what_is_refused(zhibu, firm, words, code, name):
    said = zhibu("explain", *words, "--json")
    assert (said.code, said.out, said.error["code"]) == (code, "", name)


def test_a_group_is_not_assessed_by_itself(zhibu, firm):
    place("E1-1", "第一党小组", "party_group", "0001000100010001", firm.e1)
    said = zhibu("explain", "S12", *asked("E1-1", "--json"))
    assert (said.code, said.error["code"]) == (2, "no_branch")


def test_a_branch_that_was_not_there_yet(zhibu, firm):
    place("E9", "后建党支部", "branch", "000100010009", firm.east, founded_on=date(2026, 7, 2))
    said = zhibu("explain", "S12", *asked("E9", "--json"))
    assert (said.code, said.error["code"]) == (4, "branch_absent")
