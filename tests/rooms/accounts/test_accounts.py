"""Accounts of others: who may make, reset and shut them, and what is kept of it."""

import re
from datetime import UTC, date, datetime

import pytest

from tests.rooms.accounts.conftest import LONG_AGO, PASSWORD
from zhibu.accounts import actions, queries
from zhibu.accounts.models import SignIn, User
from zhibu.core.refusal import Refused
from zhibu.record.models import Entry
from zhibu.register.models import Membership, Person, Post
from zhibu.register.secrets import seal_phone

NOW = datetime(2026, 7, 3, 8, 30, tzinfo=UTC)
TODAY = date(2026, 7, 3)
CLOCK = {"now": NOW, "today": TODAY}


def actor(user):
    return queries.actor_for(user, TODAY)


def codes(call, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return refused.value.codes


# --- making ---------------------------------------------------------------------------------------------


@pytest.fixture
def sun(account):
    return account("孙组织员")


def test_only_an_operator_makes_operators(tree, sun, operator):
    make = {"username": "新管理员", "is_operator": True, **CLOCK}
    assert codes(actions.create_account, actor(sun), **make) == ("account.operator",)
    made, _password = actions.create_account(actor(operator), **make)
    assert made.is_operator


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"username": "孙组织员"}, ("account.name_taken",)),
        ({"username": "孫组织员 "}, None),
        ({"username": "13900001111"}, ("account.name_is_phone",)),
        ({"username": " "}, ("account.no_name",)),
        ({"phone": "12345"}, ("account.phone",)),
        ({"phone": "13812345678"}, ("account.phone_taken",)),
        ({"person": None}, ("account.no_person",)),
    ],
)
def test_what_an_account_cannot_be(tree, sun, fields, expected):
    User.objects.filter(pk=sun.pk).update(phone_index=queries.phone_key("13812345678"))
    make = {"username": "赵党员", "person": tree.people["赵党员"], **CLOCK, **fields}
    if expected:
        assert codes(actions.create_account, actor(sun), **make) == expected
        assert User.objects.count() == 1
    else:
        assert actions.create_account(actor(sun), **make)[0].username == fields["username"].strip()


def test_a_new_account_signs_in_with_its_one_time_password_only(tree, sun, client):
    zhao = tree.people["赵党员"]
    made, password = actions.create_account(
        actor(sun), username="赵党员", person=zhao, phone="138 1234 5678", **CLOCK
    )
    assert re.fullmatch(r"([a-hjkmnp-z2-9]{4}-){2}[a-hjkmnp-z2-9]{4}", password)
    assert made.must_change_password
    entry = Entry.objects.get()
    assert (entry.act, entry.organisation_id, entry.actor_name) == (
        "accounts.create_account",
        tree.a.pk,
        "孙组织员",
    )
    assert entry.values == f'{{"operator":false,"person":{zhao.pk},"username":"赵党员"}}'
    assert client.post("/sign-in/", {"login": "13812345678", "password": password})["Location"] == "/"
    assert codes(actions.create_account, actor(sun), username="赵二", person=zhao, **CLOCK) == (
        "account.exists",
    )


def test_without_a_password_nobody_signs_in(account, tree):
    made = User.objects.create_user("无密码")
    assert not made.has_usable_password()
    assert not made.check_password("")
    with pytest.raises(ValueError, match="name"):
        User.objects.create_user("  ")


# --- through the pages -----------------------------------------------------------------------------------


def test_from_the_list_of_people_to_the_password_shown_once(tree, sun, as_user):
    zhao = tree.people["赵党员"]
    zhao.phone_sealed, zhao.phone_index = seal_phone("13812345678")
    zhao.save()
    browser = as_user(sun)
    page = browser.get("/accounts/new/", {"q": "赵"}).content.decode()
    assert f'href="/accounts/new/{zhao.pk}/"' in page
    form = browser.get(f"/accounts/new/{zhao.pk}/").content.decode()
    assert 'value="赵党员"' in form
    assert "138****5678" in form
    assert "13812345678" not in form
    token = re.search(r'name="zb_token" value="([^"]+)"', form)[1]
    sent = {"username": "赵党员", "use_phone": "on", "zb_token": token}
    answer = browser.post(f"/accounts/new/{zhao.pk}/", sent)
    made = User.objects.get(person=zhao)
    assert answer["Location"] == f"/accounts/{made.pk}/"
    assert browser.post(f"/accounts/new/{zhao.pk}/", sent)["Location"] == f"/accounts/{made.pk}/"
    assert User.objects.filter(person=zhao).count() == 1
    assert re.search(r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}", browser.session["zb_handover"][1]) is None
    shown = browser.get(answer["Location"]).content.decode()
    password = re.search(r'<code class="zb-once">([^<]+)</code>', shown)[1]
    assert made.check_password(password)
    assert password not in browser.get(answer["Location"]).content.decode()


def test_a_refused_form_keeps_what_was_typed(tree, sun, as_user):
    answer = as_user(sun).post(
        f"/accounts/new/{tree.people['赵党员'].pk}/", {"username": "孙组织员", "phone": ""}
    )
    assert answer.status_code == 409
    assert "该登录名已被使用。" in answer.content.decode()
    assert 'value="孙组织员"' in answer.content.decode()


@pytest.mark.parametrize("name", ["李书记", "赵党员", "周积极", "吴党委书记"])
def test_others_see_no_accounts_at_all(account, sun, as_user, name):
    browser = as_user(account(name))
    for path in ("/accounts/", "/accounts/new/", "/accounts/new/operator/", f"/accounts/{sun.pk}/"):
        assert browser.get(path).status_code == 404, path
    for path in ("password", "deactivate", "reactivate"):
        assert browser.post(f"/accounts/{sun.pk}/{path}/").status_code == 404, path


@pytest.fixture
def elsewhere(tree, account):
    """A person, an account and an officer under another committee."""
    from zhibu.register.models import Organisation

    other = Organisation.objects.create(code="D", name="另一党委", kind="primary_committee", path="0002")
    stranger = tree.people["另一个人"] = Person.objects.create(name="另一个人")
    Membership.objects.create(person=stranger, organisation=other, stage="full_member", since=LONG_AGO)
    Post.objects.create(person=stranger, organisation=other, kind="committee_officer", since=LONG_AGO)
    return account("另一个人")


def test_an_officer_sees_the_own_part_of_the_tree_only(tree, sun, account, operator, elsewhere, as_user):
    zhao, li = account("赵党员"), account("李书记")
    page = as_user(sun).get("/accounts/").content.decode()
    assert [name in page for name in ("赵党员", "李书记", "孙组织员", "管理员</a>", "另一个人")] == [
        True,
        True,
        True,
        False,
        False,
    ]
    browser = as_user(sun)
    assert browser.get(f"/accounts/{zhao.pk}/").status_code == 200
    for hidden in (elsewhere, operator):
        assert browser.get(f"/accounts/{hidden.pk}/").status_code == 404
        assert browser.post(f"/accounts/{hidden.pk}/password/").status_code == 404
    assert browser.get(f"/accounts/new/{elsewhere.person_id}/").status_code == 404
    assert li.pk in {row.id for row in queries.accounts(actor(operator), TODAY)}
    assert len(list(queries.accounts(actor(operator), TODAY))) == 5
    assert [row.username for row in queries.accounts(actor(sun), TODAY, search="赵")] == ["赵党员"]
    assert [row.username for row in queries.accounts(actor(operator), TODAY, state="operator")] == ["管理员"]


def test_nobody_resets_the_password_of_someone_who_may_do_more(tree, sun, account):
    wu = account("吴党委书记")
    assert codes(actions.reset_password, actor(sun), account=wu, **CLOCK) == ("account.higher",)
    assert codes(actions.deactivate, actor(sun), account=wu, **CLOCK) == ("account.higher",)
    li = account("李书记")
    Post.objects.create(
        person=tree.people["李书记"],
        organisation=type(tree.a).objects.create(code="E", name="别处支部", kind="branch", path="00020001"),
        kind="secretary",
        since=LONG_AGO,
    )
    assert codes(actions.reset_password, actor(sun), account=li, **CLOCK) == ("account.elsewhere",)
    assert wu.check_password(PASSWORD)
    assert li.check_password(PASSWORD)


def test_a_reset_password_unlocks_ends_sessions_and_must_be_changed(sun, account, as_user, client):
    zhao = account("赵党员")
    inside = as_user(zhao)
    for _turn in range(5):
        client.post("/sign-in/", {"login": "赵党员", "password": "wrong"})
    answer = as_user(sun).post(f"/accounts/{zhao.pk}/password/")
    assert answer.status_code == 302
    assert inside.get("/accounts/me/").status_code == 302
    assert not SignIn.objects.filter(user_id=zhao.pk).exists()
    zhao.refresh_from_db()
    assert zhao.must_change_password
    assert not zhao.check_password(PASSWORD)
    password = actions.reset_password(actor(sun), account=zhao, **CLOCK)
    assert client.post("/sign-in/", {"login": "赵党员", "password": password}).status_code == 302
    assert Entry.objects.filter(act="accounts.reset_password").count() == 2
    assert password not in repr(list(Entry.objects.values_list("values", flat=True)))


def test_an_account_is_shut_and_opened_again_and_never_the_own_one(sun, account, as_user):
    zhao = account("赵党员")
    inside, browser = as_user(zhao), as_user(sun)
    assert browser.get(f"/accounts/{zhao.pk}/deactivate/").status_code == 200
    assert browser.post(f"/accounts/{zhao.pk}/deactivate/", {"reason": "转出"}).status_code == 302
    assert inside.get("/accounts/me/").status_code == 302
    assert codes(actions.deactivate, actor(sun), account=User.objects.get(pk=zhao.pk), **CLOCK) == (
        "account.inactive",
    )
    assert "已停用" in browser.get(f"/accounts/{zhao.pk}/").content.decode()
    assert browser.post(f"/accounts/{zhao.pk}/reactivate/").status_code == 302
    assert User.objects.get(pk=zhao.pk).is_active
    assert codes(actions.deactivate, actor(sun), account=sun, **CLOCK)[0] == "account.own"
    assert [entry.act for entry in Entry.objects.order_by("id")] == [
        "accounts.deactivate",
        "accounts.reactivate",
    ]


def test_a_right_that_ends_ends_with_the_next_request(tree, sun, account, as_user):
    zhao, browser = account("赵党员"), as_user(sun)
    assert browser.get(f"/accounts/{zhao.pk}/").status_code == 200
    Post.objects.filter(person=tree.people["孙组织员"]).update(until=date(2021, 1, 1))
    assert browser.get("/accounts/").status_code == 404
    assert browser.get(f"/accounts/{zhao.pk}/").status_code == 404
    assert browser.get("/accounts/me/").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_however_long_it_is(
    tree, sun, as_user, count, django_assert_num_queries
):
    for number in range(count):
        person = Person.objects.create(name=f"党员{number}")
        Membership.objects.create(person=person, organisation=tree.a, stage="full_member", since=LONG_AGO)
        User.objects.create_user(f"党员{number}", person=person)
    browser = as_user(sun)
    browser.get("/accounts/")
    # session, user, posts, memberships, accounts
    with django_assert_num_queries(5):
        browser.get("/accounts/")
