"""What was decided and said at the demo's meetings, and meetings of kinds that no standard counts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from zhibu import rulebook
from zhibu.core.snapshot import plain
from zhibu.core.tally import Vote, count
from zhibu.life import kinds
from zhibu.life.models import Attendance, Decision, Remark, Session

from . import held, names
from .bulk import insert
from .doings import ATTENDANCE_COLUMNS, HALF_PAST_FOUR, SESSION_COLUMNS, instant

if TYPE_CHECKING:
    from .doings import Doings
    from .shape import BranchShape, Shape

SHOWN = 3
"""Branches that show the kinds no standard counts; more of them would only make the demo slower."""


def write_said(shape: Shape, doings: Doings) -> None:
    """Shows of hands, remarks, and the other kinds."""
    rule = rulebook.load(()).votes["general-meeting"]
    text, told = json.dumps(plain(rule), ensure_ascii=False), {}
    rows = []
    for key, item, voters, present, known, by in doings.decisions:
        row = held.decision(key, item, voters, present, (rule.id, text, ""), known, by)
        vote = Vote(expected=voters, present=present, yes=row[6], no=row[7], abstain=row[8])
        if (voters, present, vote.yes) not in told:
            told[voters, present, vote.yes] = count(rule, shape.today, vote).told()
        rows.append((*row[:11], told[voters, present, vote.yes], *row[12:]))
    insert(Decision, held.DECISION_COLUMNS, rows)
    insert(Remark, held.REMARK_COLUMNS, doings.remarks)
    for branch in [each for each in shape.branches if len(each.members) > 3][:SHOWN]:
        _also(branch, shape, doings)


def _also(branch: BranchShape, shape: Shape, doings: Doings) -> None:
    node, roll = branch.organisation, [person.id for person in branch.members]
    for kind, title, back in held.ALSO:
        day = shape.today.toordinal() - back
        if node.founded and node.founded.toordinal() > day:
            continue
        key, known = next(doings.session_ids), instant(day, node.id)
        values = {
            "id": key, "organisation_id": node.id, "party_group_id": None, "kind": kind, "state": "closed", "title": title,
            "planned_on": day, "starts_at": HALF_PAST_FOUR, "place": names.PLACES[key % len(names.PLACES)], "held_on": day,
            "chair_id": roll[0], "minute_taker_id": roll[1], "minutes": f"{kinds.title_zh(kind)}按计划开展。",
            "study_minutes": 0, "expected_count": len(roll), "present_count": len(roll), "excused_count": 0,
            "absent_count": 0, "expected_voters": len(roll), "voters_present": len(roll), "half_present": 1,
            "entered_on": day, "entry_delay": 0, "closed_at": datetime.fromtimestamp(known / 1000, UTC), "closed_by": branch.members[0].name,
            "known_at": known, "details": held.details_of(kind, key, "", ()),
        }  # fmt: skip
        insert(Session, SESSION_COLUMNS, [tuple(values[name] for name in SESSION_COLUMNS)])
        insert(
            Attendance, ATTENDANCE_COLUMNS,
            [(key, node.id, person, "present", "", day, 0, 1, known) for person in roll],
        )  # fmt: skip
