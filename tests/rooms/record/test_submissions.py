"""The token of a form: one act, one answer."""

from datetime import UTC, datetime, timedelta

import pytest

from zhibu.record import submissions
from zhibu.record.models import Submission

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 3, 8, 30, tzinfo=UTC)


def send(token, user, url):
    """The address of the answer before, if there was one; the form is acted on when a `url` is given."""
    with submissions.hold(token, user, NOW) as held:
        if held.before is None:
            held.url = url
        return held.before


def test_the_second_submission_gets_the_first_answer():
    assert send("t", 7, "/life/sessions/3/") is None
    assert send("t", 7, "/another/") == "/life/sessions/3/"


def test_a_form_that_was_not_acted_on_may_be_sent_again_and_leaves_nothing_behind():
    with submissions.hold("t", 7, NOW):
        Submission.objects.create(token="something the view wrote", user=7, at=NOW)
    assert Submission.objects.count() == 0
    with pytest.raises(ZeroDivisionError), submissions.hold("t", 7, NOW):
        _ = 1 / 0
    assert send("t", 7, "/a/") is None


def test_a_token_belongs_to_its_user():
    assert send("t", 7, "/a/") is None
    assert send("t", 8, "/b/") is None


def test_old_answers_are_forgotten():
    with submissions.hold("old", 7, NOW - timedelta(days=3)) as held:
        held.url = "/a/"
    with submissions.hold("new", 7, NOW) as held:
        held.url = "/b/"
    assert submissions.forget(NOW) == 1
    assert list(Submission.objects.values_list("token", flat=True)) == ["new"]
