"""The command line: the first operator, and what is forgotten when."""

from datetime import timedelta
from io import StringIO

import pytest
from axes.models import AccessFailureLog, AccessLog
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.rooms.accounts.conftest import PASSWORD
from zhibu.accounts.models import SignIn, User
from zhibu.record.models import Entry, Submission

pytestmark = pytest.mark.django_db


def run(*words, **options):
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue().strip()


def test_the_first_operator_and_the_way_back_in(client):
    first = run("operator", "管理员")
    made = User.objects.get()
    assert (made.is_operator, made.must_change_password, made.check_password(first)) == (True, True, True)
    second = run("operator", "管理员")
    made.refresh_from_db()
    assert made.check_password(second)
    assert client.post("/sign-in/", {"login": "管理员", "password": second}).status_code == 302
    told = list(Entry.objects.order_by("id").values_list("act", "actor_name", "organisation_id"))
    assert told == [("accounts.create_account", "系统", 0), ("accounts.reset_password", "系统", 0)]


def test_the_command_touches_no_account_but_an_operator_s(account):
    zhao = account("赵党员")
    with pytest.raises(CommandError, match="not an operator"):
        run("operator", "赵党员")
    with pytest.raises(CommandError, match="手机号"):
        run("operator", "13812345678")
    assert User.objects.get(pk=zhao.pk).check_password(PASSWORD)


def test_what_has_been_kept_long_enough_is_forgotten_and_nothing_else(client, account):
    account("赵党员")
    client.post("/sign-in/", {"login": "赵党员", "password": "wrong"})
    client.post("/sign-in/", {"login": "赵党员", "password": PASSWORD})
    Submission.objects.create(token="t", user=1, at=timezone.now())
    kept = (AccessLog, AccessFailureLog, SignIn, Submission)

    def left(days):
        run("forget", now=(timezone.now() + timedelta(days=days)).isoformat())
        return [model.objects.count() for model in kept]

    assert left(0) == [1, 1, 1, 1]
    assert left(3) == [1, 1, 0, 0]
    assert left(199) == [1, 1, 0, 0]
    assert left(201) == [0, 0, 0, 0]


def test_a_log_is_never_kept_for_less_than_six_months(settings):
    assert settings.ZHIBU_LOG_DAYS >= 184
