"""`zhibu forget`: delete what has been kept long enough. To be run every night."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessFailureLog, AccessLog
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.utils import timezone

from zhibu.accounts.models import SignIn
from zhibu.concerns import actions as concerns
from zhibu.letters import actions as letters
from zhibu.pledges import actions as pledges
from zhibu.record import submissions
from zhibu.record.models import Entry
from zhibu.undertakings import actions as undertakings


class Command(BaseCommand):
    """删除已过保存期限的登录日志、过期会话、表单标记、没有汇总的答卷、已转出党员的照片、到期的帮扶。留痕不在其内，从不删除。"""

    help = (
        "Deletes sign-in logs past their time, ended sessions, tokens of forms, answers nobody counted,"
        " portraits of members who left, help plans past their term."
        " The record is never deleted."
    )

    # of the code; `zhibu check` and `migrate` look through it
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--now", help="pretend it is this instant (ISO 8601), for tests")

    def handle(self, *args: Any, **options: Any) -> None:
        now = datetime.fromisoformat(options["now"]) if options["now"] else timezone.now()
        counts = _forgotten(now)
        _blur(now)
        if counts["undertakings"] or _declined_since(now):
            _rewrite()
        self.stdout.write(", ".join(f"{name} {count}" for name, count in counts.items()))


@transaction.atomic
def _forgotten(now: datetime) -> dict[str, int]:
    limit = now - timedelta(days=settings.ZHIBU_LOG_DAYS)
    return {
        "sign-ins": AccessLog.objects.filter(attempt_time__lt=limit).delete()[0],
        "failures": AccessFailureLog.objects.filter(attempt_time__lt=limit).delete()[0],
        "sessions": SignIn.objects.filter(expire_date__lt=now).delete()[0],
        "tokens": submissions.forget(now),
        "surveys": concerns.forget_surveys(now),
        "portraits": pledges.forget_portraits(now),
        "undertakings": undertakings.forget_undertakings(now),
    }


def _declined_since(now: datetime) -> bool:
    """Whether somebody took back consent since the last nights: what was deleted then is rewritten now."""
    return Entry.objects.filter(act="undertakings.decline", at__gte=now - timedelta(days=2)).exists()


def _blur(now: datetime) -> None:
    """A letter without a name has no instant, but the database's own log and counters stand between entries that have one.

    PostgreSQL: the letters of the last days are written anew, all in one transaction. SQLite: the log is emptied.
    """
    letters.blur(now)
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute(f"VACUUM {letters.TABLE}")


def _rewrite() -> None:
    """Leave nothing of deleted rows in free pages, old versions or the log of the database itself.

    Backups and an archive of PostgreSQL's log have terms of their own: see docs/operate.
    """
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute(f"VACUUM (FULL) {', '.join(undertakings.TABLES)}")
