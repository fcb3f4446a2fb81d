"""`zhibu migrate`: Django's, after a backup when a database with records is about to change."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from zhibu.project.backups import backup
from zhibu.project.backups.places import is_file_database, safe_place
from zhibu.record import past


class Command(Migrate):
    """建表或升级数据库。"""

    help = "建表或升级数据库。已有数据且需要升级时，先备份到 ZHIBU_HOME/backups。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Django's arguments, and one to go without a backup."""
        super().add_arguments(parser)  # type: ignore[arg-type]
        parser.add_argument("--no-backup", action="store_true", help="不先备份（已另行备份时）")

    def handle(self, *args: Any, **options: Any) -> None:
        """Back up if something would be lost by a failure half-way; then migrate.

        Afterwards the triggers of `record.past` are made anew: a table that a migration rebuilt has lost its own.
        """
        if (
            not options["no_backup"]
            and not options["plan"]
            and not options["check_unapplied"]
            and about_to_change(options)
        ):
            file = safe_place(f"before-migrate-{timezone.localtime():%Y%m%d-%H%M%S}")
            made = backup(file)
            if options["verbosity"]:
                self.stderr.write(f"升级前已备份到 {made.file}（含密钥和个人信息，请妥善保管）")
        super().handle(*args, **options)
        if not options["plan"] and not options["check_unapplied"]:
            past.establish(connections[options["database"]])


def about_to_change(options: dict[str, Any]) -> bool:
    """Whether the installation's own database has been used and some migration is not applied (or one is named)."""
    if options["database"] != "default" or not is_file_database():
        return False
    recorder = MigrationRecorder(connection)
    if not recorder.has_table() or not recorder.applied_migrations():
        return False
    executor = MigrationExecutor(connection)
    return bool(options["app_label"] or executor.migration_plan(executor.loader.graph.leaf_nodes()))
