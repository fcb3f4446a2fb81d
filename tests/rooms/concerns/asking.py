"""A survey of the Mining branch, and how it is answered on a phone."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from zhibu.concerns import actions
from zhibu.core.refusal import Refused
from zhibu.notices.throttle import Throttle
from zhibu.register.models import Post

CLOSES = date(2026, 7, 27)


@pytest.fixture(autouse=True)
def _own_boxes(settings: Any, tmp_path: Any) -> None:
    settings.ZHIBU_PAPERS = tmp_path / "papers"
    Throttle.forget_all()


@pytest.fixture
def who(town: Any) -> Any:
    Post.objects.create(
        person=town.people["chen"], organisation=town.mining, kind="committee_member", since=date(2020, 1, 1),
        known_at=1,
    )  # fmt: skip
    return town.actors


@pytest.fixture
def survey(town: Any, who: Any, now: Any, settings: Any) -> Any:
    settings.ZHIBU_TODAY = now.date().isoformat()
    return opened(town, who, now)


def opened(town: Any, who: Any, now: Any, **more: Any) -> Any:
    values: dict[str, Any] = {"kind": "mood", "audience": "everyone", "closes_on": CLOSES} | more
    return actions.open_survey(who["li"], organisation=town.mining, now=now, **values)


def refused(call: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        call()
    return [each.code for each in caught.value.refusals]


def token_of(client: Client, survey: Any) -> str:
    page = client.get(f"/survey/{survey.code}/").content.decode()
    return page.split('name="token" value="')[1].split('"')[0]


def answer(client: Client, survey: Any, token: str = "", **given: Any) -> Any:
    given = {
        f"q-{name}" if name not in ("group", "slip", "noticed") else name: value
        for name, value in given.items()
    }
    return client.post(f"/survey/{survey.code}/", given | {"token": token or token_of(client, survey)})


def later(now: Any, days: int) -> Any:
    return now + timedelta(days=days)
