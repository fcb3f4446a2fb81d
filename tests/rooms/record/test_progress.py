"""How far an import has come: told while it runs, to whoever sent the form, and to nobody afterwards."""

import io
import json

import pytest

from zhibu.project.spoken import Meter
from zhibu.record import progress
from zhibu.record.progress import Progress, counted, progress_of, told_to

WRITING = progress.WRITING


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.ZHIBU_HOME = tmp_path
    return tmp_path


def test_it_is_told_to_the_sender_alone_and_goes_with_the_work(home):
    with told_to(7, "token") as tell:
        assert progress_of(7, "token") is None
        tell(WRITING, 3_200, 10_000)
        assert progress_of(7, "token") == Progress(WRITING, 3_200, 10_000)
        assert Progress(WRITING, 3_299, 10_000).percent == 32
        assert [progress_of(user, token) for user, token in ((8, "token"), (7, "toke"), (7, ""))] == [
            None
        ] * 3
    assert (progress_of(7, "token"), list((home / "progress").iterdir())) == (None, [])


def test_it_goes_when_the_work_fails(home):
    def work():
        with told_to(7, "token") as tell:
            tell(WRITING, 1, 2)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        work()
    assert progress_of(7, "token") is None


def test_no_token_leads_out_of_the_directory(home):
    (home / "secret").write_text(json.dumps(["x", 1, 2]))
    for token in ("../secret", "/etc/passwd", "\x00", "长" * 9_000):
        assert progress_of(7, token) is None
    with told_to(7, "../../x") as tell:
        tell(WRITING, 1, 2)
        assert progress_of(7, "../../x") == Progress(WRITING, 1, 2)
    assert sorted(each.name for each in home.iterdir()) == ["progress", "secret"]


def test_only_now_and_then_but_always_the_end(home, monkeypatch):
    clock = iter([0.0, 0.01, 0.02, 0.2, 0.21])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    seen = []
    with told_to(7, "token") as tell:
        for done in (1, 2, 3, 4, 5):
            tell(WRITING, done, 5)
            seen.append(progress_of(7, "token").done)
    assert seen == [1, 1, 1, 4, 5]


def test_a_disk_that_takes_nothing_does_not_stop_the_work(home):
    (home / "progress").write_text("a file where a directory should be")
    with told_to(7, "token") as tell:
        tell(WRITING, 1, 2)
    assert progress_of(7, "token") is None


def test_what_an_ended_process_left_is_swept(home, monkeypatch):
    folder = home / "progress"
    folder.mkdir()
    (folder / "left").write_text("x")
    with told_to(7, "token"):
        assert (folder / "left").exists()
    monkeypatch.setattr(progress.time, "time", lambda: (folder / "left").stat().st_mtime + progress.STALE + 1)
    with told_to(7, "token"):
        assert not (folder / "left").exists()


def test_rows_are_counted_as_they_are_taken():
    told = []
    assert list(counted(range(250), "checking", 250, lambda *each: told.append(each))) == list(range(250))
    assert told == [("checking", done, 250) for done in (0, 100, 200, 250)]


def test_a_terminal_counts_up_on_one_line():
    stream = io.StringIO()
    meter = Meter(stream)
    for step in (("reading", 0, 0), ("checking", 0, 300), ("checking", 1, 300), ("checking", 300, 300)):
        meter(*step)
    assert stream.getvalue() == ("\r读取 …\033[K\r核对 0/300（0%）\033[K\r核对 300/300（100%）\033[K\n")
