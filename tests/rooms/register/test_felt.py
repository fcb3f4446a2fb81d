"""The watch over what acts write finds an act that writes where nobody is told."""

import pytest
from django.conf import settings
from django.db import transaction

from tests.people import township
from zhibu import record
from zhibu.core.authority import Actor
from zhibu.life.models import Session

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("sqlite" not in settings.DATABASES["default"]["ENGINE"], reason="watched on SQLite"),
]
ACTOR = Actor(user=1, person=None, name="李书记", mandates=())


@pytest.fixture
def told(felt_by):
    """What was found since the last reading; the fixture of every test would fail it."""

    def read():
        found, felt_by.found = sorted(set(felt_by.found)), []
        return found

    return read


def plan(branch, act="life.plan", **at):
    with transaction.atomic():
        Session.objects.create(
            organisation=branch, kind="general_meeting", title="x", planned_on="2026-07-20"
        )
        record.write(ACTOR, act, None, organisation=at.pop("at", branch), **at)


def test_a_row_of_another_place_and_of_another_room(told):
    town = township()
    here, beside = town.mining, town.depot
    told()
    plan(here)
    plan(here, at=town.committee)
    plan(beside, at=here, also=[beside])
    assert told() == []
    plan(beside, at=here)
    assert told() == ["life.plan inserts zb_session.organisation_id of a place without an entry of life"]
    plan(here, act="dues.charge")
    assert told() == ["dues.charge inserts zb_session: no act of the room life"]
    # an act of the room, and an act at the place, but none that is both
    with transaction.atomic():
        record.write(ACTOR, "dues.charge", None, organisation=beside)
        plan(beside, at=here)
    assert told() == [
        "dues.charge+life.plan inserts zb_session.organisation_id of a place without an entry of life"
    ]
