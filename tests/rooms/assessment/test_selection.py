"""Results of innovation projects weigh in the selection of advanced branches: beside the average, with their evidence."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.rooms.assessment.company import NOW
from zhibu.assessment import actions, queries
from zhibu.assessment.models import Result
from zhibu.core.calendar import Quarter
from zhibu.procedures import actions as cases
from zhibu.procedures.models import Case, StepTaken

AFTER, LATER = date(2027, 2, 1), datetime(2027, 2, 1, 2, tzinfo=UTC)


def project(
    branch, title="党员责任区", *, level="ordinary", grade="passed", on=date(2026, 6, 28), shared=None, **case
):
    """A project as the room of procedures leaves it once it is accepted."""
    made = Case.objects.create(
        organisation=branch, procedure="innovation_project", title=title, opened_on=date(2025, 7, 20),
        entered_on=date(2025, 7, 20), digest="x", known_at=1, **case,
    )  # fmt: skip
    steps = [("decided", date(2025, 9, 10), {"level": level}), ("accepted", on, {"grade": grade})]
    for name, day, values in [*steps, *([("shared", shared, {})] if shared else [])]:
        StepTaken.objects.create(
            case=made, organisation=branch, procedure=made.procedure, step=name, taken_on=day, outcome="done", values=values,
            digest="x", entered_on=day, entered_by="x", known_at=1,
        )  # fmt: skip
    return made


def year_of(firm, who="officer", year=2026):
    lines = queries.year_list(firm.actor(who, AFTER), firm.group if who == "officer" else firm.east, year)
    return {line.branch: line for line in lines}


@pytest.fixture
def assessed(firm):
    """Four published quarters."""
    officer = firm.actor("officer", AFTER)
    for number in (1, 2, 3, 4):
        day = Quarter(2026, number).last + timedelta(days=10)
        run, _cautions = actions.open_run(
            officer, organisation=firm.group, quarter=Quarter(2026, number), today=day, now=NOW
        )
        actions.publish(officer, run=run, today=max(day, AFTER), now=NOW)
    return firm


def test_what_does_not_weigh(firm):
    """Not accepted in the year, reversed, stopped after it, refused, or of another committee's branch for who sees less."""
    project(firm.e1, on=date(2025, 12, 31))
    project(firm.e1, on=date(2027, 1, 1))
    StepTaken.objects.filter(case=project(firm.e1), step="accepted").update(reversed=1)
    StepTaken.objects.filter(case=project(firm.e1), step="accepted").update(passes=0)
    project(firm.e1, state="ended", ended="stopped")
    assert year_of(firm) == {}
    project(firm.w1)
    assert year_of(firm, "east_officer") == {}
    assert list(year_of(firm)) == [firm.w1.pk], "a branch that was not assessed is seen with its project"


def test_projects_stand_beside_the_average_and_order_the_list_without_changing_a_point(assessed):
    firm, before, points = (
        assessed,
        year_of(assessed),
        list(Result.objects.values_list("pk", "points").order_by("pk")),
    )
    lead, second = sorted(before.values(), key=lambda line: -(line.average or 0))[:2]
    behind = {place.pk: place for place in firm.branches()}[second.branch]
    done = project(
        behind, level="key", grade="excellent", shared=date(2026, 9, 1), state="ended", ended="shared"
    )
    project(behind, "第二个项目", shared=date(2027, 1, 5))
    after = year_of(firm)
    line = after[behind.pk]
    assert (line.average, line.five_good) == (second.average, second.five_good)
    assert list(Result.objects.values_list("pk", "points").order_by("pk")) == points
    assert (line.selection.weight, line.reference) == (250, second.average + 250), (
        "shared in January counts next year"
    )
    told = [(each.case, [text.zh for text in each.told], each.weight) for each in line.selection.cases]
    assert told[0] == (done.pk, ["重点项目", "验收优秀", "成果已推广"], 200)
    assert after[lead.branch] == lead
    assert (next(iter(after)) == behind.pk) == (line.reference > lead.average)


def test_the_page_shows_it_with_its_case_and_the_nomination_has_it_filled_in(assessed, enter, settings):
    """Whoever may open the case goes there; the commendation's step knows average and projects and asks nobody to type."""
    firm = assessed
    done = project(firm.e1, level="key")
    settings.ZHIBU_TODAY = AFTER.isoformat()
    client = enter("officer")
    settings.ZHIBU_TODAY = AFTER.isoformat()
    page = client.get(f"/assessment/committees/{firm.group.pk}/year/2026/").content.decode()
    assert f'href="/procedures/{done.pk}/"' in page or f'/{done.pk}/">党员责任区</a>' in page
    assert "重点项目 +1" in page
    assert "每年合计不超过 3 分" in page
    asked = client.get(
        f"/procedures/open/commendation/?organisation={firm.e1.pk}&v_year=2026&v_kind=branch&v_quota=x"
    )
    body = asked.content.decode()
    assert 'name="v_year" value="2026"' in body
    assert '<option value="branch" selected' in body
    made = cases.open_case(
        firm.actor("officer", AFTER), organisation=firm.e1, procedure="commendation", title="推荐五好党支部",
        opened_on=AFTER, fields={"year": 2026, "kind": "branch"}, now=LATER,
    )  # fmt: skip
    line = year_of(firm)[firm.e1.pk]
    body = client.get(f"/procedures/{made.pk}/step/branch_nominated/").content.decode()
    for name, value in (("average", line.average), ("innovation", 100)):
        assert f'name="v_{name}" value="{value}"' in body
    assert re.search(r'name="v_quarters"[^>]*checked', body)
