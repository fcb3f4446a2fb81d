"""`zhibu operator NAME`: the first account of an installation, or the way back in when nobody has one."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from zhibu.accounts import actions
from zhibu.accounts.models import User, username_key
from zhibu.core.refusal import Refused


class Command(BaseCommand):
    """设立系统管理员账号；已有的重置密码。一次性密码只在这里显示。"""

    help = "Makes the account of an operator, or resets its password; prints a one-time password."

    # of the code; `zhibu check` and `migrate` look through it
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the sign-in name")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        clock: Any = {"now": now, "today": timezone.localdate(now)}
        account = User.objects.filter(username_key=username_key(options["name"])).first()
        try:
            if account is None:
                _made, password = actions.create_account(
                    None, username=options["name"], is_operator=True, **clock
                )
            elif account.is_operator:
                password = actions.reset_password(None, account=account, **clock)
            else:
                raise CommandError(
                    f"{account.username} is not an operator; the pages of accounts reset its password."
                )
        except Refused as refused:
            raise CommandError("; ".join(refusal.told() for refusal in refused.refusals)) from None
        self.stdout.write(password)
