"""What is done to accounts. One-time passwords are returned to be shown once, and kept nowhere."""

from __future__ import annotations

import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

from axes.utils import reset as forget_failures
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from zhibu import record
from zhibu.accounts import policies, queries
from zhibu.accounts.models import SignIn, User, username_key
from zhibu.core.authority import Actor
from zhibu.core.refusal import Refusal, refuse_if
from zhibu.register.models import Person

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without the letters and digits that are taken for each other on paper: i l o 0 1."""


def one_time_password() -> str:
    """Twelve random letters in three groups, some 59 bits: easy to read out, good for one sign-in."""
    return "-".join("".join(secrets.choice(LETTERS) for _place in range(4)) for _group in range(3))


def passwords(number: int) -> list[tuple[str, str]]:
    """One-time passwords with what is kept of each.

    Each takes a fifth of a second, on purpose: on all cores, and best before anything is locked.
    """
    words = [one_time_password() for _ in range(number)]
    with ThreadPoolExecutor(os.cpu_count()) as cores:
        return list(zip(words, cores.map(make_password, words), strict=True))


@transaction.atomic
def create_account(
    actor: Actor | None,
    *,
    username: str,
    now: datetime,
    today: date,
    person: Person | None = None,
    phone: str = "",
    is_operator: bool = False,
    worked_out: tuple[str, str] | None = None,
) -> tuple[User, str]:
    """为一名同志设立账号，并给出一次性密码；首次登录须修改。Make an account; the one-time password is returned.

    `worked_out`: one of `passwords`, where many accounts are made at once.

    An account without a person is an operator's; without an actor it is made at the command line. Refused: a name or number in use, a person who has an account.
    """
    number = queries.phone_number(phone)
    refuse_if(
        _name_refusal(username),
        _phone_refusal(phone, number),
        _person_refusal(person, is_operator=is_operator),
        policies.may_make_operator(actor) if is_operator else None,
    )
    password, kept = worked_out or passwords(1)[0]
    account = User.objects.create_user(
        username,
        kept=kept,
        person=person,
        phone_index=queries.phone_key(number) if number else None,
        is_operator=is_operator,
        must_change_password=True,
    )
    home = queries.home_of(account.person_id, today)
    record.write(
        actor,
        "accounts.create_account",
        account,
        organisation=home,
        now=now,
        username=account.username,
        person=account.person_id,
        operator=is_operator,
    )
    return account, password


def _name_refusal(username: str) -> Refusal | None:
    key = username_key(username)
    if not key:
        return Refusal("account.no_name", _("请填写登录名。"))
    if queries.phone_number(username):
        return Refusal(
            "account.name_is_phone", _("登录名不能是手机号。"), remedy=_("手机号请填在手机号一栏。")
        )
    if User.objects.filter(username_key=key).exists():
        return Refusal(
            "account.name_taken", _("该登录名已被使用。"), remedy=_("请在姓名后加数字或单位简称。")
        )
    return None


def _phone_refusal(phone: str, number: str) -> Refusal | None:
    if not phone.strip():
        return None
    if not number:
        return Refusal("account.phone", _("手机号应为 11 位数字。"))
    if User.objects.filter(phone_index=queries.phone_key(number)).exists():
        return Refusal("account.phone_taken", _("该手机号已用于另一账号。"), remedy=_("请联系上级核对。"))
    return None


def _person_refusal(person: Person | None, *, is_operator: bool) -> Refusal | None:
    if person is None:
        return None if is_operator else Refusal("account.no_person", _("请选择一名同志。"))
    if User.objects.filter(person=person).exists():
        return Refusal("account.exists", _("该同志已有账号。"), remedy=_("忘记密码可以重置。"))
    return None


@transaction.atomic
def reset_password(actor: Actor | None, *, account: User, now: datetime, today: date) -> str:
    """重置密码，并给出一次性密码；该账号的登录全部结束，锁定解除。Returns the one-time password."""
    posts = queries.posts_of(account.person_id, today)
    refuse_if(policies.may_manage(actor, account, posts, "accounts.reset_password"))
    password = one_time_password()
    account.set_password(password)
    account.must_change_password = True
    account.save(update_fields=["password", "must_change_password"])
    SignIn.objects.filter(user_id=account.pk).delete()
    forget_failures(username=account.username)
    record.write(
        actor,
        "accounts.reset_password",
        account,
        organisation=queries.home_of(account.person_id, today),
        now=now,
    )
    return password


@transaction.atomic
def deactivate(actor: Actor, *, account: User, now: datetime, today: date, reason: str = "") -> User:
    """停用账号；该账号的登录全部结束。History keeps the account: it is never deleted."""
    posts = queries.posts_of(account.person_id, today)
    refuse_if(
        policies.may_deactivate(actor, account),
        policies.may_manage(actor, account, posts, "accounts.deactivate"),
    )
    account.is_active = False
    account.save(update_fields=["is_active"])
    SignIn.objects.filter(user_id=account.pk).delete()
    home = queries.home_of(account.person_id, today)
    record.write(actor, "accounts.deactivate", account, organisation=home, now=now, reason=reason)
    return account


@transaction.atomic
def reactivate(actor: Actor, *, account: User, now: datetime, today: date) -> User:
    """恢复已停用的账号。"""
    posts = queries.posts_of(account.person_id, today)
    refuse_if(policies.may_manage(actor, account, posts, "accounts.reactivate"))
    if not account.is_active:
        account.is_active = True
        account.save(update_fields=["is_active"])
        home = queries.home_of(account.person_id, today)
        record.write(actor, "accounts.reactivate", account, organisation=home, now=now)
    return account


@transaction.atomic
def change_language(actor: Actor, *, account: User, language: str, now: datetime) -> User:
    """选择界面语言，各处登录都用它。"""
    if language not in dict(settings.LANGUAGES):
        refuse_if(Refusal("account.language", _("没有这种语言。")))
    account.language = language
    account.save(update_fields=["language"])
    record.write(actor, "accounts.change_language", account, organisation=None, now=now, language=language)
    return account


@transaction.atomic
def end_sign_ins(actor: Actor, *, account: User, keep: str | None, now: datetime) -> int:
    """在其他设备上退出；`keep` is the session that stays. Returns how many were ended."""
    ended, _rows = SignIn.objects.filter(user_id=account.pk).exclude(session_key=keep).delete()
    record.write(actor, "accounts.end_sign_ins", account, organisation=None, now=now, ended=ended)
    return ended


@transaction.atomic
def change_password(
    actor: Actor | None, *, account: User, password: str, keep: str | None, now: datetime
) -> User:
    """修改自己的密码；其他设备上的登录结束，`keep` 是保留的会话。"""
    account.set_password(password)
    account.must_change_password = False
    account.save(update_fields=["password", "must_change_password"])
    SignIn.objects.filter(user_id=account.pk).exclude(session_key=keep).delete()
    record.write(actor, "accounts.change_password", account, organisation=None, now=now)
    return account


@transaction.atomic
def link_person(actor: Actor, *, account: User, person: Person, now: datetime) -> User:
    """为尚未关联人员的账号关联本人；建立第一个党组织的系统管理员由此兼任其党务工作者。"""
    if account.person_id is not None:
        refuse_if(Refusal("account.has_person", _("该账号已关联人员。")))
    refuse_if(_person_refusal(person, is_operator=False))
    account.person = person
    account.save(update_fields=["person"])
    record.write(actor, "accounts.link_person", account, organisation=None, now=now, person=person.pk)
    return account
