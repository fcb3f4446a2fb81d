"""Records made up at random, thick with the cases that went wrong elsewhere."""

import random
from datetime import date, timedelta
from typing import Any

from tests.scale.books import book
from tests.scale.history import add_past

# ends of quarters, half-years, years and February, where an off-by-one or a time zone shows
EDGES = [
    date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 1),
    date(2026, 3, 31), date(2026, 4, 1), date(2026, 6, 30), date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 1),
]  # fmt: skip
KNOWN = [0, 1_000, 2_000, 3_000]


def day(chance: random.Random) -> date:
    if chance.random() < 0.4:
        return chance.choice(EDGES)
    return date(2025, 12, 1) + timedelta(days=chance.randrange(310))


def perhaps(chance: random.Random, value: Any, empty: float = 0.2) -> Any:
    return None if chance.random() < empty else value


def organisations(chance: random.Random, number: int) -> list[dict[str, Any]]:
    rows = [organisation(superior, f"{superior:04d}", "primary_committee", None) for superior in (1, 2)]
    for i in range(number):
        superior = chance.choice((1, 2))
        path = f"{superior:04d}{i + 1:04d}"
        rows.append(
            organisation(10 + i, path, chance.choice(["branch", "branch", "joint_branch"]), superior)
            | {
                "unit_type": chance.choice(["production", "organ"]),
                "founded_on": perhaps(chance, chance.choice([date(2015, 1, 1), day(chance)])),
                "closed_on": chance.choice([None, None, None, day(chance)]),
                "known_at": chance.choice(KNOWN),
            }
        )
        rows += [
            organisation(1000 + i * 10 + group, f"{path}{group + 1:04d}", "party_group", 10 + i)
            | {"founded_on": perhaps(chance, day(chance)), "closed_on": chance.choice([None, day(chance)])}
            for group in range(chance.randrange(3))
        ]
    return rows


def organisation(key: int, path: str, kind: str, parent: int | None) -> dict[str, Any]:
    common = {"id": key, "path": path, "kind": kind, "unit_type": "other", "parent_id": parent}
    return {**common, "founded_on": None, "closed_on": None, "known_at": 0}


def session(chance: random.Random, branch: int) -> dict[str, Any]:
    held = perhaps(chance, day(chance), 0.05)
    return {
        "party_group_id": perhaps(chance, 1000 + (branch - 10) * 10 + chance.randrange(3)),
        "kind": chance.choice(["general", "committee", "committee", "lesson", "group", "group"]),
        "state": chance.choice(["closed", "closed", "closed", "held", "cancelled", "planned", ""]),
        "held_on": held,
        "entered_on": held if chance.random() < 0.3 else day(chance),
        "entry_delay": chance.randrange(40),
        "made_up": int(chance.random() < 0.1),
        "expected_count": chance.randrange(4),
        "present_count": chance.randrange(5),
    }


def membership(chance: random.Random, branch: int) -> dict[str, Any]:
    since = day(chance)
    until = chance.choice(
        [None, None, since, since + timedelta(days=chance.randrange(200)), chance.choice(EDGES)]
    )
    stage = chance.choice(["full", "full", "probationary", "activist"])
    return {"person_id": chance.randrange(4), "stage": stage, "since": since, "until": until}


def talk(chance: random.Random, branch: int) -> dict[str, Any]:
    kind = chance.choice(["activist", "activist", "heart"])
    return {"person_id": chance.randrange(4), "kind": kind, "held_on": day(chance), "entered_on": day(chance)}


def dues(chance: random.Random, branch: int) -> dict[str, Any]:
    due = chance.choice([0, 1, 333, 10_001, 123_456_789_012])
    return {
        "month_on": day(chance).replace(day=1),
        "due_fen": due,
        "in_time_fen": chance.choice([due, due // 3, due // 2]),
    }


MAKERS = {
    "zb_session": (session, 60),
    "zb_membership": (membership, 9),
    "zb_talk": (talk, 30),
    "zb_dues_month": (dues, 7),
}


def records(seed: int, number: int) -> dict[str, list[dict[str, Any]]]:
    """Rows by table for `number` branches; some have no records at all."""
    chance = random.Random(seed)
    rows: dict[str, list[dict[str, Any]]] = {"zb_organisation": organisations(chance, number)}
    for name, (maker, most) in MAKERS.items():
        rows[name] = []
        for branch in range(10, 10 + number):
            for _ in range(chance.choice([0, chance.randrange(most + 1), most])):
                common = {
                    "id": len(rows[name]) + 1,
                    "organisation_id": branch,
                    "known_at": chance.choice(KNOWN),
                }
                rows[name].append({**common, **maker(chance, branch)})
    rows["zb_review"] = list(reviews(chance, number))
    add_past(rows, book(), chance)
    return rows


def reviews(chance: random.Random, number: int) -> Any:
    key = 0
    for branch in range(10, 10 + number):
        for standard, part, weight in (
            ("S02", chance.choice(["effect", "impression"]), 2_000_000),
            ("S03", "worth", 3_000_000),
        ):
            for run in (7, 8):
                if chance.random() < 0.6:
                    key += 1
                    yield {"id": key, "run_id": run, "branch_id": branch, "standard": standard, "part": part,
                           "applicable": int(chance.random() < 0.85),
                           "points_micro": chance.choice([0, weight, weight // 3])}  # fmt: skip
