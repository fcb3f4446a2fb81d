"""What allauth asks the platform: its words, its passwords, its second factors (ACCOUNT_ADAPTER, MFA_ADAPTER)."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from zhibu import record
from zhibu.accounts import actions, queries
from zhibu.accounts.models import User
from zhibu.accounts.sessions import BEGUN, DEVICE, DEVICES, SEEN
from zhibu.record import vault
from zhibu.ui import clock

SECRET_COLUMN = "mfa_authenticator.data"  # noqa: S105 - the name of a column

SAID = {
    "account/messages/password_changed.txt": gettext_lazy("密码已修改，其他设备上的登录已结束。"),
    "mfa/messages/totp_activated.txt": gettext_lazy("两步验证已启用。"),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("两步验证已停用。"),
    "mfa/messages/recovery_codes_generated.txt": gettext_lazy("已生成新的备用码，旧的已作废。"),
}
"""The messages of allauth that are worth saying; the others are not shown."""

RECORDED = {
    "mfa/email/totp_activated": "accounts.enrol_second_factor",
    "mfa/email/totp_deactivated": "accounts.remove_second_factor",
    "mfa/email/recovery_codes_generated": "accounts.make_recovery_codes",
}
"""Where allauth would send a mail, the record gets an entry."""

WRONG = gettext_lazy("登录名、手机号或密码不正确。")
WRONG_CODE = gettext_lazy("验证码不正确。")
TOO_MANY = gettext_lazy("尝试次数过多，请稍后再试。")


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an act, never by whoever comes; nothing is sent by mail."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG,
        "invalid_login": WRONG,
        "incorrect_password": gettext_lazy("密码不正确。"),
        "enter_current_password": gettext_lazy("现用密码不正确。"),
        "incorrect_code": WRONG_CODE,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: axes counts failures, in the database and for all processes alike."""

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Say in our words what is worth saying."""
        if message_template in SAID:
            messages.add_message(request, level, str(SAID[message_template]))

    @transaction.atomic
    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """Record what happened to the second factor of an account. No mail is sent."""
        act = RECORDED.get(template_prefix)
        if act is not None:
            request = context.request
            actor = getattr(request, "actor", None) or queries.actor_for(user, clock.today(request))
            record.write(actor, act, user, organisation=None, now=clock.now(request))

    def set_password(self, user: User, password: str) -> None:
        """Change the own password: an act like any other."""
        request = context.request
        # asked before the change: afterwards the account has had to change nothing
        request.begins = user.must_change_password
        actions.change_password(
            getattr(request, "actor", None),
            account=user,
            password=password,
            keep=request.session.session_key,
            now=clock.now(request),
        )

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """One's own page; to work, for whoever has just replaced a password of one use."""
        return "/" if getattr(request, "begins", False) else reverse("accounts:me")

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin a session and note when, and on what kind of device."""
        super().login(request, user)
        begun = int(timezone.now().timestamp())
        request.session.update({BEGUN: begun, SEEN: begun, DEVICE: device_of(request)})

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Go on in the language the account chose."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if user.language:
            remember_language(response, user.language)
        return response


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are sealed; enrolling and removing are recorded."""

    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": WRONG_CODE}

    def get_totp_label(self, user: User) -> str:
        """What the authenticator shows beside the code."""
        return user.username

    def encrypt(self, text: str) -> str:
        """Seal a secret for the database."""
        return vault.seal(text, SECRET_COLUMN)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret."""
        return vault.open_sealed(encrypted_text, SECRET_COLUMN)


def device_of(request: HttpRequest) -> str:
    """The kind of device, as a code. The full text a browser sends would identify it; a list needs no more than this."""
    agent = request.headers.get("User-Agent", "")
    return next((mark for mark in DEVICES if mark in agent), "")


def remember_language(response: HttpResponse, language: str) -> None:
    """Set the cookie from which Django reads the language."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
