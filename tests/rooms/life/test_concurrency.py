"""Many at once: closed once, edited once, imported once."""

import threading
from datetime import date

import pytest
from django.db import connection

from tests.people import township
from zhibu.core.refusal import Refused
from zhibu.life import actions
from zhibu.life.models import Session
from zhibu.life.told import Held
from zhibu.record.models import Entry
from zhibu.ui.doors import Stale

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def at_once(*works):
    """Run at the same moment in threads of their own; each answer or exception."""
    gate, answers = threading.Barrier(len(works)), [None] * len(works)

    def run(number, work):
        gate.wait()
        try:
            answers[number] = work()
        except (Refused, Stale) as error:
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.fixture
def held(transactional_db, now):
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip(
            "threads share one connection to a database in memory; run on PostgreSQL, or with a live server"
        )
    town = township()
    session = actions.record(
        town.li,
        organisation=town.mining,
        kind="general_meeting",
        held=Held(date(2026, 7, 10)),
        now=now,
        close=False,
    )
    return town, session


def test_closed_once(held, now):
    town, session = held
    answers = at_once(
        *[
            lambda who=who: actions.close_minutes(who, session=session, now=now)
            for who in (town.li, town.wang, town.li)
        ]
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Refused", "Refused", "Session"]
    assert Entry.objects.filter(act="life.close_minutes").count() == 1


def test_edited_by_one_of_two(held, now):
    town, session = held
    values = {
        "session": session,
        "version": session.version,
        "title": "t",
        "place": "",
        "agenda": [],
        "now": now,
    }
    answers = at_once(
        lambda: actions.edit_minutes(town.li, minutes="李", **values),
        lambda: actions.edit_minutes(town.wang, minutes="王", **values),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Session", "Stale"]
    assert Session.objects.get(pk=session.pk).version == session.version + 1
