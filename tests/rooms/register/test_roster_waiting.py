"""While a roster is imported: progress told to the page; two at once; the process ended half-way."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import prepared
from tests.rooms.project.installed import environment, rows, run, well
from zhibu.record.models import ImportBatch
from zhibu.record.progress import told_to
from zhibu.register.models import Person, Post

from .conftest import TODAY, import_file, officer_at, sample
from .rosters import people, workbook


@pytest.fixture
def officer(committee):
    who = Person.objects.create(name="孙组织员")
    Post.objects.create(person=who, organisation=committee, kind="committee_officer", since=TODAY)
    return who


def test_every_stage_is_told_up_to_its_end(committee):
    told = []
    assert import_file(committee, workbook(people(620)), tell=lambda *each: told.append(each)).imported == 620
    stages = list(dict.fromkeys(stage for stage, _done, _total in told))
    assert stages == ["reading", "checking", "comparing", "writing"]
    for stage in stages[1:]:
        counts = [done for name, done, _total in told if name == stage]
        assert (counts, counts[0], counts[-1]) == (sorted(counts), 0, 620)


def test_the_page_that_waits_is_told_and_another_is_not(committee, officer, enter, settings, tmp_path):
    settings.ZHIBU_HOME = tmp_path
    client = enter(officer)
    page = client.get("/register/import").content.decode()
    assert 'data-waiting="/progress/" data-of="zb_token"' in page
    user = int(client.session["_auth_user_id"])
    with told_to(user, "mine") as tell, told_to(user + 1, "theirs") as other:
        tell("checking", 3_200, 10_000)
        other("checking", 1, 9)
        mine, theirs = (
            client.get("/progress/", {"of": token}).content.decode() for token in ("mine", "theirs")
        )
    assert "已核对 3200 / 10000 行" in mine.replace(",", "")
    assert '<progress value="3200" max="10000">32%</progress>' in mine
    assert "行" not in theirs
    assert "正在处理" in theirs


def test_asking_for_progress_keeps_no_session_awake(officer, enter):
    client = enter(officer)
    client.get("/")
    session = client.session
    session["zb_seen"] = seen = session["zb_seen"] - 600
    session.save()
    client.get("/progress/", {"of": "x"})
    assert client.session["zb_seen"] == seen
    client.get("/")
    assert client.session["zb_seen"] > seen


def test_an_upload_is_checked_with_its_form_s_token(committee, officer, enter, settings, tmp_path):
    settings.ZHIBU_HOME = tmp_path
    file = SimpleUploadedFile("名册.xlsx", sample("roster-clean")[0])
    answer = enter(officer).post(
        "/register/import", {"organisation": committee.pk, "file": file, "zb_token": "t"}
    )
    assert answer["Location"] == f"/register/import/{ImportBatch.objects.get().pk}"
    assert list((tmp_path / "progress").iterdir()) == []


# --- whole processes ------------------------------------------------------------------------------------


def counts(home: Path) -> dict[str, int]:
    tables = rows(home / "zhibu.sqlite3")
    return {name: len(tables[name]) for name in ("zb_person", "zb_membership", "zb_organisation", "zb_entry")}


@pytest.fixture
def home(tmp_path):
    """An installation with a committee and nothing else, and a roster of 1,200."""
    place = tmp_path / "home"
    prepared.install(place)
    (tmp_path / "one.xlsx").write_bytes(workbook(people(1)))
    (tmp_path / "many.xlsx").write_bytes(workbook(people(1_200, branches=8)))
    well(run(place, "import", "roster", tmp_path / "one.xlsx", "--found", "第三分公司党委"))
    return place


@pytest.mark.slow
def test_a_process_ended_half_way_leaves_nothing_and_is_simply_run_again(home):
    before = counts(home)
    file = home.parent / "many.xlsx"
    command = [sys.executable, "-W", "ignore", "-m", "zhibu.project.cli", "import", "roster", str(file)]
    leader, terminal = pty.openpty()
    process = subprocess.Popen(
        command, env=environment(home), stdout=subprocess.DEVNULL, stderr=terminal, start_new_session=True
    )
    os.close(terminal)
    seen = b""
    while "写入 500/1,".encode() not in seen:
        seen += os.read(leader, 4096)
    process.send_signal(signal.SIGKILL)
    process.wait()
    os.close(leader)
    assert counts(home) == before
    assert well(run(home, "import", "roster", file, "--json")).json["imported"] == 1_199
    assert counts(home)["zb_person"] == 1_200
    assert well(run(home, "record", "verify", "--json")).json["ok"]


@pytest.mark.slow
def test_twice_at_once_is_once(home):
    before = counts(home)
    command = [
        sys.executable, "-W", "ignore", "-m", "zhibu.project.cli", "import", "roster",
        str(home.parent / "many.xlsx"), "--json",
    ]  # fmt: skip
    both = [
        subprocess.Popen(command, env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    import json

    answers = [json.loads(each.communicate(timeout=120)[0]) for each in both]
    assert sorted(answer["imported"] for answer in answers) == [0, 1_199]
    after = counts(home)
    assert (after["zb_person"], after["zb_entry"]) == (1_200, before["zb_entry"] + 1)


def test_the_dry_run_tells_as_well(committee):
    from zhibu.register import imports

    told = []
    imports.check(
        officer_at(committee),
        committee,
        workbook(people(3)),
        "x.xlsx",
        TODAY,
        tell=lambda *each: told.append(each),
    )
    assert {stage for stage, _done, _total in told} == {"reading", "checking", "comparing"}
