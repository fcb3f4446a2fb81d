"""A quarter goes one way: open, published, frozen; what is refused changes nothing, what is done is recorded."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.rooms.assessment.company import NOW, QUARTER, TODAY, meeting, place
from zhibu import rulebook
from zhibu.assessment import actions, books, computing, queries
from zhibu.assessment.models import AppealState, Result, Run, RunState
from zhibu.core.calendar import Quarter
from zhibu.core.norms import Rulebook
from zhibu.core.refusal import Refused
from zhibu.record.models import Entry

OVERLAY = Path(__file__).parents[3] / "examples" / "overlay"
LATER = NOW + timedelta(hours=3)


def codes(refused):
    return [refusal.code for refusal in refused.value.refusals]


def acts():
    return list(Entry.objects.order_by("id").values_list("act", flat=True))


def standing(run):
    rows = Result.objects.filter(run=run).order_by("branch_path")
    return {row.branch.code: (row.points, row.place, row.place_of) for row in rows.select_related("branch")}


def test_opening_computes_every_branch(firm, run):
    assert run.state == RunState.OPEN
    assert set(standing(run)) == {"E1", "E2", "E3", "E4", "EL", "W1", "W2"}
    assert acts() == ["assessment.open_run"]


def test_opening_twice_is_one_run(firm, run):
    again, _cautions = actions.open_run(
        firm.actor("officer"), organisation=firm.group, quarter=QUARTER, today=TODAY, now=LATER
    )
    assert (again.pk, Run.objects.count(), acts()) == (run.pk, 1, ["assessment.open_run"])


def test_a_run_below_or_above_another_is_refused(firm):
    east = firm.actor("east_officer")
    actions.open_run(east, organisation=firm.east, quarter=QUARTER, today=TODAY, now=NOW)
    with pytest.raises(Refused) as refused:
        actions.open_run(
            firm.actor("officer"), organisation=firm.group, quarter=QUARTER, today=TODAY, now=NOW
        )
    assert codes(refused) == ["run_below_exists"]
    group_quarter = QUARTER.previous()
    actions.open_run(
        firm.actor("officer"), organisation=firm.group, quarter=group_quarter, today=TODAY, now=NOW
    )
    with pytest.raises(Refused) as refused:
        actions.open_run(east, organisation=firm.east, quarter=group_quarter, today=TODAY, now=NOW)
    assert codes(refused) == ["run_exists"]
    assert Run.objects.count() == 2


def test_a_quarter_to_come_is_refused_and_a_running_one_cautioned(firm):
    with pytest.raises(Refused) as refused:
        actions.open_run(
            firm.actor("officer"), organisation=firm.group, quarter=Quarter(2026, 4), today=TODAY, now=NOW
        )
    assert codes(refused) == ["quarter_not_begun"]
    _run, cautions = actions.open_run(
        firm.actor("officer"), organisation=firm.group, quarter=Quarter(2026, 3), today=TODAY, now=NOW
    )
    assert [each.code for each in cautions] == ["quarter_not_over"]


@pytest.mark.parametrize("who", ["secretary", "member", "east_officer", "west_officer"])
def test_only_the_committees_own_officer_runs_it(firm, run, who):
    for act in (
        lambda actor: actions.open_run(actor, organisation=firm.group, quarter=QUARTER, today=TODAY, now=NOW),
        lambda actor: actions.compute(actor, run=run, now=NOW),
        lambda actor: actions.publish(actor, run=run, today=TODAY, now=NOW),
        lambda actor: actions.freeze(actor, run=run, now=NOW),
    ):
        with pytest.raises(Refused) as refused:
            act(firm.actor(who))
        assert codes(refused)[0] == "not_your_part"
    assert acts() == ["assessment.open_run"]


def test_places_are_among_peers_of_one_superior(firm, run):
    found = standing(run)
    places = [found[code][1:] for code in ("E1", "E2", "E3", "E4")]
    assert places == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert found["EL"][1:] == found["W1"][1:] == (None, None), "one, and two, are too few to rank"
    assert list(Result.objects.filter(is_last=1).values_list("branch__code", flat=True)) == ["E4"]


def test_ties_share_a_place(firm):
    for month in QUARTER.months[2:]:
        for kind in ("committee_meeting", "committee_study", "group_study", "themed_day"):
            meeting(firm.e2, kind, month.first + timedelta(days=9))
    run, _cautions = actions.open_run(
        firm.actor("officer"), organisation=firm.group, quarter=QUARTER, today=TODAY, now=NOW
    )
    found = standing(run)
    assert found["E1"] == found["E2"]
    assert [found[code][1] for code in ("E1", "E2", "E3", "E4")] == [1, 1, 3, 4]


def test_new_and_dissolved_branches(firm):
    """A branch of two whole months is assessed for them; one of none is not assessed and not ranked."""
    place("EN", "新建党支部", "branch", "000100010051", firm.east, founded_on=date(2026, 5, 1))
    place("EJ", "刚建党支部", "branch", "000100010052", firm.east, founded_on=date(2026, 6, 20))
    place("ED", "撤销党支部", "branch", "000100010053", firm.east, closed_on=date(2026, 4, 10))
    run, _cautions = actions.open_run(
        firm.actor("officer"), organisation=firm.group, quarter=QUARTER, today=TODAY, now=NOW
    )
    rows = {row.branch.code: row for row in Result.objects.filter(run=run).select_related("branch")}
    assert (rows["EN"].assessed, rows["EN"].months) == (1, 2)
    assert [(rows[code].assessed, rows[code].points, rows[code].place) for code in ("EJ", "ED")] == [
        (0, None, None)
    ] * 2
    assert rows["E1"].place_of == 5


def test_publishing_waits_for_the_end_and_happens_once(firm):
    officer = firm.actor("officer")
    running, _cautions = actions.open_run(
        officer, organisation=firm.group, quarter=Quarter(2026, 3), today=TODAY, now=NOW
    )
    with pytest.raises(Refused) as refused:
        actions.publish(officer, run=running, today=TODAY, now=NOW)
    assert codes(refused) == ["quarter_not_over"]
    run, _cautions = actions.open_run(officer, organisation=firm.group, quarter=QUARTER, today=TODAY, now=NOW)
    found, cautions = actions.publish(officer, run=run, today=TODAY, now=NOW)
    assert (found.state, [each.code for each in cautions]) == (RunState.PUBLISHED, ["parts_awaiting"])
    with pytest.raises(Refused) as refused:
        actions.publish(officer, run=run, today=TODAY, now=LATER)
    assert codes(refused) == ["already_published"]
    assert acts().count("assessment.publish") == 1


def test_unreviewed_parts_leave_the_denominator(firm, run):
    row = Result.objects.get(run=run, branch=firm.e1)
    assert row.decided_micro < row.applicable_micro
    assert row.points == round(row.earned_micro * 10_000 / row.decided_micro)


def test_totals_are_sums_of_parts(firm, run, judge):
    judge("e1", "S08", "spirit", 10)
    for row in Result.objects.filter(run=run):
        parts = [part for part in json.loads(row.parts).values() if part[0] != "not_applicable"]
        decided = [part for part in parts if part[0] != "awaiting_review"]
        assert row.applicable_micro == sum(part[2] for part in parts)
        assert row.decided_micro == sum(part[2] for part in decided)
        assert row.earned_micro == sum(part[1] for part in decided)
        standards = json.loads(row.standards).values()
        assert [row.earned_micro, row.decided_micro, row.applicable_micro] == [
            sum(line[place] for line in standards) for place in (1, 2, 3)
        ]


def test_freezing_needs_publication_and_answers(firm, run):
    officer = firm.actor("officer")
    with pytest.raises(Refused) as refused:
        actions.freeze(officer, run=run, now=NOW)
    assert codes(refused) == ["not_published"]
    actions.publish(officer, run=run, today=TODAY, now=NOW)
    appeal = actions.appeal(
        firm.actor("secretary"), run=run, branch=firm.e1, standard="S12", text="少算一次党课", now=NOW
    )
    with pytest.raises(Refused) as refused:
        actions.freeze(officer, run=run, now=NOW)
    assert codes(refused) == ["appeals_open"]
    actions.answer_appeal(officer, appeal=appeal, upheld=False, answer="记录未关闭", now=NOW)
    assert actions.freeze(officer, run=run, now=NOW).state == RunState.FROZEN
    with pytest.raises(Refused) as refused:
        actions.freeze(officer, run=run, now=NOW)
    assert codes(refused) == ["already_frozen"]


def told(rows):
    return [(row.branch, row.states, row.points, row.hundredths, row.place, row.of) for row in rows]


def test_a_past_quarter_is_found_again_to_the_digit(firm, run, judge, monkeypatch):
    """Also after records were added, and after the rulebook changed."""
    judge("e1", "S08", "spirit", 25)
    officer = firm.actor("officer")
    frozen = actions.freeze(officer, run=actions.publish(officer, run=run, today=TODAY, now=NOW)[0], now=NOW)
    before, first = standing(run), told(queries.rerun(frozen))
    late = int((NOW + timedelta(days=2)).timestamp() * 1000)
    for month in QUARTER.months:
        meeting(firm.e4, "committee_meeting", month.last, known=late)
    changed = rulebook.load((OVERLAY,))
    assert changed.digest != frozen.rulebook_id
    monkeypatch.setattr(rulebook, "load", lambda *_: changed)
    books.by_digest.cache_clear()
    assert told(queries.rerun(frozen)) == first
    assert {row.branch: (row.hundredths, row.place, row.of) for row in queries.rerun(frozen)} == {
        firm.places[code.lower() if code != "EL" else "lab"].pk: value for code, value in before.items()
    }
    assert standing(run) == before
    changes = queries.difference(officer, frozen)
    assert [(each.name, each.then < each.now) for each in changes] == [(firm.e4.name, True)]
    with pytest.raises(Refused) as refused:
        actions.compute(officer, run=frozen, now=LATER)
    assert codes(refused) == ["run_frozen"]


def test_the_rulebook_of_the_time_is_kept(firm, run):
    """A run judges by its snapshot: the same standards come back from the stored text, digest and all."""
    kept = Rulebook.from_json(run.rulebook.content)
    assert kept.digest == run.rulebook_id
    books.by_digest.cache_clear()
    first = told(queries.rerun(run))
    rulebook.forget()
    monkey = Rulebook.from_json(run.rulebook.content)
    books.by_digest.cache_clear()
    assert books.of_run(run).digest == monkey.digest
    assert told(queries.rerun(run)) == first


def test_upheld_appeal_then_correction_then_recomputation(firm, run, judge):
    officer, secretary = firm.actor("officer"), firm.actor("secretary")
    judge("e1", "S08", "spirit", 10)
    run = actions.publish(officer, run=run, today=TODAY, now=NOW)[0]
    before = standing(run)["E1"][0]
    with pytest.raises(Refused) as refused:
        actions.compute(officer, run=run, now=LATER)
    assert codes(refused) == ["published_stands"]
    appeal = actions.appeal(secretary, run=run, branch=firm.e1, standard="S08", text="评得低", now=NOW)
    with pytest.raises(Refused) as refused:
        actions.appeal(secretary, run=run, branch=firm.e1, standard="S08", text="再申诉", now=NOW)
    assert codes(refused) == ["appeal_pending"]
    answered = actions.answer_appeal(officer, appeal=appeal, upheld=True, answer="有理", now=LATER)
    assert (answered.state, standing(run)["E1"][0]) == (AppealState.UPHELD, before), (
        "answering changes no points"
    )
    with pytest.raises(Refused) as refused:
        actions.answer_appeal(officer, appeal=appeal, upheld=False, answer="再答", now=LATER)
    assert codes(refused) == ["already_answered"]
    judge("e1", "S08", "spirit", 60)
    corrected = standing(run)["E1"][0]
    assert corrected > before
    actions.compute(officer, run=run, now=LATER + timedelta(hours=1))
    assert standing(run)["E1"][0] == corrected
    assert acts()[-4:] == [
        "assessment.appeal",
        "assessment.answer_appeal",
        "assessment.review",
        "assessment.compute",
    ]


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"text": "  "}, "text_missing"), ({"standard": "S99"}, "standard_not_assessed")],
)
def test_appeals_refused(firm, published, fields, code):
    values = {"standard": "S12", "text": "理由", **fields}
    with pytest.raises(Refused) as refused:
        actions.appeal(firm.actor("secretary"), run=published, branch=firm.e1, now=NOW, **values)
    assert codes(refused) == [code]


def test_no_appeal_before_publication_nor_for_another_branch(firm, run):
    with pytest.raises(Refused) as refused:
        actions.appeal(firm.actor("secretary"), run=run, branch=firm.e1, standard="S12", text="早", now=NOW)
    assert codes(refused) == ["appeal_closed"]
    with pytest.raises(Refused) as refused:
        actions.appeal(firm.actor("secretary"), run=run, branch=firm.e2, standard="S12", text="别人", now=NOW)
    assert codes(refused) == ["not_your_part"]


def test_rectifications_are_opened_and_closed_by_people(firm, published):
    officer = firm.actor("officer")
    values = {
        "organisation": firm.east, "branch": firm.e4, "quarter": QUARTER, "reason": "三会一课未落实", "owner": None,
        "due_on": date(2026, 9, 1), "today": TODAY, "now": NOW,
    }  # fmt: skip
    for changes, code in (({"due_on": TODAY}, "due_in_past"), ({"reason": " "}, "reason_missing")):
        with pytest.raises(Refused) as refused:
            actions.open_rectification(officer, **{**values, **changes})
        assert codes(refused) == [code]
    made = actions.open_rectification(officer, **values)
    with pytest.raises(Refused) as refused:
        actions.open_rectification(officer, **values)
    assert codes(refused) == ["rectification_running"]
    with pytest.raises(Refused) as refused:
        actions.close_rectification(officer, rectification=made, outcome="", today=TODAY, now=NOW)
    assert codes(refused) == ["outcome_missing"]
    actions.close_rectification(officer, rectification=made, outcome="已补齐", today=TODAY, now=NOW)
    with pytest.raises(Refused) as refused:
        actions.close_rectification(officer, rectification=made, outcome="又", today=TODAY, now=NOW)
    assert codes(refused) == ["already_closed"]
    assert acts()[-2:] == ["assessment.open_rectification", "assessment.close_rectification"]


def test_the_year_list_states_and_executes_nothing(firm):
    """Four published quarters make an average; the last place twice in total is an alert with its history."""
    officer = firm.actor("officer", date(2027, 2, 1))
    for number in (1, 2, 3, 4):
        quarter = Quarter(2026, number)
        day = quarter.last + timedelta(days=10)
        run, _cautions = actions.open_run(
            officer, organisation=firm.group, quarter=quarter, today=day, now=NOW
        )
        if number < 4:
            actions.publish(officer, run=run, today=day, now=NOW)
    lines = {line.name: line for line in queries.year_list(officer, firm.group, 2026)}
    assert lines[firm.e1.name].average is None, "the fourth quarter is not published"
    assert lines[firm.e4.name].alert == (len(lines[firm.e4.name].last_places) >= 2)
    actions.publish(officer, run=run, today=date(2027, 2, 1), now=NOW)
    lines = {line.name: line for line in queries.year_list(officer, firm.group, 2026)}
    assert lines[firm.e1.name].average is not None
    assert all(
        line.five_good == (line.average is not None and line.average >= 9000) for line in lines.values()
    )
    assert {line.name for line in queries.year_list(firm.actor("east_officer"), firm.east, 2026)} == {
        place.name
        for key, place in firm.places.items()
        if (key.startswith("e") and key != "east") or key == "lab"
    }


def test_bands_by_percentile():
    bands = computing.bands(range(1, 101), 30, 10)
    assert [bands.of(points) for points in (100, 71, 70, 11, 10, 1, None)] == [
        "advanced", "advanced", "middle", "middle", "lagging", "lagging", "",
    ]  # fmt: skip
    assert computing.bands([50, 60], 30, 10).of(50) == "middle", "two branches have no tenth"
    assert computing.bands([70] * 20, 30, 10).of(70) == "advanced", "who ties with the edge is within"
    assert computing.bands(range(1, 101), 30, 10, least=90).of(80) == "middle", "nobody weak is ahead"
