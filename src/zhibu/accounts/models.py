"""Accounts: who may sign in, and where they are signed in just now."""

from __future__ import annotations

import unicodedata
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from zhibu.accounts import channels  # noqa: F401 - tables of this room, in a file of their own
from zhibu.register.models import Person


def username_key(username: str) -> str:
    """The form in which sign-in names are compared: full-width and half-width, capital and small are one name."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


class UserManager(BaseUserManager["User"]):
    """Makes accounts. Without a password an account cannot sign in: there is no default password anywhere."""

    def create_user(
        self, username: str, password: str | None = None, *, kept: str = "", **fields: Any
    ) -> User:
        """Make an account. Raises ValueError without a sign-in name.

        `kept`: what is kept of its password, worked out before (`make_password`).
        """
        name = unicodedata.normalize("NFKC", username).strip()
        if not name:
            raise ValueError("an account needs a sign-in name")
        user = self.model(username=name, username_key=username_key(name), **fields)
        if kept:
            user.password = kept
        else:
            user.set_password(password)
        user.save(using=self._db, force_insert=True)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> User:
        """Make the account of an operator (Django asks for this; people use `zhibu operator`)."""
        return self.create_user(username, password, **{**fields, "is_operator": True})

    def get_by_natural_key(self, username: str | None) -> User:
        """The account with a sign-in name, however it is written."""
        return self.get(username_key=username_key(username or ""))


class User(AbstractBaseUser):
    """An account. What it may do follows from the posts and the membership of its person, read at every request."""

    username = models.CharField("登录名", max_length=64, unique=True)
    username_key = models.CharField(max_length=64, unique=True, editable=False)
    phone_index = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 - absent is NULL
    person = models.OneToOneField(Person, null=True, on_delete=models.PROTECT, related_name="+")
    is_operator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    language = models.CharField(max_length=10, blank=True, default="")
    made_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []

    objects = UserManager()

    class Meta:
        db_table = "zb_user"

    def __str__(self) -> str:
        return self.username


class SignIn(AbstractBaseSession):
    """A session on the server, with the account it belongs to, so that it can be listed and ended."""

    user_id = models.BigIntegerField(null=True, db_index=True)
    begun_at = models.DateTimeField(null=True)
    device = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        db_table = "zb_sign_in"

    @classmethod
    def get_session_store_class(cls) -> Any:
        """The store that reads and writes these rows."""
        return import_module(settings.SESSION_ENGINE).SessionStore
