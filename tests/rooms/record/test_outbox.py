"""The outbox: written with the act, sent once, tried again, never lost."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import transaction

from zhibu.record import outbox
from zhibu.record.models import Letter
from zhibu.register.models import Organisation

NOW = datetime(2026, 7, 20, 2, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return Organisation.objects.create(code="B", name="采矿党支部", kind="branch", path="0001")


def posted(branch, *keys, channel="email", now=NOW):
    with transaction.atomic():
        return outbox.post(
            [outbox.Message(key, channel, number, "标题", "正文") for number, key in enumerate(keys, 1)],
            subject=branch, organisation=branch, now=now,
        )  # fmt: skip


def states():
    return list(Letter.objects.order_by("id").values_list("state", "attempts"))


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.mark.django_db(transaction=True)
def test_only_within_an_act_and_with_it(branch):
    with pytest.raises(RuntimeError):
        outbox.post([outbox.Message("a", "email", 1, "t", "b")], subject=branch, organisation=branch, now=NOW)
    with transaction.atomic():
        posted(branch, "a")
        transaction.set_rollback(True)
    assert Letter.objects.count() == 0


def test_the_same_occasion_is_written_once(branch):
    assert posted(branch, "a", "b") == 2
    posted(branch, "a", channel="wecom")
    assert Letter.objects.count() == 2


def test_a_newer_letter_replaces_one_that_waits_but_not_one_that_went(branch):
    posted(branch, "a")
    outbox.deliver({"email": lambda letter: None}, Clock())
    posted(branch, "b")
    posted(branch, "c")
    assert [state for state, _attempts in states()] == ["sent", "replaced", "waiting"]


def test_sent_in_order_and_once(branch):
    posted(branch, "a", "b", "c")
    seen = []
    clock = Clock()
    assert outbox.deliver({"email": lambda letter: seen.append(letter.key)}, clock) == {"sent": 3}
    clock.now += timedelta(days=9)
    assert outbox.deliver({"email": lambda letter: seen.append(letter.key)}, clock) == {}
    assert seen == ["a", "b", "c"]


def test_refused_is_tried_again_later_and_later_and_then_said(branch):
    posted(branch, "a")
    clock, tried = Clock(), []

    def refuses(letter):
        tried.append(clock.now)
        raise outbox.NotSent("对方答复 500")

    for _hour in range(60):
        outbox.deliver({"email": refuses}, clock)
        clock.now += timedelta(hours=1)
    assert len(tried) == outbox.MOST_ATTEMPTS
    gaps = [later - earlier for earlier, later in pairwise(tried)]
    assert gaps == sorted(gaps)
    letter = Letter.objects.get()
    assert (letter.state, letter.error, letter.attempts) == ("failed", "对方答复 500", outbox.MOST_ATTEMPTS)
    assert [outbox.pause(number) for number in (1, 2, 3, 99)] == [
        timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4), outbox.LONGEST_PAUSE,
    ]  # fmt: skip
    assert outbox.again(Letter.objects.all(), clock.now) == 1
    assert outbox.deliver({"email": lambda letter: None}, clock) == {"sent": 1}


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (outbox.Unsure("断线"), "unsure"), (outbox.NoWay("没有邮箱"), "failed"), (ValueError("秘密"), "unsure"),
    ],
)  # fmt: skip
def test_what_may_have_arrived_or_cannot_is_never_tried_by_itself(branch, outcome, state):
    posted(branch, "a", "b")
    calls = []

    def way(letter):
        calls.append(letter.key)
        raise outcome

    clock = Clock()
    outbox.deliver({"email": way}, clock)
    clock.now += timedelta(days=3)
    outbox.deliver({"email": way}, clock)
    assert calls == ["a", "b"]
    assert states() == [(state, 1)] * 2
    assert "秘密" not in Letter.objects.first().error


def test_a_sender_that_died_leaves_it_unsure(branch):
    posted(branch, "a")
    assert outbox.claim(NOW).key == "a"
    assert outbox.claim(NOW) is None
    clock = Clock()
    assert outbox.deliver({}, clock) == {}
    clock.now += timedelta(hours=1)
    assert outbox.deliver({}, clock) == {"unsure": 1}
    assert states() == [("unsure", 1)]


def test_a_channel_nobody_serves(branch):
    posted(branch, "a", channel="pigeon")
    assert outbox.deliver({}, Clock()) == {"failed": 1}
