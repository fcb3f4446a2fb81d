"""Signing in over HTTP: by number or name, wrong, locked, for the first time, with a second factor."""

import re
import time
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.rooms.accounts.conftest import PASSWORD
from zhibu.accounts.models import SignIn, User
from zhibu.record.models import Entry

LOGIN = "/sign-in/"
PHONE = "13812345678"


@pytest.fixture
def zhao(account):
    return account("赵党员", phone=PHONE)


def enter(client, name, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": name, "password": password, **more})


def signed_in(client):
    return "_auth_user_id" in client.session


def text_of(response):
    """What the page says, without what differs between any two pages."""
    return re.sub(r'(name="csrfmiddlewaretoken" value|data-csrf)="[^"]*"', "", response.content.decode())


# --- who is let in ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["赵党员", " 赵党员 ", PHONE, "138 1234 5678", "+86 138-1234-5678", "１３８１２３４５６７８"]
)
def test_one_signs_in_by_name_or_number_however_it_is_typed(client, zhao, typed):
    answer = enter(client, typed)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert signed_in(client)


def test_capitals_do_not_matter(client, account):
    account("Wang.Wei")
    assert enter(client, "ＷＡＮＧ.wei").status_code == 302


@pytest.mark.parametrize(
    ("typed", "password"),
    [
        ("赵党员", "wrong"),
        ("没有这个人", PASSWORD),
        (PHONE[:-1] + "9", PASSWORD),
        ("", PASSWORD),
        ("赵党员", ""),
    ],
)
def test_nobody_else_does(client, zhao, typed, password):
    answer = enter(client, typed, password)
    assert answer.status_code == 200
    assert not signed_in(client)


def test_after_signing_in_one_is_where_one_wanted_to_be_but_never_elsewhere(client, zhao):
    assert enter(client, "赵党员", next="/accounts/me/")["Location"] == "/accounts/me/"
    client.post("/sign-in/out/")
    assert enter(client, "赵党员", next="https://evil.example/")["Location"] == "/"


def test_a_form_without_its_token_is_refused(zhao):
    assert (
        Client(enforce_csrf_checks=True).post(LOGIN, {"login": "赵党员", "password": PASSWORD}).status_code
        == 403
    )


def test_the_session_changes_its_key_and_the_cookie_is_kept_from_scripts(client, zhao):
    client.get(LOGIN)
    session = client.session
    session["before"] = 1
    session.save()
    before = session.session_key
    answer = enter(client, "赵党员")
    cookie = answer.cookies["zhibu_session"]
    assert client.session.session_key != before
    assert (cookie["httponly"], cookie["samesite"], cookie["expires"]) == (True, "Lax", "")


def test_signing_out_ends_the_session_on_the_server(client, zhao):
    enter(client, "赵党员")
    assert client.get("/sign-in/out/").status_code == 200
    assert signed_in(client)
    assert client.post("/sign-in/out/")["Location"] == LOGIN
    assert not SignIn.objects.filter(user_id=zhao.pk).exists()


# --- what cannot be found out -------------------------------------------------------------------------


def test_unknown_accounts_get_the_very_same_answer(client, zhao):
    known = enter(client, "赵党员", "wrong")
    unknown = enter(client, "没有此人", "wrong")
    number = enter(client, "13912345678", "wrong")
    pages = {text_of(known).replace("赵党员", "X"), text_of(unknown).replace("没有此人", "X")}
    pages.add(text_of(number).replace("13912345678", "X"))
    assert len(pages) == 1
    assert "登录名、手机号或密码不正确。" in pages.pop()


def test_a_password_is_hashed_for_unknown_accounts_too(client, zhao, settings):
    # with the hasher of an installation: the time must come from it
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    zhao.set_password(PASSWORD)
    zhao.save()

    def seconds(name):
        taken = []
        for _turn in range(3):
            started = time.process_time()
            enter(Client(), name, "wrong")
            taken.append(time.process_time() - started)
        return min(taken)

    known, unknown = seconds("赵党员"), seconds("没有此人")
    assert 0.4 < unknown / known < 2.5


def test_what_was_typed_for_no_account_is_not_kept_readable(client, zhao):
    from axes.models import AccessAttempt

    enter(client, "my-password-in-the-wrong-field", "x")
    enter(client, "13912345678", "x")
    enter(client, PHONE, "x")
    kept = list(AccessAttempt.objects.order_by("id").values_list("username", "post_data"))
    assert [name[0] for name, _data in kept] == ["?", "?", "赵"]
    for hidden in ("my-password", "13912345678", PHONE):
        assert hidden not in repr(kept)


# --- locked -------------------------------------------------------------------------------------------


def fail(client, name, times):
    return [enter(client, name, "wrong").status_code for _turn in range(times)]


def test_the_fifth_failure_locks_the_account_even_for_the_right_password_and_from_elsewhere(client, zhao):
    assert fail(client, "赵党员", 5) == [200, 200, 200, 200, 429]
    answer = enter(Client(REMOTE_ADDR="10.9.8.7", HTTP_USER_AGENT="another"), "赵党员")
    assert answer.status_code == 429
    assert "15 分钟后可以再试" in answer.content.decode()
    assert answer["Retry-After"] == "900"


def test_the_number_and_the_name_are_one_account(client, zhao):
    fail(client, "赵党员", 3)
    assert fail(client, PHONE, 2) == [200, 429]


def test_an_unknown_account_is_locked_in_the_same_way(client, zhao):
    assert fail(client, "没有此人", 5) == [200, 200, 200, 200, 429]
    known = [enter(client, "赵党员", "wrong") for _turn in range(5)][-1]
    assert text_of(known) == text_of(enter(client, "没有此人", "wrong"))


def test_others_still_sign_in(client, zhao, account):
    account("李书记")
    fail(client, "赵党员", 5)
    assert enter(client, "李书记").status_code == 302


def test_after_a_quarter_of_an_hour_the_lock_opens_and_failures_meanwhile_did_not_prolong_it(
    client, zhao, later
):
    fail(client, "赵党员", 5)
    later(timedelta(minutes=10))
    assert fail(client, "赵党员", 3) == [429, 429, 429]
    later(timedelta(minutes=5, seconds=1))
    assert enter(client, "赵党员").status_code == 302


def test_success_forgets_the_failures_before_it(client, zhao):
    fail(client, "赵党员", 4)
    enter(client, "赵党员")
    client.post("/sign-in/out/")
    assert fail(client, "赵党员", 4) == [200] * 4


@pytest.fixture
def later(monkeypatch):
    """Lets time pass for the lock and for sessions."""
    real, passed = timezone.now, [timedelta()]
    monkeypatch.setattr(timezone, "now", lambda: real() + passed[0])
    import axes.attempts
    import axes.handlers.proxy

    for module in (axes.attempts, axes.handlers.proxy):
        monkeypatch.setattr(module, "now", lambda: real() + passed[0])

    def pass_by(more):
        passed[0] += more

    return pass_by


# --- sessions -------------------------------------------------------------------------------------------


def test_a_session_nobody_uses_ends_and_a_used_one_goes_on_until_its_time_is_full(client, zhao, later):
    enter(client, "赵党员")
    later(timedelta(minutes=31))
    assert client.get("/accounts/me/").status_code == 302
    enter(client, "赵党员")
    for _turn in range(28):
        later(timedelta(minutes=25))
        assert client.get("/accounts/me/").status_code == 200
    later(timedelta(minutes=25))
    answer = client.get("/accounts/me/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/accounts/me/")
    assert "登录时间已满" in client.get(answer["Location"]).content.decode()


def test_pages_of_someone_signed_in_are_not_kept_by_browsers(client, zhao):
    enter(client, "赵党员")
    assert "no-store" in client.get("/accounts/me/")["Cache-Control"]


def test_an_account_shut_meanwhile_is_out_with_the_next_request(client, zhao):
    enter(client, "赵党员")
    assert client.get("/accounts/me/").status_code == 200
    User.objects.filter(pk=zhao.pk).update(is_active=False)
    assert client.get("/accounts/me/").status_code == 302


def test_a_shut_account_is_told_so_only_with_the_right_password(client, account):
    account("赵党员", is_active=False)
    assert "不正确" in enter(client, "赵党员", "wrong").content.decode()
    answer = enter(client, "赵党员")
    assert answer["Location"] == "/sign-in/inactive/"
    assert "该账号已停用" in client.get("/sign-in/inactive/").content.decode()
    assert not signed_in(client)


# --- passwords ------------------------------------------------------------------------------------------


def change(client, old, new, again=None):
    return client.post(
        "/sign-in/password/", {"oldpassword": old, "password1": new, "password2": again or new}
    )


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("wrong", "Xinmima-2026-ok", None, "现用密码不正确"),
        (PASSWORD, PASSWORD, None, "新密码不能与现用密码相同"),
        (PASSWORD, "short1", None, "密码至少 10 位。"),
        (PASSWORD, "9517534862", None, "密码只包含数字。"),
        (PASSWORD, "Xinmima-2026-ok", "different", "每次输入的密码必须相同。"),
    ],
)
def test_a_poor_new_password_is_refused(client, zhao, old, new, again, said):
    enter(client, "赵党员")
    answer = change(client, old, new, again)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    zhao.refresh_from_db()
    assert zhao.check_password(PASSWORD)


def test_a_changed_password_ends_the_other_sessions_and_is_recorded(client, zhao, as_user):
    elsewhere = as_user(zhao)
    assert elsewhere.get("/accounts/me/").status_code == 200
    enter(client, "赵党员")
    assert change(client, PASSWORD, "Xinmima-2026-ok")["Location"] == "/accounts/me/"
    assert client.get("/accounts/me/").status_code == 200
    assert elsewhere.get("/accounts/me/").status_code == 302
    assert enter(Client(), "赵党员").status_code == 200
    entry = Entry.objects.get(act="accounts.change_password")
    assert (entry.actor_name, entry.subject_id, entry.values) == ("赵党员", zhao.pk, "{}")


def test_an_account_without_a_password_is_told_who_sets_one(client, account):
    user = account("赵党员")
    user.set_unusable_password()
    user.save()
    client.force_login(user, backend="zhibu.accounts.backends.PhoneOrName")
    answer = client.get("/sign-in/password/", follow=True)
    assert answer.status_code == 409
    assert "这个账号还没有密码" in answer.content.decode()


def test_a_one_time_password_lets_one_in_to_nothing_but_changing_it(client, account):
    account("赵党员", must_change_password=True)
    enter(client, "赵党员")
    for page in ("/", "/accounts/me/", "/accounts/me/data/", "/sign-in/second-factor/"):
        assert client.get(page)["Location"] == "/sign-in/password/", page
    assert client.post("/accounts/me/sign-ins/")["Location"] == "/sign-in/password/"
    assert client.get("/accounts/me/", headers={"HX-Request": "true"})["HX-Redirect"] == "/sign-in/password/"
    assert "一次性密码" in client.get("/sign-in/password/").content.decode()
    assert change(client, PASSWORD, "Xinmima-2026-ok")["Location"] == "/", (
        "to work, and not to one's own page"
    )
    assert client.get("/accounts/me/").status_code == 200


# --- what does not exist ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "email/",
        "password/reset/",
        "confirm-email/",
        "login/",
        "password/set/",
        "3rdparty/",
        "webauthn/",
    ],
)
def test_there_is_no_sign_up_no_mail_and_no_other_way_in(client, zhao, path):
    assert client.get(LOGIN + path).status_code == 404
    enter(client, "赵党员")
    assert client.get(LOGIN + path).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "account_change_password",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_view_recovery_codes",
        "accounts:me",
        "accounts:accounts",
        "record:entries",
    ],
)
def test_pages_of_one_s_own_lead_to_the_sign_in_page(client, db, name):
    assert client.get(reverse(name))["Location"].startswith(LOGIN)
