"""Whatever is tried in whatever order, an undertaking goes its way: one end, with proof, not confirmed by its owner."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import township
from tests.rooms.undertakings.doings import undertaken
from zhibu.core.refusal import Refused
from zhibu.record.models import Entry
from zhibu.undertakings import actions
from zhibu.undertakings.models import Step, Undertaking

NOW = datetime(2026, 7, 16, 2, 0, tzinfo=UTC)
ACTS = ("report_progress", "report_done", "close", "send_back", "give_up", "extend", "hand_over")
WAYS = {
    "open": {"report_progress": "open", "report_done": "done", "give_up": "given_up", "extend": "open", "hand_over": "open"},
    "done": {"close": "closed", "send_back": "open", "give_up": "given_up", "extend": "done", "hand_over": "done"},
    "closed": {},
    "given_up": {},
}  # fmt: skip


def words(act, town, row, number):
    """What each act is told."""
    return {
        "report_progress": {"text": "一半"},
        "report_done": {"result": "好了"},
        "close": {},
        "send_back": {"reason": "没好"},
        "give_up": {"reason": "不办了"},
        "extend": {"reason": "等件", "due_on": (row.due_on or NOW.date()) + timedelta(days=number + 1)},
        "hand_over": {"reason": "调班", "owner": town.people[("zhao", "wang", "chen")[number % 3]].pk},
    }[act]


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    tried=st.lists(
        st.tuples(st.sampled_from(ACTS), st.sampled_from(("li", "wang", "zhao", "chen", "qian")), st.integers(0, 20)),
        min_size=1, max_size=14,
    )
)  # fmt: skip
def test_its_way(tried):
    from django.db import transaction

    with transaction.atomic():
        town = township()
        row = undertaken(town, NOW)
        done = 1
        for act, who, number in tried:
            row = Undertaking.objects.get(pk=row.pk)
            before, owner, actor = row.state, row.owner_id, getattr(town, who)
            try:
                getattr(actions, act)(
                    actor, undertaking=row, now=NOW + timedelta(days=number), **words(act, town, row, number)
                )
            except Refused:
                assert Undertaking.objects.get(pk=row.pk).version == row.version
                continue
            done += 1
            row = Undertaking.objects.get(pk=row.pk)
            assert WAYS[before][act] == row.state
            assert who != "qian"
            assert act in {"report_progress", "report_done"} or actor.person != owner
        _holds(row, done)
        transaction.set_rollback(True)


def _holds(row, done):
    assert (row.ended_on is not None) == (row.state in {"closed", "given_up"})
    assert (row.state not in {"closed", "done"}) or bool(row.result and row.done_on)
    assert row.in_time == int(row.state == "closed" and row.done_on <= row.due_on)
    assert row.due_on >= row.first_due_on
    assert (row.due_on > row.first_due_on) == (row.extensions > 0)
    assert (Step.objects.count(), Entry.objects.count(), row.version) == (done, done, done)
