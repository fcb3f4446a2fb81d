"""`zhibu forget`: delete what has been kept long enough. To be run every night."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessFailureLog, AccessLog
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from zhibu.accounts.models import SignIn
from zhibu.record import submissions


class Command(BaseCommand):
    """删除已过保存期限的登录日志、过期会话和表单标记。留痕不在其内，从不删除。"""

    help = "Deletes sign-in logs past their time, ended sessions and tokens of forms. The record is never deleted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--now", help="pretend it is this instant (ISO 8601), for tests")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        now = datetime.fromisoformat(options["now"]) if options["now"] else timezone.now()
        limit = now - timedelta(days=settings.ZHIBU_LOG_DAYS)
        counts = {
            "sign-ins": AccessLog.objects.filter(attempt_time__lt=limit).delete()[0],
            "failures": AccessFailureLog.objects.filter(attempt_time__lt=limit).delete()[0],
            "sessions": SignIn.objects.filter(expire_date__lt=now).delete()[0],
            "tokens": submissions.forget(now),
        }
        self.stdout.write(", ".join(f"{name} {count}" for name, count in counts.items()))
