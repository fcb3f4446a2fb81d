"""The gallery of bad rulebooks: one file per message, and nothing but that message comes of it.

A file of `bad/` is named after the code of the problem, with or without a further word behind it. It holds the files
of a rulebook that differ from `sound/`, each under a line `#=== path` (`#=== path -`: the file is not there). The line
the problem must be noted at ends with `#!`; without such a mark it is the first line.
"""

import re
import shutil
from pathlib import Path

import pytest

from zhibu.rulebook.reader import read
from zhibu.rulebook.reader.messages import MESSAGES

HERE = Path(__file__).parent
SOUND = HERE / "sound"
BAD = sorted((HERE / "bad").glob("*.yaml"))
OVERLAY = "layer: local\ntitle: {zh: 本地, en: Local}\n"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def code_of(path: Path) -> str:
    """The longest code the file's name begins with."""
    return max((code for code in MESSAGES if path.stem.startswith(code)), key=len)


def sections(path: Path) -> dict[str, bytes]:
    """The files within a gallery file, by their names."""
    pieces = re.split(rb"^#=== (.+)\n", path.read_bytes(), flags=re.MULTILINE)[1:]
    return {name.decode(): text for name, text in zip(pieces[::2], pieces[1::2], strict=True)}


def marked_line(found: dict[str, bytes]) -> int:
    """The line ending with the mark, counted within its own file."""
    for text in found.values():
        for number, line in enumerate(text.splitlines(), 1):
            if line.endswith(b"#!"):
                return number
    return 1


def lay_out(found: dict[str, bytes], root: Path) -> tuple[Path, ...]:
    """Write the sound rulebook with the bad files in it; the overlay, when some file is of one."""
    shutil.copytree(SOUND, root / "shipped")
    for name, text in found.items():
        path, _, gone = name.partition(" ")
        inside = root / (path if path.startswith("overlay") else f"shipped/{path}")
        if gone:
            inside.unlink(missing_ok=True)
        else:
            inside.parent.mkdir(parents=True, exist_ok=True)
            inside.write_bytes(text)
    overlay = root / "overlay"
    if overlay.is_dir() and not (overlay / "overlay.yaml").exists():
        (overlay / "overlay.yaml").write_text(OVERLAY)
    return (overlay,) if any(name.startswith("overlay") for name in found) else ()


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_rulebook_is_answered_with_its_message_and_no_other(path, tmp_path):
    found = sections(path)
    report = read(lay_out(found, tmp_path), tmp_path / "shipped")
    told = report.problems + report.notes
    assert [(problem.code, problem.line) for problem in told] == [(code_of(path), marked_line(found))]
    (problem,) = told
    assert CHINESE.search(problem.message)
    assert CHINESE.search(problem.remedy)
    assert not re.search(r"\{[a-z_]+\}", problem.message + problem.remedy), "a place was left open"


def test_every_message_has_its_bad_rulebook():
    assert {code_of(path) for path in BAD} == set(MESSAGES)


def test_the_sound_rulebook_is_sound():
    report = read((), SOUND)
    assert (report.problems, report.notes, report.examples) == ((), (), 1)
