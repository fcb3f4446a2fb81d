"""Accounts for many at once, handed out on slips of paper."""

import re
from datetime import UTC, date, datetime

import pytest

from zhibu.accounts import actions, queries
from zhibu.accounts.models import User
from zhibu.record.models import Entry
from zhibu.register.models import Person
from zhibu.register.secrets import seal_phone

NOW = datetime(2026, 7, 3, 8, 30, tzinfo=UTC)
TODAY = date(2026, 7, 3)
TOGETHER, SLIPS, CHOOSE = "/accounts/new/together/", "/accounts/new/slips/", "/accounts/new/"


@pytest.fixture
def sun(account):
    return account("孙组织员")


def listed(browser, **asked):
    page = browser.get(CHOOSE, asked).content.decode()
    return re.findall(r'name="person" value="\d+" aria-label="([^"]+)"', page)


@pytest.mark.parametrize("name", ["李书记", "赵党员", "周积极", "吴党委书记"])
def test_others_cannot(account, as_user, tree, name):
    browser = as_user(account(name))
    assert browser.post(TOGETHER, {"person": [tree.people["陈预备"].pk]}).status_code == 404
    assert browser.get(SLIPS).status_code == 404
    assert User.objects.count() == 1


def test_whoever_holds_a_post_comes_first_and_a_branch_is_found_by_its_name(tree, sun, as_user):
    browser = as_user(sun)
    assert listed(browser) == ["吴党委书记", "李书记", "钱外人"]
    assert listed(browser, who="all") == ["吴党委书记", "周积极", "李书记", "赵党员", "钱外人", "陈预备"]
    assert listed(browser, q="采矿二队") == ["钱外人"]
    page = browser.get(CHOOSE, {"q": "李书记"}).content.decode()
    assert re.findall(r'<td class="zb-wrap"[^>]*>([^<]+)</td>', page) == [
        "采矿一队党支部 书记 · 采矿一队党支部 正式党员"
    ]


def test_those_ticked_get_an_account_and_a_slip_each_and_nobody_else_does(tree, sun, as_user):
    browser, people = as_user(sun), tree.people
    stranger = Person.objects.create(name="路人")
    ticked = [people["赵党员"].pk, people["陈预备"].pk, people["孙组织员"].pk, stranger.pk, "x", "9" * 30]
    sent = {"person": ticked, "zb_token": "one"}
    assert browser.post(TOGETHER, sent)["Location"] == SLIPS
    assert browser.post(TOGETHER, sent)["Location"] == SLIPS, "the second click makes nobody anew"
    made = User.objects.exclude(pk=sun.pk).order_by("username")
    assert [(each.username, each.must_change_password) for each in made] == [
        ("赵党员", True),
        ("陈预备", True),
    ]
    assert Entry.objects.filter(act="accounts.create_account").count() == 2
    page = browser.get(SLIPS)
    passwords = re.findall(r"<code>([a-z2-9-]{14})</code>", page.content.decode())
    assert [each.check_password(password) for each, password in zip(made, passwords, strict=True)] == [
        True
    ] * 2
    assert "no-store" in page["Cache-Control"]
    assert not [each for each in passwords if each in str(browser.session.items())], "sealed while it waits"
    assert "待发放的密码 2 张" in browser.get(CHOOSE).content.decode()
    assert browser.post(SLIPS)["Location"] == CHOOSE
    assert "没有待发放的密码" in browser.get(SLIPS).content.decode()


def test_all_or_none(tree, sun, as_user, monkeypatch):
    """The name one of them takes belongs to somebody else by then."""
    monkeypatch.setattr(queries, "free_sign_in", lambda _person: ("同一个名字", ""))
    answer = as_user(sun).post(TOGETHER, {"person": [tree.people["赵党员"].pk, tree.people["陈预备"].pk]})
    assert "该登录名已被使用" in answer.content.decode()
    assert (User.objects.count(), Entry.objects.filter(act="accounts.create_account").count()) == (1, 0)


def test_the_second_of_two_clicks_at_once_leaves_out_whom_the_first_has(tree, sun, as_user, monkeypatch):
    people = [tree.people["赵党员"], tree.people["陈预备"]]
    once, actor = queries.people_chosen, queries.actor_for(sun, TODAY)

    def overtaken(*asked):
        found = once(*asked)
        if not User.objects.filter(person=people[0]).exists():
            actions.create_account(actor, person=people[0], username="赵党员", now=NOW, today=TODAY)
        return found

    monkeypatch.setattr(queries, "people_chosen", overtaken)
    browser = as_user(sun)
    assert browser.post(TOGETHER, {"person": [each.pk for each in people]})["Location"] == SLIPS
    page = browser.get(SLIPS).content.decode()
    assert re.findall(r"<h2>([^<]+)</h2>", page) == ["陈预备"]


def test_a_slip_goes_when_its_password_is_set_anew(tree, sun, as_user):
    browser = as_user(sun)
    browser.post(TOGETHER, {"person": [tree.people["赵党员"].pk, tree.people["陈预备"].pk]})
    zhao, chen = User.objects.get(username="赵党员"), User.objects.get(username="陈预备")
    actions.reset_password(queries.actor_for(sun, TODAY), account=zhao, now=NOW, today=TODAY)
    page = browser.get(SLIPS).content.decode()
    assert re.findall(r"<h2>([^<]+)</h2>", page) == [chen.username]


def test_nobody_ticked_is_said(tree, sun, as_user):
    answer = as_user(sun).post(TOGETHER, {"person": []}, follow=True)
    assert "没有选人，请勾选后再设立。" in answer.content.decode()


def test_a_name_somebody_has_gets_a_number_and_a_taken_number_is_left_out(tree, sun):
    zhao = tree.people["赵党员"]
    zhao.phone_sealed, zhao.phone_index = seal_phone("13812345678")
    zhao.save()
    assert queries.free_sign_in(zhao) == ("赵党员", "13812345678")
    actor = queries.actor_for(sun, TODAY)
    actions.create_account(actor, person=zhao, username="赵党员", phone="13812345678", now=NOW, today=TODAY)
    same = Person.objects.create(name="赵党员", phone_sealed=zhao.phone_sealed)
    assert queries.free_sign_in(same) == ("赵党员2", "")
