from typing import Any

import pytest

from tests.rooms.assessment.company import NOW, QUARTER, TODAY, company
from zhibu.assessment import actions
from zhibu.assessment.judgements import Judgement


@pytest.fixture
def firm(db: Any) -> Any:
    return company()


@pytest.fixture
def run(firm: Any) -> Any:
    """The quarter opened by the group's officer."""
    found, _cautions = actions.open_run(
        firm.actor("officer"), organisation=firm.group, quarter=QUARTER, today=TODAY, now=NOW
    )
    return found


@pytest.fixture
def judge(firm: Any, run: Any) -> Any:
    """Gives points to a part of a branch: judge("e1", "S08", "spirit", 100)."""

    def give(branch: str, standard: str, part: str, points: Any, who: str = "officer", **fields: Any) -> int:
        return actions.review(
            firm.actor(who), run=run, branch=firm.places[branch], now=NOW,
            judgements=[Judgement(standard, part, points, **fields)],
        )  # fmt: skip

    return give


@pytest.fixture
def published(firm: Any, run: Any) -> Any:
    return actions.publish(firm.actor("officer"), run=run, today=TODAY, now=NOW)[0]


@pytest.fixture
def enter(client: Any, settings: Any, firm: Any) -> Any:
    """A client signed in as someone of the company, on TODAY."""
    settings.ZHIBU_TODAY = TODAY.isoformat()

    def sign_in(name: str) -> Any:
        client.force_login(firm.user(name), backend="zhibu.accounts.backends.PhoneOrName")
        return client

    return sign_in
