"""The layout of GB/T 9704-2012, measured on the page: margins, 22 lines of 28 characters, numbers, typefaces."""

import re
import shutil
import subprocess
from datetime import date
from itertools import pairwise

import pytest

from zhibu.ui.headlines import LONGEST, broken
from zhibu.ui.typeset import Typeset

pytestmark = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
MADE = date(2026, 7, 3)
MM = 25.4 / 72


def pages(content, tmp_path):
    """Lines of each page: (left, top, right, bottom) in millimetres, and the text."""
    (tmp_path / "p.pdf").write_bytes(content)
    told = subprocess.run(
        ["pdftotext", "-bbox-layout", str(tmp_path / "p.pdf"), "-"], check=True, capture_output=True, text=True
    ).stdout  # fmt: skip
    found = []
    for page in told.split("<page ")[1:]:
        size = [float(each) * MM for each in re.findall(r'(?:width|height)="([\d.]+)"', page)]
        lines = [
            (*(float(each) * MM for each in box), "".join(re.findall(r">([^<]*)</word>", body)))
            for *box, body in re.findall(
                r'<line xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</line>',
                page,
                re.DOTALL,
            )
        ]
        found.append((size, sorted(lines, key=lambda each: each[1])))
    return found


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    sheet = Typeset(made=MADE)
    sheet.paragraph("字" * 28 * 22 * 3, indent=False)
    return pages(sheet.bytes(), tmp_path_factory.mktemp("full"))


def test_a_page_holds_22_lines_of_28_characters(full):
    assert [[len(line[4]) for line in lines[:-1]] for _size, lines in full] == [[28] * 22] * 3


def test_margins_and_lines(full):
    for (width, height), lines in full:
        text = lines[:-1]
        assert (width, height) == pytest.approx((210, 297), abs=0.1)
        assert {round(line[0], 1) for line in text} == {28.0}
        assert max(line[2] for line in text) == pytest.approx(210 - 26, abs=0.3)
        assert text[0][1] == pytest.approx(37, abs=1)
        assert text[-1][3] <= 297 - 35 + 0.3
        steps = [after[1] - before[1] for before, after in pairwise(text)]
        assert steps == pytest.approx([28.95 * MM] * 21, abs=0.05)


def test_numbers_stand_at_the_outer_edge_below_the_text(full):
    numbers = [lines[-1] for _size, lines in full]
    assert [number[4].replace(" ", "") for number in numbers] == ["—1—", "—2—", "—3—"]
    for number in numbers:
        # 7 mm below the text; a box reaches a little over and under the figures
        assert 297 - 35 + 5 <= number[1] <= 297 - 35 + 8
    # one character (14 pt) in from the edge of the text: right on odd pages, left on even ones
    assert [numbers[0][2], numbers[2][2]] == pytest.approx([210 - 26 - 14 * MM] * 2, abs=0.6)
    assert numbers[1][0] == pytest.approx(28 + 14 * MM, abs=0.6)


def test_levels_and_indents(tmp_path):
    sheet = Typeset("会议记录", made=MADE)
    for level in (1, 2, 3, 4, 1):
        sheet.heading(level, "甲")
    sheet.paragraph("乙" * 30)
    ((_size, lines),) = pages(sheet.bytes(), tmp_path)
    told = [line[4] for line in lines]
    assert told[:6] == ["会议记录", "一、甲", "（一）甲", "1.甲", "（1）甲", "二、甲"]
    assert [len(told[6]), len(told[7])] == [26, 4]
    assert lines[1][0] == pytest.approx(28 + 2 * 156 / 28, abs=0.3)
    assert lines[0][0] + lines[0][2] == pytest.approx(28 + 184, abs=1)


def test_typefaces_are_embedded_and_named(tmp_path):
    sheet = Typeset("标题", made=MADE)
    sheet.heading(1, "黑体").paragraph("正文")
    (tmp_path / "p.pdf").write_bytes(sheet.bytes())
    told = subprocess.run(
        ["pdffonts", str(tmp_path / "p.pdf")], check=True, capture_output=True, text=True
    ).stdout
    rows = [line.split() for line in told.splitlines()[2:]]
    assert {row[0].split("+")[1].rsplit("-Identity", 1)[0] for row in rows} == {
        "NotoSerifSC-Regular",
        "NotoSansSC-Regular",
    }
    assert all(row[-5:-2] == ["yes", "yes", "yes"] for row in rows)


@pytest.mark.parametrize(("title", "lines"), [
    ("会议记录", ["会议记录"]),
    ("采矿一队党支部2026年第三季度会议记录簿", ["采矿一队党支部", "2026年第三季度会议记录簿"]),
    ("甲" * 45, ["甲" * 15] * 3),
])  # fmt: skip
def test_long_titles_are_broken_where_the_tongue_rests(title, lines):
    assert broken(title) == lines
    assert max(len(line) for line in broken(title)) <= LONGEST


def test_a_character_that_no_font_has_is_a_box_and_not_the_end_of_the_paper():
    plain, strange = Typeset("会议记录", made=MADE), Typeset("会议记录", made=MADE)
    plain.paragraph("李明发言。")
    strange.paragraph("李明发言👍，同意。\U000f5dc7")
    assert b"pdfaid" in plain.bytes()
    assert strange.bytes().startswith(b"%PDF-")
    assert b"pdfaid" not in strange.bytes()
