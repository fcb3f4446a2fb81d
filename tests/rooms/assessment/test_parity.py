"""What the database judges is what `core.evaluate` judges, on the shipped rulebook and the real tables.

Runs on whichever database the tests run on: SQLite, and PostgreSQL with ZHIBU_TEST_DB=postgres.
"""

import json
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from tests.people import dues_entry, person
from tests.rooms.assessment.company import KNOWN, NOW, TODAY, meeting, place
from zhibu import analytics, rulebook
from zhibu.assessment import actions, queries
from zhibu.assessment.models import Result, Review
from zhibu.assessment.queries.sheets import reviewed_parts
from zhibu.core import scoring
from zhibu.core.authority import Actor, Mandate, Reach
from zhibu.core.calendar import Quarter
from zhibu.life.models import (
    AgendaItem,
    Attendance,
    DocumentKind,
    Examination,
    FiledDocument,
    SessionKind,
    Talk,
    TalkKind,
)
from zhibu.register.models import Post, Term

BRANCHES = 8
KINDS = ("branch", "branch", "joint_branch", "mobile_branch", "temporary_branch")
STAGES = ("full_member", "full_member", "full_member", "probationary_member", "activist", "prospect")


def company(dice, quarter):
    """Branches of every kind with whatever the dice give them, around the edges of the quarter."""
    top = place("G", "集团党委", "primary_committee", "0001")
    for number in range(1, BRANCHES + 1):
        founded = dice.choice([date(2010, 1, 1), quarter.first, quarter.months[1].first, quarter.last])
        branch = place(
            f"B{number}", f"{number}支部", dice.choice(KINDS), f"0001{number:04d}", top,
            dice.choice(["production", "research"]), founded_on=founded,
        )  # fmt: skip
        people = [
            person(
                f"人{number}-{each}",
                "r",
                branch,
                stage=dice.choice(STAGES),
                since=date(2026, 1, 1) - timedelta(days=each * 40),
            )
            for each in range(dice.randint(1, 12))
        ]
        for who in people[: dice.randint(0, 5)]:
            kind = dice.choice(["secretary", "committee_member", "organisation_officer"])
            Post.objects.create(
                person=who,
                organisation=branch,
                kind=kind,
                in_committee=1,
                has_duties=dice.randint(0, 1),
                since=date(2024, 1, 1),
                known_at=1,
            )
        elected = quarter.last - timedelta(days=dice.choice([100, 1095, 1200]))
        Term.objects.create(
            organisation=branch,
            elected_on=elected,
            expires_on=elected + timedelta(days=1095),
            valid_until=elected + timedelta(days=1095),
            seats=dice.randint(0, 5),
            known_at=1,
        )
        _doings(dice, quarter, branch, people)
    return top


def _day(dice, quarter):
    return dice.choice(
        [
            quarter.first,
            quarter.last,
            quarter.first - timedelta(days=1),
            quarter.first + timedelta(days=dice.randint(0, 89)),
        ]
    )


def _doings(dice, quarter, branch, people):
    for _each in range(dice.randint(0, 40)):
        day, kind = _day(dice, quarter), dice.choice(list(SessionKind))
        session = meeting(
            branch, kind, day, known=dice.choice([KNOWN, KNOWN, 0]), state=dice.choice(["closed", "closed", "held"]),
            half_present=dice.randint(0, 1), made_up=dice.choice([0, 0, 1]), entry_delay=dice.choice([0, 3, 8]),
            study_minutes=dice.choice([0, 60, 240]),
        )  # fmt: skip
        tag = dice.choice(["committee_report", "other", "production", "union_league"])
        AgendaItem.objects.create(
            session=session,
            organisation=branch,
            tag=tag,
            title="议题",
            session_kind=kind,
            session_closed=int(session.state == "closed"),
            held_on=day,
            known_at=session.known_at,
        )
        Attendance.objects.create(
            session=session,
            organisation=branch,
            person=dice.choice(people),
            state=dice.choice(["present", "absent"]),
            votes=1,
            held_on=day,
            study_minutes=session.study_minutes,
            known_at=session.known_at,
        )
    for month in quarter.months[: dice.randint(0, 3)]:
        due = dice.choice([0, 10_000])
        dues_entry(branch, month.first, due=due, received=dice.choice([0, due]), known_at=KNOWN, members=3)
    for _each in range(dice.randint(0, 8)):
        kind = dice.choice([value for value, _label in DocumentKind.choices])
        FiledDocument.objects.create(
            organisation=branch,
            kind=kind,
            title="材料",
            covers_on=quarter.first,
            filed_on=_day(dice, quarter),
            known_at=KNOWN,
        )
        talk = dice.choice([value for value, _label in TalkKind.choices])
        Talk.objects.create(
            organisation=branch,
            person=dice.choice(people),
            kind=talk,
            held_on=_day(dice, quarter),
            entered_on=quarter.last,
            known_at=KNOWN,
        )
        Examination.objects.create(
            organisation=branch,
            person=dice.choice(people),
            held_on=_day(dice, quarter),
            entered_on=quarter.last,
            known_at=KNOWN,
        )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("code", ["2026Q2", "2025Q4"])
def test_the_database_judges_as_the_core_does(db, seed, code):
    dice, quarter = Random(f"{seed}{code}"), Quarter.parse(code)
    top = company(dice, quarter)
    officer = Actor(
        1,
        None,
        "干事",
        (Mandate("committee_officer", top.pk, top.path, frozenset({"assessment.*"}), Reach.BELOW),),
    )
    run, _cautions = actions.open_run(officer, organisation=top, quarter=quarter, today=TODAY, now=NOW)
    book = rulebook.load()
    for row in Result.objects.filter(run=run):
        for standard, part, weight in reviewed_parts(book, quarter.last):
            if dice.random() < 0.5:
                Review.objects.create(
                    run=run,
                    branch_id=row.branch_id,
                    standard=standard.id,
                    part=part.id,
                    applicable=int(dice.random() < 0.9),
                    points_micro=dice.randint(0, weight) * 10_000,
                    by_name="干事",
                    at=NOW,
                )
    actions.compute(officer, run=run, now=datetime(2026, 7, 20, 3, tzinfo=UTC))
    kinds = {place.pk: place.kind for place in top.children.all()}
    rows = analytics.collect(book, quarter, lo="0001", hi="0002", run=run.pk, rank_from=3)
    seen = set()
    for row in rows:
        given = {
            f"{each.standard}.{each.part}": each.points_micro if each.applicable else -1
            for each in Review.objects.filter(run=run, branch_id=row.branch)
        }
        judged = queries.verdicts(book, quarter, kinds[row.branch], row.as_facts(), given)
        mine = {
            f"{standard.id}.{part.id}": verdict.part(part.id)
            for standard, verdict in judged
            for part in standard.parts
        }
        stored = json.loads(Result.objects.get(run=run, branch_id=row.branch).parts)
        for (standard, part, _weight), state, points in zip(
            row.layout.parts, row.states, row.points, strict=True
        ):
            name = f"{standard}.{part}"
            told = mine[name]
            assert (state, points or 0) == (told.state.value, told.points or 0), (row.branch, name)
            assert stored[name][:2] == [state, points], name
            seen.add(state)
        score = scoring.total([verdict for _standard, verdict in judged])
        assert (row.earned, row.decided, row.applicable) == (
            score.earned,
            score.decided,
            score.applicable_total,
        )
    assert seen == {"met", "partly", "not_met", "not_applicable", "awaiting_review"}
    ranked = Result.objects.filter(run=run)
    by_hand: dict = {}
    for unit in ("production", "research"):
        pairs = [
            (row.branch_id, row.points if row.assessed else None) for row in ranked if row.unit_type == unit
        ]
        by_hand |= scoring.rank(pairs, 3)
    assert {row.branch_id: (row.place, bool(row.is_last)) for row in ranked} == {
        key: (each.place, each.is_last) if each else (None, False) for key, each in by_hand.items()
    }
