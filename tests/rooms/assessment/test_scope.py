"""Who sees what, and when: the superior's points and places after publication, one's own part of the tree, always."""

import io
import zipfile

import pytest

from tests.rooms.assessment.company import NOW, QUARTER, TODAY
from zhibu.assessment import actions, queries
from zhibu.assessment.models import Appeal, Result
from zhibu.register.models import Organisation

CODE = QUARTER.code


def addresses(firm, run):
    """Every address of the room that takes an object of East, with the group's where that is the only one."""
    east, e1, appeal = firm.east.pk, firm.e1.pk, Appeal.objects.first()
    return [
        "/", "/assessment/", "/assessment/standards/", "/assessment/standards/S12/", "/assessment/rectifications/",
        f"/assessment/committees/{east}/{CODE}/", f"/assessment/committees/{east}/{CODE}/?q=西",
        f"/assessment/committees/{east}/{CODE}/heat/", f"/assessment/committees/{east}/{CODE}/overview/",
        f"/assessment/committees/{east}/year/2026/", f"/assessment/committees/{east}/{CODE}/export.xlsx",
        f"/assessment/committees/{east}/{CODE}/export.docx", f"/assessment/runs/{run.pk}/appeals/",
        f"/assessment/runs/{run.pk}/difference/", f"/assessment/branches/{e1}/{CODE}/",
        f"/assessment/branches/{e1}/{CODE}/S12/", f"/assessment/branches/{e1}/{CODE}/review/",
        f"/assessment/branches/{e1}/{CODE}/self-review/", f"/assessment/branches/{e1}/{CODE}/rectify/",
        f"/assessment/branches/{e1}/{CODE}/S12/appeal/", f"/assessment/appeals/{appeal.pk}/",
    ]  # fmt: skip


def text_of(answer):
    """What a page or file says, files unpacked."""
    body = answer.getvalue() if answer.streaming else answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as found:
            return "".join(found.read(name).decode("utf-8", "ignore") for name in found.namelist())
    return body.decode()


@pytest.fixture
def appealed(firm, published):
    """A published quarter with an appeal and a rectification on either side."""
    officer = firm.actor("officer")
    for who, branch in (("secretary", "e1"), ("west_secretary", "w1")):
        actions.appeal(
            firm.actor(who),
            run=published,
            branch=firm.places[branch],
            standard="S12",
            text=f"{branch}西边理由" if branch == "w1" else "东边理由",
            now=NOW,
        )
    for branch in (firm.e4, firm.w1):
        actions.open_rectification(
            officer, organisation=branch.parent, branch=branch, quarter=QUARTER, reason=f"{branch.name}须整改", owner=None,
            due_on=TODAY.replace(day=28), today=TODAY, now=NOW,
        )  # fmt: skip
    return published


@pytest.mark.parametrize("who", ["east_officer", "secretary", "member"])
def test_the_other_committee_is_never_named(firm, appealed, enter, who):
    client, answers = enter(who), {}
    for address in addresses(firm, appealed):
        answer = client.get(address, follow=True)
        answers[address] = answer.status_code
        assert "西边" not in text_of(answer), address
    assert answers["/"] == answers["/assessment/"] == 200
    if who == "east_officer":
        refused = {address for address, status in answers.items() if status != 200}
        assert refused == {address for address in answers if address.endswith(("self-review/", "/appeal/"))}


@pytest.mark.parametrize("who", ["east_officer", "secretary", "member"])
def test_addresses_outside_ones_part_do_not_exist(firm, appealed, enter, who):
    client, west = enter(who), Organisation.objects.get(code="W1")
    appeal = Appeal.objects.get(branch=west)
    for address in (
        f"/assessment/committees/{firm.group.pk}/{CODE}/", f"/assessment/committees/{firm.west.pk}/{CODE}/heat/",
        f"/assessment/committees/{firm.west.pk}/{CODE}/export.xlsx", f"/assessment/branches/{west.pk}/{CODE}/",
        f"/assessment/branches/{west.pk}/{CODE}/S12/", f"/assessment/branches/{west.pk}/{CODE}/review/",
        f"/assessment/appeals/{appeal.pk}/", f"/assessment/branches/{firm.e1.pk}/2026Q9/",
        f"/assessment/branches/{firm.e1.pk}/{CODE}/S99/", f"/assessment/committees/{firm.east.pk}/{CODE}/export.pdf",
    ):  # fmt: skip
        answer = client.get(address)
        assert (answer.status_code, "西边" in text_of(answer)) == (404, False), address


def test_the_operator_has_no_door(firm, appealed, client, settings):
    from zhibu.accounts.models import User

    settings.ZHIBU_TODAY = TODAY.isoformat()
    client.force_login(
        User.objects.create_user("op", is_operator=True), backend="zhibu.accounts.backends.PhoneOrName"
    )
    assert {client.get(address).status_code for address in addresses(firm, appealed)[4:]} == {404}


# --- before publication -------------------------------------------------------------------------


def test_a_branch_sees_points_and_place_after_publication_only(firm, run, judge, enter):
    judge("e1", "S08", "spirit", 7, comment="评语在公布前不显示")
    before = queries.sheet_for(firm.actor("secretary"), firm.e1, QUARTER)
    assert (before.judged, before.place) == (False, None)
    assert before.score.hundredths != Result.objects.get(run=run, branch=firm.e1).points
    client, stored = (
        enter("secretary"),
        f"{Result.objects.get(run=run, branch=firm.e1).points / 100:.2f}".rstrip("0"),
    )
    pages = [
        f"/assessment/branches/{firm.e1.pk}/{CODE}/{rest}"
        for rest in ("", "S08/", "self-review/", "S08/appeal/")
    ]
    for page in ["/", *pages]:
        body = text_of(client.get(page))
        assert ("评语在公布前不显示" in body, "同一上级、同类单位" in body, stored in body) == (
            False,
            False,
            False,
        ), page
    actions.publish(firm.actor("officer"), run=run, today=TODAY, now=NOW)
    assert "评语在公布前不显示" in text_of(client.get(pages[1]))
    after = queries.sheet_for(firm.actor("secretary"), firm.e1, QUARTER)
    assert after.place == (1, 4)
    assert after.score.hundredths == Result.objects.get(run=run, branch=firm.e1).points


def test_trend_and_year_leave_an_open_quarter_out(firm, run):
    branch, officer = firm.actor("secretary"), firm.actor("officer")
    assert [points for _quarter, points in queries.trend(branch, firm.e1, QUARTER)] == [None] * 6
    assert queries.trend(officer, firm.e1, QUARTER)[-1][1] is not None
    assert queries.year_list(officer, firm.group, 2026) == []
    assert queries.standing(firm.e1, QUARTER) is None


def test_a_committee_without_reviewing_sees_no_places_before_publication(firm, run, judge):
    """The secretary of a general branch reads the table of his branches, not what was judged of them."""
    from zhibu.core.authority import Actor, Mandate, Reach

    judge("e1", "S08", "spirit", 0)
    verbs = frozenset({"assessment.view", "assessment.export"})
    reader = Actor(
        1, None, "总支书记", (Mandate("secretary", firm.east.pk, firm.east.path, verbs, Reach.OWN),)
    )
    found = queries.committee(reader, firm.east, QUARTER)
    assert (found.run, found.pending, {line.place for line in found.lines}) == (None, True, {None})
    judged = {
        line.branch: line.points
        for line in queries.committee(firm.actor("officer"), firm.group, QUARTER).lines
    }
    assert next(line.points for line in found.lines if line.branch == firm.e1.pk) != judged[firm.e1.pk]


def test_self_assessment_stands_beside_the_superiors(firm, run, judge, enter):
    from zhibu.assessment.judgements import Judgement

    actions.self_review(
        firm.actor("secretary"),
        run=run,
        branch=firm.e1,
        judgements=[Judgement("S08", "spirit", 110, "自评理由")],
        now=NOW,
    )
    body = text_of(enter("officer").get(f"/assessment/branches/{firm.e1.pk}/{CODE}/review/"))
    assert "自评理由" in body
    judge("e1", "S08", "spirit", 90, comment="上级评语")
    actions.publish(firm.actor("officer"), run=run, today=TODAY, now=NOW)
    body = text_of(enter("secretary").get(f"/assessment/branches/{firm.e1.pk}/{CODE}/S08/"))
    assert "自评理由" in body
    assert "上级评语" in body


def test_names_of_people_are_for_who_sees_the_register(firm, run):
    """A member opens the point and the records; whom a membership row is about is not for every member."""
    from tests.people import person

    person("周积极", "zjj", firm.e1, stage="activist")
    for who, seen in (("officer", True), ("secretary", True), ("member", False)):
        found = queries.point(firm.actor(who), firm.e1, QUARTER, "S24")
        cells = {
            cell
            for part in found.parts
            for fact in (*part.facts, *part.beside)
            for row in (*fact.counted, *fact.left_out)
            for cell in row.cells
        }
        assert ("周积极" in cells) == seen, who
