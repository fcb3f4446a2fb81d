"""`zhibu serve`: answer browsers until told to stop."""

from __future__ import annotations

import os
import socket
import sys
from argparse import ArgumentParser
from hashlib import sha256
from importlib.metadata import version
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from zhibu.project.spoken import NOT_READY, USAGE, Fault, Spoken

# written by `zhibu demo`: who may sign in to the demonstration, and with what
SIGN_INS = "sign-ins.txt"
STAMP = ".collected"
AT_HOME = {"127.0.0.1", "localhost", "::1"}
HIGHEST_PORT = 65535
MOST_WORKERS = 64
EVERY_SECONDS = 20


class Command(Spoken):
    """启动网站。"""

    help = "启动网站：gunicorn，默认两个进程。ZHIBU_DEBUG=1 或 --reload 时用开发服务器，改动代码后自动重启。"

    def arguments(self, parser: ArgumentParser) -> None:
        """Where to listen, with how many."""
        parser.add_argument("--host", default="127.0.0.1", help="监听地址；127.0.0.1 只供本机访问")
        parser.add_argument("--port", type=int, default=8000, help="端口，默认 8000")
        parser.add_argument("--workers", type=int, default=2, help="gunicorn 进程数，每个八个线程；默认 2")
        parser.add_argument("--reload", action="store_true", help="开发服务器，仅限本机")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look whether it can be done, say the address, and become the server."""
        host, port = options["host"], options["port"]
        if not 1 <= port <= HIGHEST_PORT or not 1 <= options["workers"] <= MOST_WORKERS:
            raise Fault("usage", "--port 为 1–65535，--workers 为 1–64", "zhibu help serve", exit_code=USAGE)
        address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        if host not in AT_HOME and not settings.ZHIBU_HTTPS:
            raise Fault(
                "https_needed",
                "没有 HTTPS 时只供本机访问：个人信息不能明文经过网络",
                "配置 HTTPS 反向代理并设 ZHIBU_HTTPS=1",
            )
        if options["reload"] and not settings.DEBUG:
            again_for_developers(host)
        # Django's server starts this command a second time, in the process that it restarts
        if os.environ.get("RUN_MAIN") != "true":
            refuse_if_not_migrated()
            refuse_if_taken(host, port)
            self.stdout.write(f"\n支部 Zhibu: http://{address}/\n{sign_ins()}", ending="")
            self.stdout.flush()
            if settings.ZHIBU_DELIVER:
                letters_beside()
        if settings.DEBUG:
            call_command("runserver", address, skip_checks=False)
            return
        collect_static()
        connection.close()
        os.execv(sys.executable, gunicorn(address, options["workers"]))


def letters_beside() -> None:
    """A process beside the server that sends letters, and ends with it."""
    words = ["deliver", "--watch", str(EVERY_SECONDS), "--beside", str(os.getpid())]
    # not a child to be waited for: this process is about to become the server
    os.posix_spawn(
        sys.executable, [sys.executable, "-m", "zhibu.project.cli", *words], os.environ, setpgroup=0
    )


def again_for_developers(host: str) -> None:
    """Begin anew with ZHIBU_DEBUG=1; error pages of that mode show more than strangers may see."""
    if host not in AT_HOME:
        raise Fault("reload_at_home", "--reload 只能在本机使用", "去掉 --reload，或监听 127.0.0.1")
    os.environ["ZHIBU_DEBUG"] = "1"
    os.execv(sys.executable, [sys.executable, "-m", "zhibu.project.cli", *sys.argv[1:]])


def refuse_if_not_migrated() -> None:
    """Refuse a database whose tables are not those of this version."""
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    unknown = sorted(set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations))
    if unknown:
        told = "、".join(f"{app}.{name}" for app, name in unknown[:3])
        raise Fault(
            "database_newer",
            f"数据库由更新的版本建立（{told}）",
            "安装那个版本，或恢复升级前的备份",
            exit_code=NOT_READY,
        )
    if executor.migration_plan(leaves):
        raise Fault(
            "not_migrated",
            "数据库还没有建表，或不是这个版本的",
            "zhibu migrate（会先自动备份）",
            exit_code=NOT_READY,
        )


def refuse_if_taken(host: str, port: int) -> None:
    """Refuse an address somebody listens on, or that is not of this machine."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Fault(
                "port_taken", f"{host}:{port} 不能监听：{error.strerror or error}", f"换一个端口：zhibu serve --port {port % HIGHEST_PORT + 1}",
                exit_code=NOT_READY,
            ) from None  # fmt: skip


def collect_static() -> None:
    """Gather, hash and compress style sheets and scripts, unless those that are there are these."""
    stamp = settings.STATIC_ROOT / STAMP
    wanted = state_of_static()
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(wanted, encoding="ascii")


def state_of_static() -> str:
    """A digest over version, names, sizes and times of all static files as installed."""
    seen = sha256(version("zhibu").encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            when = storage.get_modified_time(name).timestamp()
            seen.update(f"{name}\0{storage.size(name)}\0{when}\n".encode())
    return seen.hexdigest()


def sign_ins() -> str:
    """The accounts of a demonstration, if there is one."""
    file = settings.ZHIBU_HOME / SIGN_INS
    return f"\n{file.read_text(encoding='utf-8').rstrip()}\n\n" if file.exists() else "\n"


def gunicorn(address: str, workers: int) -> list[str]:
    """The command line that takes this process over. No access log: who read what is nobody's to collect."""
    return [
        sys.executable,
        *("-m", "gunicorn", "zhibu.project.wsgi"),
        *("--bind", address),
        *("--workers", str(workers)),
        *("--worker-class", "gthread", "--threads", "8"),
        # a hall of thousands asks in one moment: they wait in line rather than be turned away
        *("--backlog", "16384"),
        *("--max-requests", "5000", "--max-requests-jitter", "500"),
        *("--log-level", "warning"),
    ]
