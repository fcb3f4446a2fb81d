"""How an installation shows itself to browsers: its production settings, redirects, cookies, and the hosts it answers to."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.test import Client
from django.urls import reverse

from tests.people import township
from zhibu.accounts.models import User

PASSWORD = "Kuangshan-2026-kaihui"
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "\\\\evil.example",
)


def production(tmp_path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own with the settings of a real installation behind HTTPS."""
    # a browser test of the same worker may have set what no installation sets
    ours = ("ZHIBU_", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    told = {"ZHIBU_HOME": str(tmp_path), "ZHIBU_HTTPS": "1", "ZHIBU_HOSTS": "dangjian.example", **more}
    return subprocess.run(
        [sys.executable, *command], env={**kept, **told, "DJANGO_SETTINGS_MODULE": "zhibu.project.settings"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_deployment_check_is_clean(tmp_path):
    found = production(tmp_path, "-m", "django", "check", "--deploy", "--fail-level", "WARNING")
    assert found.returncode == 0, found.stderr


ASK = """
import json, django
django.setup()
from django.conf import settings
names = ("DEBUG SESSION_COOKIE_SECURE SESSION_COOKIE_HTTPONLY SESSION_COOKIE_SAMESITE CSRF_COOKIE_SECURE"
         " SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS LANGUAGE_COOKIE_SECURE")
print(json.dumps({name: getattr(settings, name) for name in names.split()}))
"""


def test_cookies_and_transport_behind_https(tmp_path):
    told = json.loads(production(tmp_path, "-c", ASK).stdout)
    assert told.pop("SECURE_HSTS_SECONDS") >= 31_536_000
    assert told.pop("DEBUG") is False
    assert told.pop("SESSION_COOKIE_SAMESITE") == "Lax"
    assert set(told.values()) == {True}


@pytest.fixture
def browser(db, settings):
    settings.ZHIBU_SECOND_FACTOR = "none"
    town = township()
    User.objects.create_user("li", PASSWORD, person=town.people["li"])
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_leads_nowhere_else(browser, target):
    page = browser.get(reverse("account_login"), {"next": target})
    assert f'href="{target}' not in page.content.decode()
    answer = browser.post(
        reverse("account_login") + f"?next={target}", {"login": "li", "password": PASSWORD, "next": target}
    )
    assert answer.status_code == 302
    assert "evil" not in answer.url
    assert "javascript" not in answer.url


@pytest.mark.parametrize("target", ELSEWHERE)
def test_choosing_a_language_leads_nowhere_else(browser, target):
    answer = browser.post(
        reverse("set_language"), {"language": "en", "next": target}, headers={"referer": target}
    )
    assert "evil" not in answer.headers.get("Location", "")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_signed_out_form_returns_nowhere_else(browser, target):
    for headers in ({"referer": target}, {"HX-Request": "true", "HX-Current-URL": target}):
        answer = browser.post("/life/plan/", headers=headers)
        assert "evil" not in str(answer.headers)


def test_the_session_changes_its_name_at_sign_in(browser):
    browser.get(reverse("account_login"))
    session = browser.session
    session["kept"] = 1
    session.save()
    browser.cookies["zhibu_session"] = before = session.session_key
    browser.post(reverse("account_login"), {"login": "li", "password": PASSWORD})
    cookie = browser.cookies["zhibu_session"]
    assert cookie.value != before
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost@evil.example", "localhost:x"]
)
def test_another_host_is_not_answered(browser, settings, host):
    settings.ALLOWED_HOSTS = ["localhost", "dangjian.example"]
    answer = browser.get("/sign-in/", headers={"host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()


def test_a_forwarded_host_is_not_believed(browser):
    answer = browser.get(
        "/life/", headers={"X-Forwarded-Host": "evil.example", "X-Original-URL": "//evil.example"}
    )
    assert "evil" not in str(answer.headers)
