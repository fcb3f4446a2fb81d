"""`zhibu serve` tells the address and who may sign in, and refuses a database of another version."""

import os
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from zhibu.project.management.commands import serve


@pytest.fixture
def started(monkeypatch, settings, tmp_path):
    """What would have been started."""
    begun = []
    monkeypatch.setattr(os, "execv", lambda program, arguments: begun.append((program, arguments)))
    monkeypatch.setattr(connection, "close", lambda: None)
    settings.STATIC_ROOT = tmp_path / "static"
    settings.ZHIBU_HOME = tmp_path
    return begun


@pytest.mark.django_db
def test_gunicorn_takes_the_process_over(started, capsys, tmp_path):
    (tmp_path / "sign-ins.txt").write_text("书记 李书记 / 123\n", encoding="utf-8")
    call_command("serve", port=8123, workers=3)
    assert capsys.readouterr().out == "\n支部 Zhibu: http://127.0.0.1:8123/\n\n书记 李书记 / 123\n\n"
    assert started == [(sys.executable, serve.gunicorn("127.0.0.1:8123", 3))]


@pytest.mark.django_db
def test_an_older_database_is_refused(started, monkeypatch):
    monkeypatch.setattr(serve.MigrationExecutor, "migration_plan", lambda self, targets: ["0002"])
    with pytest.raises(CommandError, match="run: zhibu migrate"):
        call_command("serve")
    assert started == []
