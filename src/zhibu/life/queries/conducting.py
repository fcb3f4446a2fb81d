"""What the chair's page needs: the list to be called, and the items as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from zhibu.life.models import AttendanceState, Remark, Session, SessionState, SignInWindow
from zhibu.life.queries.holding import (
    arrived,
    may_be_shown_by_hands,
    online_of,
    quorum,
    window_of,
)
from zhibu.life.queries.prefill import people_besides
from zhibu.life.queries.roll import Expected, due, roll
from zhibu.life.queries.sessions import agenda_and_loose

AWAY = frozenset({AttendanceState.EXCUSED, AttendanceState.EXEMPT})
"""Named together where a list is called: the roll knows who of them is exempt."""


@dataclass(frozen=True, slots=True)
class Calling:
    """The list to be called: who is expected, who signed in, what is offered."""

    expected: list[Expected]
    others: list[Expected]
    arrived: set[int]
    window: SignInWindow | None
    initial: dict[str, Any]

    @property
    def due(self) -> int:
        """How many must come."""
        return due(self.expected)

    @property
    def not_arrived(self) -> list[str]:
        """Those who must come and have not signed in by code."""
        return [each.name for each in self.expected if each.person not in self.arrived and not each.exempt]


def calling(session: Session, today: date) -> Calling:
    """The list of a meeting: as it was called last; before that, whoever has signed in is there."""
    day = session.held_on or min(session.planned_on or today, today)
    expected = roll(session.organisation, session.kind, day, session.party_group)
    others = people_besides(session.organisation, session.kind, day, session.party_group, expected)
    signed = arrived(session)
    if session.state == SessionState.HELD:
        initial = _called(session)
    else:
        # whoever signed in is there; before anyone did, all are but those who need not come
        missing = [each.person for each in expected if each.person not in signed and (signed or each.exempt)]
        initial = {"excused": missing}
    return Calling(expected, others, signed, window_of(session), initial)


def _called(session: Session) -> dict[str, Any]:
    rows = list(session.attendance.values_list("person_id", "person__name", "state", "reason"))
    found: dict[str, Any] = {
        "excused": [person for person, _name, state, _reason in rows if state in AWAY],
        "absent": [person for person, _name, state, _reason in rows if state == AttendanceState.ABSENT],
        "observers": [person for person, _name, state, _reason in rows if state == AttendanceState.OBSERVER],
        "online": online_of(session),
    }
    told = [f"{name}（{reason}）" for _person, name, _state, reason in rows if reason]
    return found | {"reasons": "、".join(told)}


def items_in_progress(session: Session) -> tuple[list[dict[str, Any]], list[Remark]]:
    """The items, each with whether it is the present one, may be decided by hands, and its own quorum; loose remarks."""
    rows, loose = agenda_and_loose(session)
    for row in rows:
        row["current"] = row["position"] == session.at_item
        row["hands"] = may_be_shown_by_hands(session.kind, row["tag"])
        row["quorum"] = quorum(session, row["tag"])
    following = [*(row["position"] for row in rows), 0]
    for row, then in zip(rows, following[1:], strict=True):
        row["then"] = then
    return rows, loose
