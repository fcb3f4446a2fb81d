"""`zhibu demo`: a company to try the platform on, or an empty installation with its first account."""

from __future__ import annotations

import os
import time
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.conf import settings

from zhibu.accounts.models import User
from zhibu.project.demo.build import Builder
from zhibu.project.demo.sign_ins import SignIn, random_password
from zhibu.project.management.commands.serve import SIGN_INS
from zhibu.project.places import today
from zhibu.project.spoken import USAGE, Fault, Spoken, add_json
from zhibu.register.models import Organisation

LEAST_PASSWORD = 10
MOST_BRANCHES = 20_000


class Command(Spoken):
    """Fill an empty installation."""

    help = "把空的安装填成演示单位（或用 --empty 只建系统管理员账号）。只在空的数据库中。"

    def arguments(self, parser: ArgumentParser) -> None:
        """Arguments; every number is checked."""
        parser.add_argument("--branches", type=int, default=484, help="支部数，默认 484")
        parser.add_argument("--seed", type=int, default=1, help="随机种子，相同种子得到相同数据")
        parser.add_argument("--empty", action="store_true", help="不建演示数据，只建系统管理员账号")
        parser.add_argument(
            "--ask-password", action="store_true", help="自己输入演示账号的密码（否则随机生成）"
        )
        add_json(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse a database that is in use; otherwise build and print the sign-ins."""
        if not 1 <= options["branches"] <= MOST_BRANCHES:
            raise Fault(
                "demo_branches",
                f"--branches 应在 1 到 {MOST_BRANCHES} 之间",
                "zhibu help demo",
                exit_code=USAGE,
            )
        if Organisation.objects.exists() or User.objects.exists():
            raise Fault("demo_not_empty", "数据库里已有数据", "要重新开始，请把 ZHIBU_HOME 指向一个新目录")
        password = chosen_password() if options["ask_password"] else None
        started = time.perf_counter()
        if options["empty"]:
            sign_ins = [self._operator(password)]
        else:
            builder = Builder(
                branches=options["branches"],
                seed=options["seed"],
                today=today(),
                password=password,
                say=lambda text: self.say(text, **options),
            )
            sign_ins = builder.write()
            self._keep(sign_ins)
        self.say(f"用时 {time.perf_counter() - started:.0f} 秒", **options)
        self._print(sign_ins, as_json=options["json"])

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
            self.print_json(rows)
            return
        self.stdout.write("登录账号：")
        for each in sign_ins:
            self.stdout.write(f"  {each.username:<10} {each.password:<16} {each.role} {each.where}")


def chosen_password() -> str:
    """A password typed twice, long enough; from ZHIBU_DEMO_PASSWORD where nobody can type."""
    first = os.environ.get("ZHIBU_DEMO_PASSWORD")
    if first is None:
        first = getpass("演示账号的密码（至少 10 位）：")
        if first != getpass("再输一次："):
            raise Fault("demo_password", "两次输入不一样", "再运行一次", exit_code=USAGE)
    if len(first) < LEAST_PASSWORD:
        raise Fault("demo_password", f"密码至少 {LEAST_PASSWORD} 位", "换一个长的", exit_code=USAGE)
    return first
