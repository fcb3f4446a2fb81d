"""One's own page: what is known of me, who looked, where I am signed in."""

import json
from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from zhibu import record
from zhibu.accounts import queries
from zhibu.accounts.models import SignIn, User
from zhibu.record.models import Entry

NOW = datetime(2026, 7, 3, 8, 30, tzinfo=UTC)


@pytest.fixture
def zhao(account):
    return account("赵党员")


def look(tree, account, whose="赵党员"):
    li = queries.actor_for(account("李书记"), date(2026, 7, 3))
    with transaction.atomic():
        record.write(
            li,
            "register.reveal",
            tree.people[whose],
            organisation=tree.a,
            now=NOW,
            field="phone",
            reason="通知开会",
        )


def test_my_page_shows_who_looked_at_my_data_and_not_who_looked_at_others(tree, account, zhao, as_user):
    look(tree, account)
    page = as_user(zhao).get("/accounts/me/").content.decode()
    assert "李书记" in page
    assert "通知开会" in page
    assert "通知开会" not in as_user(account("钱外人")).get("/accounts/me/").content.decode()


@pytest.mark.parametrize("name", ["周积极", "管理员", "无人"])
def test_everyone_has_a_page_even_without_any_right(tree, account, as_user, name):
    assert as_user(account(name, is_operator=name == "管理员")).get("/accounts/me/").status_code == 200


def test_i_take_my_data_away(tree, account, zhao, as_user):
    look(tree, account)
    answer = as_user(zhao).get("/accounts/me/data/")
    assert answer["Content-Disposition"] == 'attachment; filename="my-data.json"'
    told = json.loads(answer.content)
    assert set(told) == {"account", "sign_ins", "person", "memberships", "posts", "looks", "acts"}
    assert told["memberships"] == [
        {"organisation": "采矿一队党支部", "stage": "full_member", "since": "2020-01-01", "until": None}
    ]
    assert told["looks"] == [
        {
            "at": "2026-07-03T08:30:00+00:00",
            "by": "李书记",
            "post": "secretary",
            "field": "phone",
            "reason": "通知开会",
        }
    ]


def test_i_end_my_other_sign_ins_and_stay(zhao, as_user, account):
    here, there, other = as_user(zhao), as_user(zhao), as_user(account("李书记"))
    for browser in (here, there, other):
        assert browser.get("/accounts/me/").status_code == 200
    assert here.post("/accounts/me/sign-ins/").status_code == 302
    assert [browser.get("/accounts/me/").status_code for browser in (here, there, other)] == [200, 302, 200]
    assert SignIn.objects.filter(user_id=zhao.pk).count() == 1
    assert Entry.objects.get().act == "accounts.end_sign_ins"


def test_the_list_of_sign_ins_names_the_device_in_a_word(client, zhao):
    agent = "Mozilla/5.0 (Linux; Android 14; 22127RK46C) AppleWebKit/537.36 MicroMessenger/8.0"
    client.post(
        "/sign-in/", {"login": "赵党员", "password": "Kuangshan-2026-kaihui"}, headers={"User-Agent": agent}
    )
    assert list(SignIn.objects.values_list("device", flat=True)) == ["MicroMessenger"]
    assert "微信" in client.get("/accounts/me/").content.decode()


def test_my_language_follows_me(client, zhao, as_user):
    browser = as_user(zhao)
    answer = browser.post("/accounts/me/language/", {"language": "en"})
    assert answer.cookies["django_language"].value == "en"
    assert User.objects.get(pk=zhao.pk).language == "en"
    browser.post("/accounts/me/language/", {"language": "xx"})
    assert User.objects.get(pk=zhao.pk).language == "en"
    signed = client.post("/sign-in/", {"login": "赵党员", "password": "Kuangshan-2026-kaihui"})
    assert signed.cookies["django_language"].value == "en"


@pytest.mark.parametrize("path", ["me/language/", "me/sign-ins/"])
def test_what_changes_something_is_not_done_by_a_link(zhao, as_user, path):
    assert as_user(zhao).get(f"/accounts/{path}").status_code == 405
