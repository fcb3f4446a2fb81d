"""Fixtures of the room of procedures: the small township, and a procedure of the rulebook's own excerpt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.people import actor
from tests.town import big_town, enter, now, town  # noqa: F401 - fixtures
from zhibu import rulebook
from zhibu.core.authority import Reach
from zhibu.procedures import actions
from zhibu.procedures.told import Told
from zhibu.register.models import Person

SHANGHAI = ZoneInfo("Asia/Shanghai")
OF_THE_BRANCH = frozenset({"procedures.*", "notices.*", "life.*"})
BRANCH_VERBS = frozenset(
    f"procedures.{each}"
    for each in (
        "view", "open_case", "take_step", "publish", "reverse_step", "suspend", "resume", "extend", "end_case",
        "attach_paper", "export_case",
    )
)  # fmt: skip
ABOVE = frozenset({"procedures.*", "register.view"})


@pytest.fixture(autouse=True)
def trial(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The procedure `trial`, which only this overlay brings: what the room does, it does for any file."""
    monkeypatch.setenv(rulebook.OVERLAYS_VARIABLE, str(Path(__file__).parent / "trial"))
    yield
    monkeypatch.undo()


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


@pytest.fixture
def cast(town: Any) -> Any:  # noqa: F811 - the fixture above
    """Who acts: Secretary Li of Mining, Secretary Qian of Depot, Officer Sun of the township committee."""
    town.committee.can_approve = 1
    town.committee.save()
    named = town.people
    town.actors |= {
        "li": actor(named["li"], "secretary", town.mining, BRANCH_VERBS | {"notices.*", "life.*"}),
        "wang": actor(named["wang"], "publicity_officer", town.mining, frozenset({"procedures.view"})),
        "qian": actor(named["qian"], "secretary", town.depot, BRANCH_VERBS | {"notices.*", "life.*"}),
        "sun": actor(named["sun"], "committee_officer", town.committee, ABOVE, Reach.BELOW),
    }
    return town


@pytest.fixture
def take(cast: Any) -> Callable[..., Any]:
    """Take a step, entered on its own day unless `entered` says otherwise."""

    def take_(
        case: Any, step: str, on: date, *, who: Any = None, entered: date | None = None, **told: Any
    ) -> Any:
        role_above = told.get("role") in ("superior", "approving") or told.get("reply")
        act = actions.reply if role_above else actions.take_step
        by = who or (cast.sun if role_above else cast.li)
        day = entered or told.get("until") or on
        return act(by, case=case, step=step, told=Told(on=on, **told), now=at(day))

    return take_


@pytest.fixture
def applicant(cast: Any) -> Person:
    """An applicant of Mining since 2024-01-02, born 1990."""
    from tests.people import person

    found = person("孙申请", "ssq", cast.mining, stage="applicant", since=date(2024, 1, 2))
    found.born_on = date(1990, 5, 1)
    found.save()
    return found
