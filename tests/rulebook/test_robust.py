"""Whatever is written in a file, the reader answers: it neither breaks nor hangs."""

import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from zhibu.rulebook.reader import Report, read
from zhibu.rulebook.reader.problems import Problems
from zhibu.rulebook.reader.tree import parse

SOUND = Path(__file__).parent / "sound"
FILES = sorted(path.relative_to(SOUND).as_posix() for path in SOUND.rglob("*.yaml"))
TOKEN = re.compile(r"(?<=[:,\[ -]) *[^\s,\[\]{}:]+|\[[^\]\n]*\]|\{[^{}\n]*\}|[\w.]+(?=:)")
WRONG = [
    "",
    "7",
    "-1",
    "x",
    "''",
    "[]",
    "{}",
    "[1]",
    "{a: 1}",
    "true",
    "2026-01-01",
    "[[]]",
    "yes",
    "&a",
    "*a",
]


@st.composite
def slips(draw):
    """A file of the sound rulebook, with one word of it written otherwise."""
    name = draw(st.sampled_from(FILES))
    text = (SOUND / name).read_text()
    span = draw(st.sampled_from([found.span() for found in TOKEN.finditer(text)]))
    return name, text[: span[0]] + draw(st.sampled_from(WRONG)) + text[span[1] :]


@settings(max_examples=50, deadline=None)
@given(slips())
def test_a_slip_of_the_pen_is_answered(tmp_path_factory, slip):
    root = tmp_path_factory.mktemp("slip")
    for name in FILES:
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes((SOUND / name).read_bytes())
    (root / slip[0]).write_text(slip[1])
    report = read((), root)
    assert isinstance(report, Report)
    assert report.sound == (not report.problems)
    assert all(problem.line >= 1 and problem.message and problem.remedy for problem in report.problems)


@settings(deadline=None)
@given(st.binary(max_size=60) | st.text("a:-[]{}&*!|>'\"#\n \t1?,%@`", max_size=60).map(str.encode))
def test_any_bytes_at_all_are_a_tree_or_a_problem(content):
    problems = Problems()
    tree = parse(content, "x.yaml", problems)
    assert tree is not None or problems.found
