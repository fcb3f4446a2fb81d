"""`zhibu demo`: a company to try the platform on, or an empty installation with its first account."""

from __future__ import annotations

import json
import os
import time
from argparse import ArgumentParser
from datetime import date
from getpass import getpass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from zhibu.accounts.models import User
from zhibu.project.demo.build import Builder, SignIn, random_password
from zhibu.project.management.commands.serve import SIGN_INS
from zhibu.register.models import Organisation


class Command(BaseCommand):
    """Fill an empty installation."""

    help = "把空的安装填成演示单位（或用 --empty 只建系统管理员账号）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Arguments; every number is checked."""
        parser.add_argument("--branches", type=int, default=484, help="支部数，默认 484")
        parser.add_argument("--seed", type=int, default=1, help="随机种子，相同种子得到相同数据")
        parser.add_argument("--empty", action="store_true", help="不建演示数据，只建系统管理员账号")
        parser.add_argument(
            "--ask-password", action="store_true", help="自己输入演示账号的密码（否则随机生成）"
        )
        parser.add_argument("--json", action="store_true", help="以 JSON 输出账号")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse a database that is in use; otherwise build and print the sign-ins."""
        if Organisation.objects.exists() or User.objects.exists():
            raise CommandError(
                "demo_not_empty: 数据库里已有数据。要重新开始，请把 ZHIBU_HOME 指向一个新目录。", returncode=3
            )
        if not 1 <= options["branches"] <= 20_000:
            raise CommandError("demo_branches: --branches 应在 1 到 20000 之间。", returncode=2)
        started = time.perf_counter()
        password = self._chosen() if options["ask_password"] else None
        if options["empty"]:
            sign_ins = [self._operator(password)]
        else:
            builder = Builder(
                branches=options["branches"],
                seed=options["seed"],
                today=self._today(),
                password=password,
                say=self._say,
            )
            sign_ins = builder.write()
        self._say(f"用时 {time.perf_counter() - started:.0f} 秒")
        if not options["empty"]:
            self._keep(sign_ins)
        self._print(sign_ins, as_json=options["json"])

    def _say(self, text: str) -> None:
        self.stderr.write(text)

    def _chosen(self) -> str:
        """A password typed twice, long enough."""
        first = os.environ.get("ZHIBU_DEMO_PASSWORD") or getpass("演示账号的密码（至少 10 位）：")
        if len(first) < 10:
            raise CommandError("demorandom_password: 密码至少 10 位。", returncode=2)
        return first

    def _today(self) -> date:
        override = getattr(settings, "ZHIBU_TODAY", None)
        if isinstance(override, date):
            return override
        return date.fromisoformat(override) if override else timezone.localdate()

    def _operator(self, password: str | None) -> SignIn:
        chosen = password or random_password()
        User.objects.create_user("admin", chosen, is_operator=True)
        return SignIn("系统管理员", "admin", chosen, "")

    def _keep(self, sign_ins: list[SignIn]) -> None:
        """Keep the sign-ins of invented people beside their data, so that the next start can print them again."""
        file = settings.ZHIBU_HOME / SIGN_INS
        lines = [f"  {each.username:<10} {each.password:<16} {each.role} {each.where}" for each in sign_ins]
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
            handle.write("\n".join(["演示账号：", *lines]) + "\n")

    def _print(self, sign_ins: list[SignIn], *, as_json: bool) -> None:
        if as_json:
            rows = [
                {"role": s.role, "username": s.username, "password": s.password, "where": s.where}
                for s in sign_ins
            ]
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        self.stdout.write("登录账号：")
        for each in sign_ins:
            self.stdout.write(f"  {each.username:<10} {each.password:<16} {each.role} {each.where}")
