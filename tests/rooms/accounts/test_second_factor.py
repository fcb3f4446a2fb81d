"""The second factor, from enrolling to a lost telephone, over HTTP."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from tests.rooms.accounts.conftest import PASSWORD
from zhibu.record.models import Entry

CODE = "/sign-in/code/"


def code_for(secret, step=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def enter(client, name="赵党员"):
    return client.post("/sign-in/", {"login": name, "password": PASSWORD})


def enrol(client):
    """From one's own page to the recovery codes; the secret and the codes."""
    answer = client.get("/sign-in/second-factor/enrol/")
    assert answer["Location"].startswith("/sign-in/again/")
    again = client.post(answer["Location"], {"password": PASSWORD, "next": "/sign-in/second-factor/enrol/"})
    assert again["Location"] == "/sign-in/second-factor/enrol/"
    page = client.get("/sign-in/second-factor/enrol/").content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page)[1]
    wrong = client.post("/sign-in/second-factor/enrol/", {"code": "000000"})
    assert "验证码不正确。" in wrong.content.decode()
    done = client.post("/sign-in/second-factor/enrol/", {"code": code_for(secret)})
    assert done["Location"] == "/sign-in/second-factor/codes/"
    codes = re.findall(
        r"^\d{8}$",
        client.get(done["Location"]).content.decode().replace('<pre class="zb-codes">', "\n"),
        re.MULTILINE,
    )
    assert len(codes) == 10
    return secret, codes


@pytest.fixture
def zhao(account):
    return account("赵党员")


@pytest.mark.django_db(transaction=True)
def test_enrolling_signing_in_and_removing(zhao):
    browser = Client()
    enter(browser)
    secret, codes = enrol(browser)
    assert "已启用" in browser.get("/sign-in/second-factor/").content.decode()
    assert [entry.act for entry in Entry.objects.order_by("id")] == ["accounts.enrol_second_factor"]

    browser = Client()
    assert enter(browser)["Location"] == CODE
    assert browser.get("/accounts/me/").status_code == 302
    assert "验证码不正确。" in browser.post(CODE, {"code": "123456"}).content.decode()
    assert browser.get("/accounts/me/").status_code == 302
    assert browser.post(CODE, {"code": code_for(secret, 1)}).status_code == 302
    assert browser.get("/accounts/me/").status_code == 200

    lost = Client()
    enter(lost)
    assert lost.post(CODE, {"code": codes[0]}).status_code == 302
    assert lost.get("/accounts/me/").status_code == 200
    again = Client()
    enter(again)
    assert again.post(CODE, {"code": codes[0]}).status_code == 200
    assert again.get("/accounts/me/").status_code == 302

    assert lost.get("/sign-in/second-factor/remove/")["Location"].startswith("/sign-in/again/")
    lost.post("/sign-in/again/?next=/sign-in/second-factor/remove/", {"password": PASSWORD})
    assert lost.post("/sign-in/second-factor/remove/")["Location"] == "/sign-in/second-factor/"
    assert not Authenticator.objects.exists()
    assert Entry.objects.order_by("id").last().act == "accounts.remove_second_factor"
    assert enter(Client())["Location"] == "/"


@pytest.mark.django_db(transaction=True)
def test_a_code_is_good_once_and_the_secret_is_sealed(zhao):
    browser = Client()
    enter(browser)
    secret, _codes = enrol(browser)
    kept = repr(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert "z1." in kept
    code = code_for(secret, 1)
    first, second = Client(), Client()
    enter(first)
    enter(second)
    assert first.post(CODE, {"code": code}).status_code == 302
    assert second.post(CODE, {"code": code}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_codes_cannot_be_tried_out(zhao):
    browser = Client()
    enter(browser)
    secret, _codes = enrol(browser)
    guesser = Client()
    enter(guesser)
    answers = [guesser.post(CODE, {"code": f"{guess:06}"}).content.decode() for guess in range(8)]
    assert "尝试次数过多" in answers[-1]
    assert "尝试次数过多" in guesser.post(CODE, {"code": code_for(secret, 1)}).content.decode()


@pytest.mark.django_db(transaction=True)
def test_recovery_codes_are_made_anew_and_taken_away(zhao):
    browser = Client()
    enter(browser)
    _secret, codes = enrol(browser)
    taken = browser.get("/sign-in/second-factor/codes/download/")
    assert taken["Content-Disposition"].startswith("attachment")
    assert codes[0] in taken.content.decode()
    assert browser.get("/sign-in/second-factor/codes/new/").status_code == 200
    assert browser.post("/sign-in/second-factor/codes/new/").status_code == 302
    assert codes[0] not in browser.get("/sign-in/second-factor/codes/").content.decode()
    assert Entry.objects.order_by("id").last().act == "accounts.make_recovery_codes"


def test_the_page_of_codes_needs_a_sign_in_under_way(client, db):
    assert client.get(CODE)["Location"] == "/sign-in/"
    assert client.post(CODE, {"code": "123456"})["Location"] == "/sign-in/"


@pytest.mark.parametrize(("who", "sent"), [("none", False), ("operators", True), ("all", True)])
def test_an_operator_must_have_one_before_anything_else(operator, as_user, settings, who, sent):
    settings.ZHIBU_SECOND_FACTOR = who
    browser = as_user(operator)
    for page in ("/accounts/", "/accounts/me/"):
        answer = browser.get(page)
        assert (answer.get("Location") == "/sign-in/second-factor/enrol/") is sent, page


def test_others_need_one_only_when_all_do(zhao, as_user, settings):
    settings.ZHIBU_SECOND_FACTOR = "operators"
    assert as_user(zhao).get("/accounts/me/").status_code == 200
    settings.ZHIBU_SECOND_FACTOR = "all"
    assert as_user(zhao).get("/accounts/me/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_an_operator_with_one_goes_in(operator, settings):
    settings.ZHIBU_SECOND_FACTOR = "operators"
    browser = Client()
    enter(browser, "管理员")
    enrol(browser)
    assert browser.get("/accounts/").status_code == 200
