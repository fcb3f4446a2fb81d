"""`zhibu backup` and `zhibu restore`: everything comes back, or nothing changes."""

import io
import shutil
import sqlite3
import stat
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from tests import prepared
from tests.rooms.project.installed import attach, environment, install, rows, run, tree, well
from zhibu.assessment import migrations as assessment
from zhibu.project.backups import sqlite
from zhibu.project.backups.archive import HEX, MANIFEST, MARK, Manifest, Reader, Writer
from zhibu.project.spoken import Fault

pytestmark = pytest.mark.slow
SESSION = "c0ffee5e5510n4key4that4must4not4leak"
DATABASE = "zhibu.sqlite3"
OWN_KEYS = ["keys/data.key", "keys/secret.key"]
"""All an installation holds after its first command, whatever it was."""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An installation in use, and a backup of it: (home, file, what the command printed)."""
    home = install(tmp_path_factory.mktemp("installed") / "home")
    with closing(sqlite3.connect(home / DATABASE)) as database:
        database.execute(
            "INSERT INTO zb_sign_in (session_key, session_data, expire_date, device) VALUES (?, 'x', '2027-01-01', '')",
            [SESSION],
        )
        database.commit()
    file = home.parent / "one.zhibu-backup"
    return home, file, well(run(home, "backup", file, "--json"))


@pytest.fixture
def empty(tmp_path):
    return tmp_path / "home"


def expected(home):
    """The rows of an installation as a backup keeps them."""
    return {**rows(home / DATABASE), "zb_sign_in": []}


class TestBackup:
    def test_one_file_closed_to_others_that_says_what_it_is(self, made):
        home, file, said = made
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        answer = said.json
        assert answer["tables"] == {name: len(found) for name, found in expected(home).items()}
        assert (answer["size"], answer["media"], answer["missing_media"]) == (file.stat().st_size, 1, [])
        assert "含密钥和个人信息" in answer["notice"]
        assert sorted(path.name for path in file.parent.iterdir()) == ["home", "one.zhibu-backup"]

    def test_any_unzip_can_look_into_it(self, made):
        with zipfile.ZipFile(made[1]) as archive:
            assert archive.testzip() is None
            names = archive.namelist()
        assert {"database/zhibu.sqlite3", "keys/data.key", "keys/secret.key", MANIFEST} < set(names)

    def test_nobodys_sign_in_is_in_it(self, made, tmp_path):
        Reader(made[1]).unpack(sqlite.FILE, tmp_path / "database")
        assert SESSION.encode() not in (tmp_path / "database").read_bytes()

    def test_what_it_says_to_people(self, made, tmp_path):
        said = well(run(made[0], "backup", tmp_path / "two"))
        assert said.out.startswith(f"已备份到 {tmp_path / 'two'}：")
        assert said.err == "含密钥和个人信息：谁拿到这个文件，谁就能读出全部内容。请加密存放，不要外传。\n"

    def test_a_file_that_is_there_already_is_kept(self, made):
        home, file, _said = made
        before = file.read_bytes()
        said = run(home, "backup", file, "--json")
        assert (said.code, said.out, said.error["code"]) == (3, "", "file_exists")
        assert file.read_bytes() == before

    def test_nowhere_to_put_it_and_nothing_to_put(self, made, tmp_path):
        said = run(made[0], "backup", tmp_path / "none" / "file", "--json")
        assert (said.code, said.error["code"]) == (4, "file_missing")
        said = run(tmp_path / "new", "backup", tmp_path / "file", "--json")
        assert (said.code, said.error["code"], (tmp_path / "file").exists()) == (
            6,
            "nothing_to_back_up",
            False,
        )

    def test_a_damaged_database_is_not_backed_up_as_if_it_were_sound(self, made, tmp_path):
        home = shutil.copytree(made[0], tmp_path / "home")
        content = bytearray((home / DATABASE).read_bytes())
        for page in range(len(content) // 4096 // 2, len(content) // 4096 - 1):
            content[page * 4096 + 8 : page * 4096 + 200] = b"\xff" * 192
        (home / DATABASE).write_bytes(content)
        said = run(home, "backup", tmp_path / "file", "--json")
        assert (said.code, said.error["code"]) == (5, "database_unsound")
        assert sorted(path.name for path in tmp_path.iterdir()) == ["home"]

    def test_an_attachment_that_is_gone_is_said(self, made, tmp_path):
        home = shutil.copytree(made[0], tmp_path / "home")
        digest = "ab" * 32
        with closing(sqlite3.connect(home / DATABASE)) as database:
            database.execute(
                "INSERT INTO zb_attachment (organisation_id, subject_table, subject_id, read_verb, name, kind, size,"
                " sha256, actor_name, at) VALUES (1, 'zb_session', 1, 'life.view', 'a.pdf', 'pdf', 1, ?, 'x', '2026-01-01')",
                [digest],
            )
            database.commit()
        said = well(run(home, "backup", tmp_path / "file", "--json"))
        assert said.json["missing_media"] == [digest]


WRITER = """
import sqlite3, sys, time
database = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)
database.execute("PRAGMA synchronous = NORMAL")
number = 0
while True:
    number += 1
    database.execute("BEGIN IMMEDIATE")
    for half in "ab":
        database.execute("INSERT INTO zb_submission (token, user, url, at) VALUES (?, ?, '', '2026-01-01')",
                         [f"{number:08d}{half}", int(sys.argv[2])])
    database.execute("COMMIT")
    print(number, flush=True)
    time.sleep(0.001)
"""


def test_backups_while_others_write_hold_whole_transactions_and_all_that_was_acknowledged(made, tmp_path):
    home = shutil.copytree(made[0], tmp_path / "home")
    command = [sys.executable, "-c", WRITER, str(home / DATABASE)]
    logs = [(tmp_path / f"log{user}").open("w+") for user in (1, 2)]
    writers = [
        subprocess.Popen([*command, str(user)], stdout=log) for user, log in zip((1, 2), logs, strict=True)
    ]
    try:
        for number in range(4):
            acknowledged = [_last(log.name) for log in logs]
            well(run(home, "backup", tmp_path / f"backup{number}"))
            Reader(tmp_path / f"backup{number}").unpack(sqlite.FILE, tmp_path / f"database{number}")
            found = rows(tmp_path / f"database{number}")["zb_submission"]
            for user, least in zip((1, 2), acknowledged, strict=True):
                tokens = sorted(row[1] for row in found if row[2] == user)
                assert len(tokens) % 2 == 0
                assert len(tokens) >= 2 * least
                assert tokens == [f"{n:08d}{half}" for n in range(1, len(tokens) // 2 + 1) for half in "ab"]
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()
        for log in logs:
            log.close()
    restored = tmp_path / "restored"
    well(run(restored, "restore", tmp_path / "backup3"))
    assert rows(restored / DATABASE) == rows(tmp_path / "database3")
    now = rows(home / DATABASE)
    before, after = rows(restored / DATABASE).pop("zb_submission"), now.pop("zb_submission")
    assert len(before) > 0
    assert set(before) <= set(after)
    assert {**rows(restored / DATABASE), "zb_submission": []} == {
        **now,
        "zb_submission": [],
        "zb_sign_in": [],
    }


def _last(log):
    with open(log) as file:
        lines = file.read().split()
    return int(lines[-1]) if lines else 0


class TestRestore:
    def test_everything_comes_back_row_by_row(self, made, empty):
        home, file, _said = made
        said = well(run(empty, "restore", file, "--json"))
        assert rows(empty / DATABASE) == expected(home)
        assert {name: digest for name, digest in tree(empty).items() if not name.startswith("zhibu.")} == {
            name: digest for name, digest in tree(home).items() if not name.startswith("zhibu.")
        }
        answer = said.json
        assert (answer["restored"], answer["faults"], answer["pending"], answer["replaced"]) == (
            True,
            [],
            [],
            None,
        )
        assert answer["entries"] == len(expected(home)["zb_entry"]) > 0
        assert well(run(empty, "record", "verify", "--json")).json["ok"]
        asked = ("assess", "--organisation", "001", "--quarter", "2025Q3", "--json")
        assert run(empty, *asked).out == run(home, *asked).out
        assert stat.S_IMODE((empty / DATABASE).stat().st_mode) == 0o600
        assert stat.S_IMODE((empty / "keys/data.key").stat().st_mode) == 0o600
        assert sorted(path.name for path in empty.iterdir() if path.name.startswith(".")) == []

    def test_into_an_installation_in_use_nothing(self, made, tmp_path):
        home = shutil.copytree(made[0], tmp_path / "home")
        before = tree(home)
        said = run(home, "restore", made[1], "--json")
        assert (said.code, said.out, said.error["code"]) == (3, "", "home_not_empty")
        assert tree(home) == before

    def test_by_force_what_was_there_is_moved_aside(self, made, tmp_path):
        home = shutil.copytree(made[0], tmp_path / "home")
        attach(home, b"later")
        with closing(sqlite3.connect(home / DATABASE)) as database:
            database.execute("UPDATE zb_person SET name = '后改'")
            database.commit()
        # a log that belongs to the old database only
        (home / (DATABASE + "-wal")).write_bytes(b"")
        said = well(run(home, "restore", made[1], "--force", "--json"))
        assert rows(home / DATABASE) == expected(made[0])
        replaced = home / "backups" / Path(said.json["replaced"]).name
        assert rows(replaced / DATABASE)["zb_person"][0] != rows(home / DATABASE)["zb_person"][0]
        assert len([path for path in (replaced / "media").rglob("*") if path.is_file()]) == 2
        assert (replaced / "keys/data.key").exists()

    def test_a_drill_changes_nothing(self, made, empty):
        home, file, _said = made
        before = tree(home)
        said = well(run(home, "restore", file, "--verify", "--json"))
        assert (said.json["restored"], said.json["depth"], said.json["entries"]) == (False, "whole", 10)
        assert tree(home) == before
        well(run(empty, "restore", file, "--verify"))
        assert not (empty / DATABASE).exists()

    def test_migrated_and_never_used_counts_as_empty(self, made, empty):
        prepared.install(empty)
        well(run(empty, "restore", made[1]))
        assert rows(empty / DATABASE) == expected(made[0])
        assert list((empty / "backups").iterdir()) == []

    def test_a_command_written_wrong(self, zhibu):
        for words in ((), ("a", "b"), ("a", "--quick")):
            assert zhibu("restore", *words).code == 2
            assert zhibu("backup", *words).code == 2

    def test_a_file_that_is_missing(self, empty, tmp_path):
        said = run(empty, "restore", tmp_path / "none", "--json")
        assert (said.code, said.error["code"]) == (4, "file_missing")


class TestDamage:
    """A backup of which one bit is not as it was."""

    def test_a_flipped_bit_wherever_it_is(self, made, tmp_path):
        content = made[1].read_bytes()
        file = tmp_path / "flipped"
        step = len(content) // 150
        for place in [*range(0, len(content), step), *range(len(content) - 200, len(content))]:
            changed = bytearray(content)
            changed[place] ^= 1 << (place % 8)
            file.write_bytes(changed)
            with pytest.raises(Fault) as fault:
                Reader(file)
            assert fault.value.code in {"backup_damaged", "not_a_backup"}
            assert fault.value.returncode == 5

    def test_a_file_cut_short_wherever_it_is(self, made, tmp_path):
        content = made[1].read_bytes()
        file = tmp_path / "short"
        for length in [1, 100, len(content) // 2, len(content) - HEX - 40, len(content) - 1]:
            file.write_bytes(content[:length])
            with pytest.raises(Fault) as fault:
                Reader(file)
            assert fault.value.code in {"backup_damaged", "not_a_backup"}
        file.write_bytes(content + b"\n")
        with pytest.raises(Fault, match="backup_damaged"):
            Reader(file)

    def test_it_is_refused_with_nothing_changed(self, made, tmp_path, empty):
        content = bytearray(made[1].read_bytes())
        content[len(content) // 2] ^= 4
        damaged, nothing, other = tmp_path / "damaged", tmp_path / "nothing", tmp_path / "other"
        damaged.write_bytes(content)
        nothing.write_bytes(b"")
        other.write_text("no backup at all")
        for file, code in ((damaged, "backup_damaged"), (nothing, "backup_empty"), (other, "not_a_backup")):
            said = run(empty, "restore", file, "--json")
            assert (said.code, said.out, said.error["code"]) == (5, "", code)
            assert sorted(tree(empty)) == OWN_KEYS
        home, before = made[0], tree(made[0])
        for how in ("--verify", "--force"):
            said = run(home, "restore", damaged, how, "--json")
            assert (said.code, said.error["code"]) == (5, "backup_damaged")
        assert tree(home) == before


@pytest.fixture
def forged(made, tmp_path):
    """A backup that is whole and says something untrue: forged(change) where change alters a dict of its members."""

    def forge(change=lambda members: None, **said):
        reader = Reader(made[1])
        members = {name: b"".join(reader.chunks(name)) for name in reader.manifest.members}
        change(members)
        file = tmp_path / "forged"
        file.unlink(missing_ok=True)
        writer = Writer(file)
        for name, content in members.items():
            with writer.writing(name) as put:
                put(content)
        was = reader.manifest
        given = {name: getattr(was, name) for name in ("made_at", "zhibu", "engine", "migrations", "rows")}
        writer.finish(Manifest(**{**given, **said}))
        return file

    return forge


def altered(statement):
    """Change the database in an archive by one statement, triggers put aside."""

    def change(members):
        database = sqlite3.connect(":memory:")
        database.deserialize(members[sqlite.FILE])
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute(statement)
        database.commit()
        members[sqlite.FILE] = bytes(database.serialize())

    return change


class TestForgery:
    """Whole files whose content does not hold together."""

    def refused(self, file, empty, code, exit_code=5):
        said = run(empty, "restore", file, "--json")
        assert (said.code, said.out, said.error["code"]) == (exit_code, "", code)
        assert sorted(tree(empty)) == OWN_KEYS
        assert (empty / "keys/data.key").read_bytes() not in {
            b"".join(Reader(file).chunks(name))
            for name in Reader(file).manifest.members
            if name == "keys/data.key"
        }

    def test_an_unaltered_forgery_is_taken(self, forged, empty):
        well(run(empty, "restore", forged()))

    def test_other_rows_than_it_says(self, forged, empty):
        self.refused(forged(altered("DELETE FROM zb_phone_token WHERE id = 1")), empty, "rows_differ")

    def test_references_to_nothing(self, forged, empty):
        self.refused(
            forged(altered("UPDATE zb_membership SET person_id = 99999 WHERE id = 1")),
            empty,
            "database_unsound",
        )

    def test_pages_that_are_none(self, forged, empty):
        def scratch(members):
            content = bytearray(members[sqlite.FILE])
            content[4096 * 9 : 4096 * 12] = b"\x05" * 4096 * 3
            members[sqlite.FILE] = bytes(content)

        self.refused(forged(scratch), empty, "database_unsound")

    def test_a_record_that_was_edited(self, forged, empty):
        file = forged(altered("UPDATE zb_entry SET actor_name = '别人' WHERE id = 2"))
        self.refused(file, empty, "record_broken")
        said = well(run(empty, "restore", file, "--accept-record-faults", "--json"))
        assert any("says something else" in fault for fault in said.json["faults"])

    def test_keys_of_another_installation(self, forged, empty):
        def exchange(members):
            members["keys/data.key"] = b"ab" * 32 + b"\n"

        self.refused(forged(exchange), empty, "keys_differ")

    def test_no_keys(self, forged, empty):
        self.refused(forged(lambda members: members.pop("keys/data.key")), empty, "keys_missing")

    def test_a_later_version(self, forged, empty):
        migrations = [*Reader(forged()).manifest.migrations, ["life", "9999_later"]]
        self.refused(forged(migrations=migrations), empty, "backup_newer", 3)
        with pytest.raises(Fault, match="backup_newer"):
            Reader(forged(format=2))

    def test_a_backup_of_postgresql_does_not_go_into_sqlite(self, forged, empty):
        self.refused(forged(engine="postgresql"), empty, "engine_differs", 3)

    @pytest.mark.parametrize(
        "name", ["media/../../outside", "/media/outside", "media\\..\\outside", "outside"]
    )
    def test_a_way_out_of_the_home(self, forged, name):
        with pytest.raises(Fault, match="不该有的路径"):
            Reader(forged(lambda members: members.update({name: b"x"})))

    def test_members_that_are_not_in_the_manifest(self, made, tmp_path):
        content = made[1].read_bytes()
        stream = io.BytesIO(content)
        with zipfile.ZipFile(stream, "a") as archive:
            archive.writestr("media/added", b"x")
            archive.comment = MARK + b"0" * HEX
        changed = stream.getvalue()
        import hashlib

        file = tmp_path / "added"
        file.write_bytes(changed[:-HEX] + hashlib.sha256(changed[:-HEX]).hexdigest().encode())
        with pytest.raises(Fault, match="内容与清单不符"):
            Reader(file)


class TestMigrate:
    def test_a_backup_comes_first_and_only_when_something_changes(self, made, tmp_path):
        """Down, and up again from an older backup that was restored."""
        home, empty = shutil.copytree(made[0], tmp_path / "home"), tmp_path / "empty"
        well(run(home, "migrate", "-v", "0"))
        assert not (home / "backups").exists()
        said = well(run(home, "migrate", "assessment", "zero"))
        (first,) = (home / "backups").iterdir()
        assert f"升级前已备份到 {first}" in said.err
        assert "zb_run" not in rows(home / DATABASE)
        well(run(home, "backup", tmp_path / "older"))
        said = well(run(empty, "restore", tmp_path / "older", "--json"))
        named = sorted(each.stem for each in Path(assessment.__file__).parent.glob("0*.py"))
        assert said.json["pending"] == [f"assessment.{name}" for name in named]
        before = len(list((empty / "backups").glob("*")))
        well(run(empty, "migrate", "-v", "0"))
        assert len(list((empty / "backups").iterdir())) == before + 1
        assert set(rows(empty / DATABASE)) == set(rows(made[0] / DATABASE))
        well(run(empty, "migrate", "assessment", "zero", "--no-backup"))
        assert len(list((empty / "backups").iterdir())) == before + 1
        restored = tmp_path / "restored"
        well(run(restored, "restore", first))
        assert rows(restored / DATABASE) == expected(made[0])

    def test_a_new_installation_has_nothing_to_back_up(self, empty):
        # some of the migrations are enough: all of them, first and last, are applied by tests.prepared
        well(run(empty, "migrate", "contenttypes", "-v", "0"))
        assert not (empty / "backups").exists()


def test_the_environment_of_these_tests_is_their_own(tmp_path):
    assert environment(tmp_path)["ZHIBU_HOME"] == str(tmp_path)
    assert "ZHIBU_DATABASE_URL" not in environment(tmp_path)
