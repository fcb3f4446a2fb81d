"""Fixtures of the ballots: a township whose people may vote, and ballots opened in it."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.people import Township, township
from zhibu.core.authority import Mandate, Reach

NOW = datetime(2026, 7, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MEMBER = frozenset(
    f"ballots.{each}" for each in ("view", "take_ticket", "cast_named", "register_key", "enter_tally")
)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(autouse=True)
def boxes(settings: Any, tmp_path: Any) -> Any:
    """Boxes of secret votes lie in a folder of the test's own."""
    settings.ZHIBU_PAPERS = tmp_path / "papers"
    return settings.ZHIBU_PAPERS


def granted(town: Township) -> Township:
    """The township with the mandates of ballots: the branch's officers run them, members vote."""
    for name, actor in list(town.actors.items()):
        place = town.depot if name == "qian" else town.mining
        verbs = frozenset({"ballots.*"}) if name in {"li", "wang", "qian"} else MEMBER
        reach = Reach.OWN
        extra = Mandate("secretary", place.pk, place.path, verbs, reach)
        town.actors[name] = replace(actor, mandates=(*actor.mandates, extra))
    return town


@pytest.fixture
def town(db: Any) -> Township:
    return granted(township())


@pytest.fixture
def big_town(db: Any) -> Any:
    return lambda members: granted(township(members=members))
