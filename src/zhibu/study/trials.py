"""Questions of a self-test as a branch types them, and how an answer is judged. Pure but for its words.

    发现隐患，首先应当做什么？
    * 立即报告并处置
    下班再说
    解析：隐患当班处置，不过夜。

A blank line parts the questions; a star marks what is right, more than one if several are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

MOST_QUESTIONS, MOST_OPTIONS, LONGEST = 30, 8, 300
_STARS = ("*", "＊", "★")
_WHY = ("解析：", "解析:")

Question = dict[str, Any]
"""{"text", "options": […], "right": [places], "why"}"""


class Unclear(Exception):
    """The text of a test cannot be read; the message says which question and what to write."""


def parsed(text: str) -> list[Question]:
    """The questions of a text. Raises Unclear."""
    blocks: list[list[str]] = [[]]
    for line in text.replace("\r", "").split("\n"):
        if line.strip():
            blocks[-1].append(line.strip()[:LONGEST])
        elif blocks[-1]:
            blocks.append([])
    found = [_question(number, block) for number, block in enumerate(filter(None, blocks), 1)]
    if not found:
        raise Unclear(_("还没有题目"))
    if len(found) > MOST_QUESTIONS:
        raise Unclear(_("一次自测最多 %(most)d 题") % {"most": MOST_QUESTIONS})
    return found


def written(questions: Sequence[Question]) -> str:
    """The questions as they are typed."""
    blocks = []
    for each in questions:
        lines = [each["text"]]
        lines += [
            ("* " if place in each["right"] else "") + option for place, option in enumerate(each["options"])
        ]
        lines += [f"解析：{each['why']}"] if each["why"] else []
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def is_right(question: Question, answer: Sequence[int]) -> bool:
    """All that is right was chosen, and nothing else."""
    return sorted(set(answer)) == sorted(question["right"])


def _question(number: int, lines: list[str]) -> Question:
    options: list[str] = []
    right: list[int] = []
    why = ""
    for line in lines[1:]:
        if line.startswith(_WHY):
            why = line[3:].strip()
            continue
        starred = line.startswith(_STARS)
        option = (line[1:] if starred else line).strip()
        if starred:
            right.append(len(options))
        options.append(option)
    if len(options) < 2 or len(options) > MOST_OPTIONS or "" in options:
        raise Unclear(
            _("第 %(n)d 题要有 2 到 %(most)d 个选项，每个一行") % {"n": number, "most": MOST_OPTIONS}
        )
    if not right:
        raise Unclear(_("第 %(n)d 题没有标出正确选项：在它前面加 *") % {"n": number})
    return {"text": lines[0], "options": options, "right": right, "why": why}
