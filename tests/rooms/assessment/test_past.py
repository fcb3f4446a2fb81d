"""Whatever is done after a quarter was computed: computed again it is the same to the digit, and the difference is told.

Random acts of every room (record, close, correct, cancel, withdraw, charge dues, move, rename, dissolve, transfer,
dismiss, import and undo), the quarter frozen somewhere among them. No row is written past the acts.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import person
from tests.rooms.assessment.company import NOW, QUARTER, TODAY, Company, company
from zhibu import analytics
from zhibu.assessment import actions, books, queries
from zhibu.assessment.models import Result, Run
from zhibu.core.authority import Actor, Mandate, Reach
from zhibu.core.calendar import Month
from zhibu.core.refusal import Refused
from zhibu.dues import actions as dues
from zhibu.life import actions as meetings
from zhibu.life.models import AttendanceState, Session
from zhibu.life.told import Held, Item, Missing
from zhibu.notices import actions as notices
from zhibu.notices.models import Notice
from zhibu.register import actions as register
from zhibu.register.models import Membership, Organisation, Person, Post

pytestmark = pytest.mark.django_db
EVERYTHING = frozenset({"life.*", "dues.*", "notices.*", "register.*", "assessment.*"})


@dataclass
class World:
    """A small company, someone who may do everything, a clock that only moves forward, and dice."""

    firm: Company
    dice: Random
    clock: Any = field(default_factory=lambda: count(1))
    done: list[str] = field(default_factory=list)

    @property
    def now(self) -> Any:
        return NOW + timedelta(seconds=next(self.clock))

    @property
    def actor(self) -> Actor:
        top = self.firm.group
        who = self.firm.people["officer"]
        return Actor(0, who.pk, who.name, (Mandate("x", top.pk, top.path, EVERYTHING, Reach.BELOW),))

    def branch(self) -> Organisation:
        return Organisation.objects.get(pk=self.dice.choice(self.firm.branches()).pk)

    def day(self) -> date:
        return QUARTER.first + timedelta(days=self.dice.randrange((QUARTER.last - QUARTER.first).days))

    def one(self, rows: Any) -> Any:
        found = list(rows.order_by("pk"))
        return self.dice.choice(found) if found else None


def members(branch: Organisation) -> list[int]:
    return list(
        Membership.objects.filter(organisation=branch, until=None).values_list("person_id", flat=True)
    )


def record_meeting(world: World) -> None:
    branch = world.branch()
    missing = [Missing(each, "excused") for each in members(branch)[:1] if world.dice.random() < 0.4]
    held = Held(
        held_on=world.day(), missing=missing, study_minutes=world.dice.choice([0, 60, 120]), again=True,
        agenda=[Item("安全生产", "safety"), Item("学习", "study")],
    )  # fmt: skip
    kinds = ["general_meeting", "committee_study", "group_study", "themed_day", "party_lesson"]
    meetings.record(
        world.actor, organisation=branch, kind=world.dice.choice(kinds), held=held, now=world.now,
        close=world.dice.random() < 0.6,
    )  # fmt: skip


def plan_meeting(world: World) -> None:
    meetings.plan(
        world.actor, organisation=world.branch(), kind="general_meeting", planned_on=TODAY + timedelta(days=9),
        now=world.now, agenda=[Item("选举", "other")],
    )  # fmt: skip


def hold_meeting(world: World) -> None:
    if not Session.objects.filter(state="planned").exists():
        plan_meeting(world)
    session = world.one(Session.objects.filter(state="planned"))
    meetings.hold(world.actor, session=session, held=Held(held_on=world.day(), again=True), now=world.now)


def close_minutes(world: World) -> None:
    if not Session.objects.filter(state="held").exists():
        record_meeting(world)
    session = world.one(Session.objects.filter(state="held"))
    meetings.close_minutes(world.actor, session=session, now=world.now)


def cancel_meeting(world: World) -> None:
    session = world.one(Session.objects.filter(state__in=["planned", "held"]))
    meetings.cancel(world.actor, session=session, reason="改期", now=world.now)


def correct_minutes(world: World) -> None:
    session = world.one(Session.objects.filter(state="closed"))
    people = list(session.attendance.values_list("person_id", flat=True))
    state = world.dice.choice([AttendanceState.ABSENT, AttendanceState.PRESENT, AttendanceState.EXCUSED])
    meetings.correct(
        world.actor, session=session, reason="记错", now=world.now,
        held_on=world.dice.choice([None, world.day(), QUARTER.first - timedelta(days=3)]),
        study_minutes=world.dice.choice([None, 0, 90]),
        attendance=dict.fromkeys(people[:1], (state, "")),
    )  # fmt: skip


def talk_or_file(world: World) -> None:
    branch = world.branch()
    people = members(branch)
    if world.dice.random() < 0.5 and len(people) > 1:
        meetings.record_talk(
            world.actor, organisation=branch, kind="heart_to_heart", person=people[0], talker=people[1],
            held_on=world.day(), now=world.now,
        )  # fmt: skip
    else:
        meetings.file_document(
            world.actor,
            organisation=branch,
            kind="study_plan",
            title="计划",
            covers_on=QUARTER.first,
            now=world.now,
        )


def charge_dues(world: World) -> None:
    dues.charge_month(world.actor, organisation=world.branch(), month=Month.of(world.day()), now=world.now)


def publish_notice(world: World) -> None:
    opens = world.day()
    notices.publish(
        world.actor, organisation=world.branch(), kind="dues", title="党费公开", opens_on=opens,
        closes_on=min(opens + timedelta(days=9), QUARTER.last), now=world.now,
    )  # fmt: skip


def settle_notice(world: World) -> None:
    if not Notice.objects.filter(withdrawn=0, has_result=0).exists():
        publish_notice(world)
    notice = world.one(Notice.objects.filter(withdrawn=0, has_result=0))
    if world.dice.random() < 0.5:
        notices.withdraw(world.actor, notice=notice, reason="写错", now=world.now)
    else:
        notices.record_result(world.actor, notice=notice, objections=0, result="无异议", now=world.now)


def move_organisation(world: World) -> None:
    firm, branch = world.firm, world.branch()
    target = world.dice.choice([firm.east, firm.west, firm.group])
    register.move_organisation(
        world.actor, organisation=branch, parent=Organisation.objects.get(pk=target.pk), reason="调整", today=TODAY,
        now=world.now,
    )  # fmt: skip


def move_committee(world: World) -> None:
    firm = world.firm
    west, target = (Organisation.objects.get(pk=firm.places[name].pk) for name in ("west", "east"))
    parent = target if west.parent_id == firm.group.pk else Organisation.objects.get(pk=firm.group.pk)
    register.move_organisation(
        world.actor, organisation=west, parent=parent, reason="调整", today=TODAY, now=world.now
    )


def edit_organisation(world: World) -> None:
    branch = world.branch()
    change = world.dice.choice(
        [
            {"name": f"{branch.name}新"},
            {"unit_type": world.dice.choice(["research", "organ"])},
            {"kind": "joint_branch"},
            {"founded_on": world.day()},
        ]
    )
    register.edit_organisation(
        world.actor, organisation=branch, version=branch.version, changes=change, today=TODAY, now=world.now
    )


def found_or_dissolve(world: World) -> None:
    if world.dice.random() < 0.5:
        made = register.create_organisation(
            world.actor, parent=Organisation.objects.get(pk=world.firm.east.pk),
            name=f"新设{next(world.clock)}党支部", kind="branch", unit_type="production",
            founded_on=QUARTER.first, now=world.now,
        )  # fmt: skip
        world.firm.places[made.code] = made
        return
    branch = world.branch()
    for who in members(branch):
        register.leave(
            world.actor, person=Person.objects.get(pk=who), because="transferred_away", until=world.day(), today=TODAY,
            now=world.now,
        )  # fmt: skip
    register.close_organisation(
        world.actor, organisation=branch, closed_on=world.day(), reason="撤并", today=TODAY, now=world.now
    )


def person_moves(world: World) -> None:
    spell = world.one(Membership.objects.filter(until=None))
    if world.dice.random() < 0.3:
        register.change_stage(
            world.actor,
            person=spell.person,
            stage="full_member",
            since=world.day(),
            today=TODAY,
            now=world.now,
        )
    else:
        register.transfer(
            world.actor,
            person=spell.person,
            organisation=world.branch(),
            since=world.day(),
            today=TODAY,
            now=world.now,
        )


def person_comes(world: World) -> None:
    world.firm.people["new"] = who = Person.objects.create(name="新来")
    register.join(
        world.actor, person=who, organisation=world.branch(), stage=world.dice.choice(["activist", "probationary_member"]),
        since=world.day(), today=TODAY, now=world.now,
    )  # fmt: skip


def posts_change(world: World) -> None:
    branch = world.branch()
    held = world.one(Post.objects.filter(organisation=branch, until=None))
    if held and world.dice.random() < 0.6:
        register.dismiss(world.actor, post=held, until=world.day(), today=TODAY, now=world.now)
    people = members(branch)
    kind = world.dice.choice(["secretary", "publicity_officer", "organisation_officer"])
    register.appoint(
        world.actor, person=Person.objects.get(pk=world.dice.choice(people)), organisation=branch, kind=kind,
        since=world.day(), today=TODAY, now=world.now, duties="分工",
    )  # fmt: skip


def elect(world: World) -> None:
    register.record_term(
        world.actor, organisation=world.branch(), elected_on=world.day(), seats=world.dice.choice([3, 5]), today=TODAY,
        now=world.now,
    )  # fmt: skip


ACTS = (
    record_meeting, plan_meeting, hold_meeting, close_minutes, cancel_meeting, correct_minutes, talk_or_file, charge_dues,
    publish_notice, settle_notice, move_organisation, move_committee, edit_organisation, found_or_dissolve, person_moves,
    person_comes, posts_change, elect,
)  # fmt: skip


def act(world: World, which: int) -> None:
    """Try one; what is refused, or has nothing to work on, leaves no trace."""
    with suppress(Refused, AttributeError, IndexError, Membership.DoesNotExist), transaction.atomic():
        ACTS[which](world)
        world.done.append(ACTS[which].__name__)


def stored(run: Run) -> dict[int, Any]:
    """A run as it stands in the table, to the digit."""
    return {
        row.branch_id: (row.branch_path, row.facts, row.parts, row.points, row.place, row.place_of)
        for row in Result.objects.filter(run=run)
    }


def again(run: Run) -> dict[int, Any]:
    """A run computed anew as known then, put as it would be stored."""
    import json

    from zhibu.assessment import computing

    return {
        row.branch: (
            row.path,
            json.dumps(row.as_facts(), separators=(",", ":")),
            json.dumps(computing.parts_of(row), separators=(",", ":")),
            row.hundredths,
            row.place,
            row.of,
        )
        for row in queries.rerun(run)
    }


def live(run: Run) -> dict[int, tuple[Any, Any]]:
    """Facts and points as the records are now."""
    here = Organisation.objects.get(pk=run.organisation_id).path
    rows = analytics.collect(books.of_run(run), QUARTER, lo=here, hi=here + "z", run=run.pk)
    return {row.branch: (row.as_facts(), row.hundredths) for row in rows}


def told(run: Run, world: World) -> dict[int, Any]:
    """What the difference says: which branches, and of those on both sides which facts."""
    return {
        each.branch: ({fact.fact: fact.now for fact in each.facts}, each.then, each.now)
        for each in queries.difference(world.actor, run)
    }


def expected(run: Run) -> dict[int, Any]:
    """The same, from the frozen run and the records of now, in plain Python."""
    import json

    then = {row.branch_id: (json.loads(row.facts), row.points) for row in Result.objects.filter(run=run)}
    now, found = live(run), {}
    for branch in {*then, *now}:
        before, after = then.get(branch), now.get(branch)
        if before != after:
            facts = (
                {name: value for name, value in after[0].items() if before[0][name] != value}
                if before and after
                else {}
            )
            found[branch] = (facts, before and before[1], after and after[1])
    return found


SOME = st.lists(st.integers(0, len(ACTS) - 1), min_size=6, max_size=20)


@settings(max_examples=5, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6), first=SOME, then=SOME)
def test_a_frozen_quarter_is_the_same_whatever_is_done_after(seed, first, then):
    with transaction.atomic():
        one_history(seed, first, then)
        transaction.set_rollback(True)


@pytest.mark.release
@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6), first=SOME, then=SOME)
def test_many_frozen_quarters_are_the_same_whatever_is_done_after(seed, first, then):
    with transaction.atomic():
        one_history(seed, first, then)
        transaction.set_rollback(True)


def test_a_correction_after_the_freeze_to_the_digit(db):
    """One of each, told apart: attendance, day, study time, dues charged, a notice withdrawn; each named by the difference."""
    world = World(company(branches=3), Random(1))
    branch, firm = world.firm.e1, world.firm
    for number in range(3):
        person(f"党员{number}", "x", branch, known_at=1)
    here = {"organisation": branch, "now": world.now}
    agenda = [Item("报告", "committee_report")]
    study, general = (
        meetings.record(
            world.actor,
            kind=kind,
            held=Held(QUARTER.first, study_minutes=60, agenda=agenda, again=True),
            **here,
        )
        for kind in ("group_study", "general_meeting")
    )
    month = Month.of(QUARTER.first)
    notice = notices.publish(
        world.actor, kind="dues", title="公开", opens_on=QUARTER.first, closes_on=QUARTER.first + timedelta(days=20), **here
    )  # fmt: skip
    run, _told = actions.open_run(
        world.actor, organisation=firm.group, quarter=QUARTER, today=TODAY, now=world.now
    )
    actions.publish(world.actor, run=run, today=TODAY, now=world.now)
    frozen = actions.freeze(world.actor, run=run, now=world.now)
    before = stored(frozen)
    who = study.attendance.order_by("pk").first().person_id
    meetings.correct(
        world.actor,
        session=study,
        reason="记错",
        now=world.now,
        study_minutes=45,
        attendance={who: ("absent", "")},
    )
    meetings.correct(
        world.actor, session=general, reason="记错", now=world.now, held_on=QUARTER.first - timedelta(days=1)
    )
    dues.charge_month(world.actor, organisation=branch, month=month, now=world.now)
    notices.withdraw(world.actor, notice=notice, reason="写错", now=world.now)
    assert again(frozen) == stored(frozen) == before
    (changed,) = queries.difference(world.actor, frozen)
    assert changed.branch == branch.pk
    moved = {each.fact for each in changed.facts}
    assert moved == set(expected(frozen)[branch.pk][0])
    rooms = {"life.study_minutes_year", "life.committee_reports", "life.general_meetings"}
    assert {*rooms, "dues.months_recorded", "notices.dues_disclosures"} <= moved


def one_history(seed: int, first: list[int], then: list[int]) -> World:
    world = World(company(branches=3), Random(seed))
    for branch in world.firm.branches():
        for number in range(3):
            person(f"{branch.code}{number}", "x", branch, known_at=1)
    for which in first:
        act(world, which)
    officer = world.actor
    run, _told = actions.open_run(
        officer, organisation=world.firm.group, quarter=QUARTER, today=TODAY, now=world.now
    )
    run, _told = actions.publish(officer, run=run, today=TODAY, now=world.now)
    frozen = actions.freeze(officer, run=run, now=world.now)
    before, facts = stored(frozen), live(frozen)
    assert again(frozen) == before
    assert told(frozen, world) == {}
    for number, which in enumerate(then):
        act(world, which)
        if number == len(then) // 2:
            frozen = Run.objects.select_related("organisation").get(pk=frozen.pk)
            assert again(frozen) == before, world.done
    frozen = Run.objects.select_related("organisation").get(pk=frozen.pk)
    assert again(frozen) == before, world.done
    assert stored(frozen) == before
    assert told(frozen, world) == expected(frozen)
    assert bool(told(frozen, world)) is (live(frozen) != facts)
    return world


def test_a_branch_that_was_moved_keeps_its_past_quarters(db):
    """East assessed two, which stand under West now; West has a run of its own without them."""
    world = World(company(branches=3), Random(1))
    firm, officer = world.firm, world.actor
    east, west = (
        actions.open_run(officer, organisation=place, quarter=QUARTER, today=TODAY, now=world.now)[0]
        for place in (firm.east, firm.west)
    )

    def moved(branch):
        place = Organisation.objects.get(pk=branch.pk)
        return register.move_organisation(
            officer, organisation=place, parent=firm.west, reason="调整", today=TODAY, now=world.now
        )

    # what East has not published does not go with the branch
    assert [queries.run_of(each, QUARTER) for each in (firm.e2, moved(firm.e2))] == [east, west]
    actions.publish(officer, run=east, today=TODAY, now=world.now)
    e1, before = moved(firm.e1), stored(east)
    kept = queries.sheet(e1, QUARTER)
    assert (kept.run, kept.result.points) == (east, before[e1.pk][3])
    assert queries.sheet_for(officer, e1, QUARTER).result == kept.result
    assert again(Run.objects.get(pk=east.pk)) == before
