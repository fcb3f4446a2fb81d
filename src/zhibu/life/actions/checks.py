"""What several acts refuse for the same reasons, and how they count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from zhibu.core.refusal import Refusal
from zhibu.life import queries
from zhibu.life.models import Attendance, AttendanceState, AttendanceWay, Session
from zhibu.life.told import Missing
from zhibu.record.past import take_back
from zhibu.register.models import BRANCH_KINDS, Organisation


def local_day(now: datetime) -> date:
    """The local day of an instant."""
    return timezone.localtime(now).date()


def day_is_lawful(organisation: Organisation, held_on: date, today: date) -> Refusal | None:
    """A meeting lies in the past or today, while its branch existed."""
    if held_on > today:
        return Refusal(
            code="life.in_the_future",
            message=_("会议还没有召开：{day} 在今天之后"),
            params={"day": held_on.isoformat()},
            remedy=_("先安排会议，开过之后再记录"),
        )
    if organisation.founded_on and held_on < organisation.founded_on:
        return Refusal(
            code="life.before_founding",
            message=_("{day} 时“{name}”尚未成立（{founded} 成立）"),
            params={
                "day": held_on.isoformat(), "name": organisation.name, "founded": organisation.founded_on.isoformat()
            },
            remedy=_("请核对日期"),
        )  # fmt: skip
    if organisation.closed_on and held_on >= organisation.closed_on:
        return Refusal(
            code="life.after_closing",
            message=_("{day} 时“{name}”已经撤销"),
            params={"day": held_on.isoformat(), "name": organisation.name},
            remedy=_("请核对日期"),
        )
    return None


def is_a_branch(organisation: Organisation) -> Refusal | None:
    """Meetings are kept by branches; what a committee does is not in this room."""
    if organisation.kind in BRANCH_KINDS:
        return None
    return Refusal(
        code="life.not_a_branch",
        message=_("“{name}”不是党支部"),
        params={"name": organisation.name},
        remedy=_("请选择党支部；党小组的会议记在所在支部下"),
    )


def not_twice(
    organisation: Organisation, kind: str, held_on: date, party_group: Organisation | None, *, again: bool
) -> Refusal | None:
    """The same kind on the same day is most often the same meeting; whoever means it may say so."""
    if again:
        return None
    found = queries.same_day(organisation.pk, kind, held_on, party_group.pk if party_group else None)
    if found is None:
        return None
    return Refusal(
        code="life.duplicate",
        message=_("{day} 已有一次同类会议：“{title}”"),
        params={"day": held_on.isoformat(), "title": found.title},
        remedy=_("如果确实是另一次会议，请勾选“确实是另一次会议”后再提交"),
    )


def has_a_roll(expected: Sequence[queries.Expected], held_on: date) -> Refusal | None:
    """A meeting nobody was expected at cannot be recorded."""
    if expected:
        return None
    return Refusal(
        code="life.nobody_expected",
        message=_("名册中 {day} 没有应到人员"),
        params={"day": held_on.isoformat()},
        remedy=_("请先在名册中登记党员、支委任职或党小组成员，或核对日期"),
    )


def only_of_the_roll(expected: Sequence[queries.Expected], missing: Sequence[Missing]) -> Refusal | None:
    """Only who was expected can be missing."""
    on_roll = {each.person for each in expected}
    if all(each.person in on_roll for each in missing):
        return None
    return Refusal(
        code="life.not_on_the_roll",
        message=_("有人不在当日应到名单中"),
        remedy=_("请按当日名单重新选择缺席人员"),
    )


def attend(
    session: Session,
    expected: Sequence[queries.Expected],
    missing: Sequence[Missing],
    observers: Sequence[int],
    online: Sequence[int] = (),
) -> None:
    """Write the roll of the day and count it; half_present is judged over all of it. Known since the session is."""
    told = {each.person: each for each in missing}
    day = session.held_on
    if day is None:
        raise ValueError("attendance needs the day of the meeting")
    ways = dict.fromkeys(session.arrivals.values_list("person_id", flat=True), AttendanceWay.CODE)
    ways |= dict.fromkeys(online, AttendanceWay.ONLINE)
    rows = [_row(session, each, told.get(each.person), day, ways) for each in expected]
    known = {each.person for each in expected}
    rows += [
        Attendance(
            session=session, organisation_id=session.organisation_id, person_id=person, held_on=day,
            state=AttendanceState.OBSERVER, known_at=session.known_at,
        )
        for person in dict.fromkeys(observers) if person not in known
    ]  # fmt: skip
    take_back(Attendance.objects.filter(session=session), session.known_at)
    Attendance.objects.bulk_create(rows, batch_size=500)
    count(session, {row.person_id: (row.state, row.votes) for row in rows})


def _row(
    session: Session,
    each: queries.Expected,
    missing: Missing | None,
    day: date,
    ways: Mapping[int, AttendanceWay],
) -> Attendance:
    present = missing is None
    return Attendance(
        session=session,
        organisation_id=session.organisation_id,
        person_id=each.person,
        state=_state(each, missing),
        reason="" if missing is None else missing.reason[:80],
        way=ways.get(each.person, AttendanceWay.LIST) if present else AttendanceWay.LIST,
        votes=int(each.votes),
        held_on=day,
        study_minutes=session.study_minutes if present else 0,
        known_at=session.known_at,
    )


def _state(each: queries.Expected, missing: Missing | None) -> str:
    """Who need not come and did not is neither excused nor absent; who came all the same was there as anyone."""
    if missing is None:
        return AttendanceState.PRESENT
    return AttendanceState.EXEMPT if each.exempt else missing.state


def count(session: Session, rows: Mapping[int, tuple[str, int]]) -> None:
    """Set the counts of a meeting from its attendance (person → state, votes); does not save.

    Who is exempt and stayed away is not expected. A vote is not lost by it: the denominators of votes and quorums hold
    every full member, for the rules of votes leave out nobody by themselves.
    """
    states = [state for state, _votes in rows.values()]
    session.present_count = states.count(AttendanceState.PRESENT)
    session.excused_count = states.count(AttendanceState.EXCUSED)
    session.absent_count = states.count(AttendanceState.ABSENT)
    session.observer_count = states.count(AttendanceState.OBSERVER)
    on_roll = len(states) - session.observer_count
    session.expected_count = on_roll - states.count(AttendanceState.EXEMPT)
    session.expected_voters = sum(votes for _state, votes in rows.values())
    session.voters_present = sum(votes for state, votes in rows.values() if state == AttendanceState.PRESENT)
    session.half_present = half(session.present_count, on_roll)


def half(present: int, expected: int) -> int:
    """1 when at least half of the expected were present (branch regulations, articles 11 and 12)."""
    return int(expected > 0 and 2 * present >= expected)
