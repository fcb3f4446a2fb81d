"""What the environment says is understood, or refused in words."""

import stat
from multiprocessing.pool import ThreadPool
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from zhibu.project.environment import (
    database_from_url,
    env_bool,
    env_choice,
    env_int,
    env_list,
    env_path,
    key_file,
)


@pytest.mark.parametrize(
    ("value", "meaning"), [("1", True), ("Yes", True), ("0", False), ("", False), ("OFF", False)]
)
def test_yes_and_no(monkeypatch, value, meaning):
    monkeypatch.setenv("ZHIBU_X", value)
    assert env_bool("ZHIBU_X", default=not meaning) is meaning


def test_what_is_not_said_has_its_default(monkeypatch):
    monkeypatch.delenv("ZHIBU_X", raising=False)
    assert env_bool("ZHIBU_X", default=True) is True
    assert env_int("ZHIBU_X", 7) == 7
    assert env_list("ZHIBU_X", ["a"]) == ["a"]
    assert env_choice("ZHIBU_X", ("A", "B")) == "A"
    assert env_path("ZHIBU_X", Path("var")) == Path("var").resolve()


@pytest.mark.parametrize(
    ("read", "value", "words"),
    [
        (
            lambda: env_bool("ZHIBU_X", default=False),
            "maybe",
            "ZHIBU_X='maybe' is neither yes nor no; write 1 or 0.",
        ),
        (lambda: env_int("ZHIBU_X", 7), "7,5", "ZHIBU_X='7,5' is not a whole number; write one such as 7."),
        (lambda: env_choice("ZHIBU_X", ("A", "B")), "C", "ZHIBU_X='C' is unknown; write one of A, B."),
        (
            lambda: env_path("ZHIBU_X", Path("var")),
            " ",
            "ZHIBU_X is empty; write a directory, or unset it to use var.",
        ),
    ],
)
def test_what_is_not_understood_is_refused(monkeypatch, read, value, words):
    monkeypatch.setenv("ZHIBU_X", value)
    with pytest.raises(ImproperlyConfigured) as refusal:
        read()
    assert str(refusal.value) == words


def test_an_address_of_postgresql():
    read = database_from_url("postgresql://li:p%40ss@db.example:5433/zhibu?sslmode=require")
    assert read == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "zhibu",
        "USER": "li",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"sslmode": "require"},
    }


def test_a_unix_socket():
    read = database_from_url("postgres://li@/zhibu?host=%2Frun%2Fpostgresql")
    assert (read["HOST"], read["PORT"], read["OPTIONS"]) == ("/run/postgresql", "", {})


@pytest.mark.parametrize(
    "url", ["mysql://x/y", "postgresql://x", "postgresql://x/y/z", "postgresql://x:port/y", "zhibu"]
)
def test_another_address_is_refused_without_its_password(url):
    with pytest.raises(ImproperlyConfigured, match=r"^ZHIBU_DATABASE_URL "):
        database_from_url(url)


def test_a_key_is_made_once_and_closed_to_others(tmp_path):
    file = tmp_path / "keys" / "data.key"
    with ThreadPool(8) as pool:
        keys = set(pool.map(lambda _: key_file(file), range(32)))
    assert [len(key) for key in keys] == [32]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [path.name for path in file.parent.iterdir()] == ["data.key"]


def test_a_broken_key_is_never_replaced(tmp_path):
    file = tmp_path / "data.key"
    file.write_text("abc")
    with pytest.raises(ImproperlyConfigured, match="does not hold a key"):
        key_file(file)
    assert file.read_text() == "abc"
