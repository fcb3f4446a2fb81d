"""zhibu serve: answer browsers until told to stop."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

# written by `zhibu demo`: who may sign in to the demonstration, and with what
SIGN_INS = "sign-ins.txt"


class Command(BaseCommand):
    help = "Serve Zhibu: by gunicorn, or with ZHIBU_DEBUG=1 by Django's own server, which restarts on every edit."

    # Django's server looks at everything itself, and this command is run twice for it
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--host", default="127.0.0.1", help="address to listen on (127.0.0.1: this machine only)"
        )
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--workers", type=int, default=2, help="processes of gunicorn, each with four threads"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        address = f"{options['host']}:{options['port']}"
        if not settings.DEBUG:
            self.check()
            refuse_if_not_migrated()
        # Django's server starts this command a second time, in the process that it restarts
        if os.environ.get("RUN_MAIN") != "true":
            self.stdout.write(f"\n支部 Zhibu: http://{address}/\n{sign_ins()}", ending="")
            self.stdout.flush()
        if settings.DEBUG:
            call_command("runserver", address)
        else:
            call_command("collectstatic", interactive=False, verbosity=0)
            connection.close()
            os.execv(sys.executable, gunicorn(address, options["workers"]))


def refuse_if_not_migrated() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError("The database is not of this version yet. Back it up, then run: zhibu migrate")


def sign_ins() -> str:
    file = settings.ZHIBU_HOME / SIGN_INS
    return f"\n{file.read_text(encoding='utf-8').rstrip()}\n\n" if file.exists() else "\n"


def gunicorn(address: str, workers: int) -> list[str]:
    """The command line that takes this process over. No access log: who read what is nobody's to collect."""
    return [
        sys.executable,
        *("-m", "gunicorn", "zhibu.project.wsgi"),
        *("--bind", address),
        *("--workers", str(workers)),
        *("--worker-class", "gthread", "--threads", "4"),
        *("--max-requests", "5000", "--max-requests-jitter", "500"),
        *("--log-level", "warning"),
    ]
