"""`zhibu serve` tells the address and who may sign in, and refuses what cannot work, with the remedy."""

import os
import socket
import sys

import pytest
from django.db import connection

from zhibu.project.management.commands import serve

pytestmark = pytest.mark.django_db


@pytest.fixture
def started(monkeypatch, settings, tmp_path):
    """What would have been started."""
    begun = []
    monkeypatch.setattr(os, "execv", lambda program, arguments: begun.append((program, arguments)))
    monkeypatch.setattr(connection, "close", lambda: None)
    settings.STATIC_ROOT = tmp_path / "static"
    settings.ZHIBU_HOME = tmp_path
    return begun


@pytest.fixture
def port():
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_gunicorn_takes_the_process_over(zhibu, started, port, tmp_path):
    (tmp_path / "sign-ins.txt").write_text("书记 李书记 / 123\n", encoding="utf-8")
    said = zhibu("serve", "--port", port, "--workers", 3)
    assert (said.code, said.out) == (0, f"\n支部 Zhibu: http://127.0.0.1:{port}/\n\n书记 李书记 / 123\n\n")
    assert started == [(sys.executable, serve.gunicorn(f"127.0.0.1:{port}", 3))]


def test_two_workers_when_nothing_is_said(zhibu, started, port):
    zhibu("serve", "--port", port)
    assert started == [(sys.executable, serve.gunicorn(f"127.0.0.1:{port}", 2))]


def test_style_sheets_are_gathered_once(zhibu, started, port, settings):
    zhibu("serve", "--port", port)
    stamp = settings.STATIC_ROOT / serve.STAMP
    first = stamp.stat().st_mtime_ns
    assert len(list(settings.STATIC_ROOT.iterdir())) > 1
    zhibu("serve", "--port", port)
    assert stamp.stat().st_mtime_ns == first
    stamp.write_text("of another version")
    zhibu("serve", "--port", port)
    assert stamp.read_text() == serve.state_of_static()


def test_a_database_without_its_migrations(zhibu, started, monkeypatch):
    monkeypatch.setattr(serve.MigrationExecutor, "migration_plan", lambda self, targets: ["0002"])
    said = zhibu("serve")
    assert (said.code, said.out, started) == (6, "", [])
    assert (
        said.err
        == "错误 [not_migrated] 数据库还没有建表，或不是这个版本的\n办法：zhibu migrate（会先自动备份）\n"
    )


def test_a_database_of_a_later_version(zhibu, started):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('life', '9999_later', '2026-01-01')"
        )
    said = zhibu("serve")
    assert (said.code, started) == (6, [])
    assert said.err.startswith("错误 [database_newer] 数据库由更新的版本建立（life.9999_later）\n办法：")


def test_a_port_somebody_listens_on(zhibu, started, port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        said = zhibu("serve", "--port", port)
    assert (said.code, said.out, started) == (6, "", [])
    assert said.err.startswith(f"错误 [port_taken] 127.0.0.1:{port} 不能监听：")
    assert f"zhibu serve --port {port + 1}" in said.err


@pytest.mark.parametrize(
    "words",
    [
        ("--port", "0"),
        ("--port", "70000"),
        ("--port", "x"),
        ("--workers", "0"),
        ("--workers", "100"),
        ("here",),
    ],
)
def test_a_command_written_wrong(zhibu, started, words):
    said = zhibu("serve", *words)
    assert (said.code, said.out, started) == (2, "", [])
    assert "错误 [usage] " in said.err


def test_strangers_are_not_answered_in_the_clear(zhibu, started, settings):
    settings.ZHIBU_HTTPS = False
    said = zhibu("serve", "--host", "0.0.0.0")
    assert (said.code, started) == (3, [])
    assert "错误 [https_needed]" in said.err


def test_the_developers_server_begins_anew_with_debug(zhibu, started, monkeypatch, settings):
    monkeypatch.setenv("ZHIBU_DEBUG", "0")
    monkeypatch.setattr(
        os, "execv", lambda program, arguments: (started.append((program, arguments)), sys.exit(0))
    )
    zhibu("serve", "--reload", "--port", "8001")
    again = [sys.executable, "-m", "zhibu.project.cli", "serve", "--reload", "--port", "8001"]
    assert (started, os.environ["ZHIBU_DEBUG"]) == ([(sys.executable, again)], "1")
    settings.ZHIBU_HTTPS = True
    assert "错误 [reload_at_home]" in zhibu("serve", "--reload", "--host", "0.0.0.0").err
