"""Backups of PostgreSQL, and the way from SQLite to PostgreSQL."""

import os
import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.rooms.project.installed import install, rows, run, tree, well
from zhibu.project.backups import postgres
from zhibu.project.backups.archive import Reader
from zhibu.project.environment import database_from_url

pytestmark = [pytest.mark.postgres, pytest.mark.release]


class Server:
    """The server of the tests, with databases of our own on it."""

    def __init__(self) -> None:
        self.url = os.environ["ZHIBU_DATABASE_URL"]
        self.parts = database_from_url(self.url)
        self.made: list[str] = []

    def connect(self, name: str | None = None, **more: Any) -> psycopg.Connection:
        return psycopg.connect(
            host=self.parts["HOST"],
            user=self.parts["USER"],
            dbname=name or self.parts["NAME"],
            autocommit=True,
            **more,
        )

    def database(self) -> str:
        """A new empty database; its address."""
        name = f"zb_backup_{os.getpid()}_{len(self.made)}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name}")
        self.made.append(name)
        return self.url.replace(f"/{self.parts['NAME']}?", f"/{name}?")

    def drop(self) -> None:
        with self.connect() as connection:
            for name in self.made:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.drop()


@pytest.fixture(scope="module")
def made(server, tmp_path_factory):
    """An installation on PostgreSQL and a backup of it: (home, address, file)."""
    url = server.database()
    home = install(tmp_path_factory.mktemp("postgres") / "home", url)
    file = home.parent / "one"
    well(run(home, "backup", file, url=url))
    return home, url, file


def content(file):
    """Every member but the manifest, and what the manifest counts."""
    manifest = Reader(file).manifest
    return {name: each.sha256 for name, each in manifest.members.items()}, manifest.rows, manifest.sequences


def test_a_restored_database_backs_up_to_the_same_bytes(server, made, tmp_path):
    url, home = server.database(), tmp_path / "home"
    said = well(run(home, "restore", made[2], "--json", url=url))
    assert said.json["entries"] > 0
    well(run(home, "backup", tmp_path / "again", url=url))
    assert content(tmp_path / "again") == content(made[2])
    asked = ("assess", "--organisation", "001", "--quarter", "2025Q3", "--json")
    assert run(home, *asked, url=url).out == run(made[0], *asked, url=made[1]).out
    assert well(run(home, "record", "verify", "--json", url=url)).json["ok"]


def test_a_drill_leaves_the_database_and_the_home_alone(made):
    before = tree(made[0])
    said = well(run(made[0], "restore", made[2], "--verify", "--json", url=made[1]))
    assert (said.json["depth"], said.json["restored"]) == ("whole", False)
    assert tree(made[0]) == before


def test_an_installation_in_use_is_never_overwritten(server, made):
    before = tree(made[0])
    for words in ((), ("--force",)):
        said = run(made[0], "restore", made[2], *words, "--json", url=made[1])
        assert (said.code, said.error["code"]) == (3, "home_not_empty")
    assert tree(made[0]) == before


def test_other_tables_than_ours_are_no_empty_database(server, made, tmp_path):
    url = server.database()
    with server.connect(server.made[-1]) as connection:
        connection.execute("CREATE TABLE someones (id integer)")
    said = run(tmp_path / "home", "restore", made[2], "--json", url=url)
    assert (said.code, said.error["code"]) == (3, "database_not_empty")
    assert sorted(tree(tmp_path / "home")) == ["keys/data.key", "keys/secret.key"]


def test_numbers_once_given_are_not_given_again(server, made, tmp_path):
    url = server.database()
    well(run(tmp_path / "home", "restore", made[2], url=url))
    with server.connect(server.made[-1]) as connection, connection.cursor() as cursor:
        (highest,) = cursor.execute("SELECT max(id) FROM zb_person").fetchone()
        (given,) = cursor.execute("SELECT nextval(pg_get_serial_sequence('zb_person', 'id'))").fetchone()
    assert given == highest + 1


def test_a_backup_while_others_write_is_of_one_moment(server, made, tmp_path):
    name = server.made[0]
    stop = threading.Event()

    def write():
        with server.connect(name) as connection:
            number = 0
            while not stop.is_set():
                number += 1
                with connection.transaction():
                    for half in "ab":
                        connection.execute(
                            "INSERT INTO zb_submission (token, \"user\", url, at) VALUES (%s, 9, '', now())",
                            [f"{number:08d}{half}"],
                        )

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(2):
            well(run(made[0], "backup", tmp_path / f"backup{number}", url=made[1]))
    finally:
        stop.set()
        writer.join()
    for number in range(2):
        reader = Reader(tmp_path / f"backup{number}")
        lines = b"".join(reader.chunks(postgres.member("zb_submission"))).decode().splitlines()
        place = reader.manifest.columns["zb_submission"].index("token")
        tokens = sorted(line.split("\t")[place] for line in lines)
        assert len(tokens) == reader.manifest.rows["zb_submission"] > 0
        assert tokens == [f"{n:08d}{half}" for n in range(1, len(tokens) // 2 + 1) for half in "ab"]


def test_from_sqlite_to_postgresql_and_not_back(server, made, tmp_path):
    small = install(tmp_path / "small")
    well(run(small, "backup", tmp_path / "file"))
    url, home = server.database(), tmp_path / "home"
    said = well(run(home, "restore", tmp_path / "file", "--json", url=url))
    assert said.json["tables"] == {name: len(found) for name, found in rows(small / "zhibu.sqlite3").items()}
    for words in (
        ("assess", "--organisation", "001", "--quarter", "2025Q3", "--json"),
        ("explain", "S12", "--organisation", "001", "--quarter", "2025Q3", "--json"),
    ):
        here, there = run(home, *words, url=url), run(small, *words)
        assert {**here.json, "engine": ""} == {**there.json, "engine": ""}
    assert well(run(home, "record", "verify", "--json", url=url)).json["ok"]
    # the next row gets a number of its own
    ledger = run(home, "import", "roster", "tests/data/roster-clean.xlsx", "--json", url=url)
    assert (ledger.code, ledger.json["unchanged"]) == (0, 233)
    said = run(tmp_path / "other", "restore", made[2], "--json")
    assert (said.code, said.error["code"]) == (3, "engine_differs")
