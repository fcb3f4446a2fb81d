"""Signing in: those pages of allauth that are meant to exist, each in our look and behind a door.

Their names are allauth's own, which it looks up itself. There is no sign-up, no mail, no reset by mail: forgotten
passwords are reset by whoever looks after the accounts.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.db import transaction
from django.urls import path

from zhibu.accounts.views import mine
from zhibu.ui.doors import public_door, signed_in

before = public_door("登录之前没有身份")
urlpatterns = [
    path("", before(account.login), name="account_login"),
    path("code/", before(mfa.authenticate), name="mfa_authenticate"),
    path("inactive/", before(account.account_inactive), name="account_inactive"),
    path("out/", before(account.logout), name="account_logout"),
    path("password/", signed_in(transaction.atomic(account.password_change)), name="account_change_password"),
    # where allauth sends an account without a password
    path("password/none/", mine.no_password, name="account_set_password"),
    path("again/", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("again/code/", signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("second-factor/", signed_in(mfa.index), name="mfa_index"),
    path("second-factor/enrol/", signed_in(totp.activate_totp), name="mfa_activate_totp"),
    path("second-factor/remove/", signed_in(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path(
        "second-factor/codes/", signed_in(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"
    ),
    path(
        "second-factor/codes/new/",
        signed_in(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "second-factor/codes/download/",
        signed_in(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]
