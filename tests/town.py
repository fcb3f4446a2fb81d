"""Fixtures of rooms that work in the small township of tests.people."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.people import Township, township

NOW = datetime(2026, 7, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def town(db: Any) -> Township:
    return township()


@pytest.fixture
def big_town(db: Any) -> Callable[[int], Township]:
    return lambda members: township(members=members)


@pytest.fixture
def enter(client: Any, settings: Any) -> Callable[[Any], Any]:
    """A client signed in as someone, on the day of NOW."""
    settings.ZHIBU_TODAY = NOW.date().isoformat()

    def sign_in(person: Any) -> Any:
        from zhibu.accounts.models import User

        user = User.objects.filter(person=person).first() or User.objects.create_user(
            person.name, person=person
        )
        client.force_login(user, backend="zhibu.accounts.backends.PhoneOrName")
        return client

    return sign_in
