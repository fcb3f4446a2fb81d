"""A committee with two neighbours, and the clean roster below it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from zhibu.core.authority import Actor, Mandate, Reach
from zhibu.register import actions, imports
from zhibu.register.models import Organisation

DATA = Path(__file__).parents[2] / "data"
TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 16, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def officer_at(organisation: Organisation, *verbs: str) -> Actor:
    """The officer of a committee, without a person behind."""
    granted = frozenset(verbs or ("register.*",))
    mandate = Mandate("committee_officer", organisation.pk, organisation.path, granted, Reach.BELOW)
    return Actor(1, None, "组织员孙", (mandate,))


def sample(name: str) -> tuple[bytes, dict[str, Any]]:
    """A sample roster and what it should give."""
    return (DATA / f"{name}.xlsx").read_bytes(), json.loads(
        (DATA / f"{name}.expected.json").read_text("utf-8")
    )


def import_file(organisation: Organisation, data: bytes, **more: Any) -> imports.Report:
    return actions.import_roster(
        more.pop("actor", None) or officer_at(organisation),
        organisation=organisation, data=data, filename="名册.xlsx", today=TODAY, now=NOW, **more,
    )  # fmt: skip


@pytest.fixture
def committee(db: Any) -> Organisation:
    return Organisation.objects.create(
        code="001", name="第三分公司党委", kind="primary_committee", unit_type="production", path="0001"
    )


@pytest.fixture
def imported(committee: Organisation) -> imports.Report:
    """The clean roster, imported."""
    return import_file(committee, sample("roster-clean")[0])


@pytest.fixture
def enter(client: Any, settings: Any, django_user_model: Any) -> Callable[..., Any]:
    """A client signed in as the holder of a post, on TODAY."""
    settings.ZHIBU_TODAY = TODAY.isoformat()
    settings.ZHIBU_SECOND_FACTOR = "none"

    def sign_in(person: Any = None, *, operator: bool = False) -> Any:
        name = person.name if person else "管理员"
        user = django_user_model.objects.create_user(name, person=person, is_operator=operator)
        client.force_login(user, backend="zhibu.accounts.backends.PhoneOrName")
        return client

    return sign_in


@pytest.fixture
def officer(committee: Organisation) -> Any:
    """A person who is officer of the committee."""
    from zhibu.register.models import Person, Post

    person = Person.objects.create(name="孙组织", pinyin="sunzuzhi", initials="szz")
    Post.objects.create(
        organisation=committee, person=person, kind="committee_officer", since=date(2020, 1, 1)
    )
    return person
