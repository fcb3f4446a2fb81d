"""Words of a text and of a question. Pure.

Chinese is written without blanks, so every two neighbouring characters are a token, and whatever `rjieba` takes for a
word is one as well. A word of two characters is therefore always found, whether a dictionary knows it or not, and one
that is a word in its sentence weighs more than two characters that merely meet.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

HAN = "\u3007\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
LONGEST_TEXT = 50_000
"""Characters of one text that are looked up; PostgreSQL keeps a vector of one megabyte at most."""

LONGEST_QUESTION, MOST_WORDS = 60, 12
_RUN = re.compile(rf"([{HAN}]+)|([^\W_{HAN}]+)")
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question: found as itself or, when it is longer than two characters, by all its pairs.

    `open` is true for a beginning: one character, or letters and digits still being typed.
    """

    text: str
    pairs: tuple[str, ...] = ()
    open: bool = False


def normal(text: str) -> str:
    """Full-width letters made narrow, capitals small."""
    return unicodedata.normalize("NFKC", text).casefold()


def of_text(text: str) -> str:
    """The tokens of a text, parted by blanks, in the order of the text."""
    return " ".join(_tokens(normal(text[:LONGEST_TEXT])))


def of_question(text: str) -> tuple[Word, ...]:
    """The words somebody looks for; all of them must be there. Empty when there is nothing to look for."""
    found: dict[str, Word] = {}
    for run, letters in _RUN.findall(normal(text[:LONGEST_QUESTION])):
        words = [_letters(letters)] if letters else [_han(each) for each in _cut(run)]
        for word in words:
            found.setdefault(word.text, word)
    return tuple(found.values())[:MOST_WORDS]


def marked_words(text: str) -> tuple[str, ...]:
    """What to mark in a text that was found: the pieces as typed first, then their words."""
    pieces = [each for each in _BLANK.split(text.strip()[:LONGEST_QUESTION]) if each]
    words = [word.text for word in of_question(text)]
    return tuple(dict.fromkeys(each for each in (*pieces, *words) if each))


@cache
def _jieba() -> Any:
    """The cutter of words, when the first text comes: its dictionary is large, and most commands need none."""
    return import_module("rjieba")


def _tokens(text: str) -> Iterator[str]:
    for run, letters in _RUN.findall(text):
        if letters:
            yield letters[:60]
            continue
        yield from (run[place : place + 2] for place in range(len(run) - 1))
        # a single character is looked for by what begins with it; the last one begins nothing
        yield run[-1]
        yield from (word for word in _jieba().cut_for_search(run) if len(word) > 1)


def _cut(run: str) -> list[str]:
    """The words of a run; single characters that are left over join the word before, so that nothing is lost."""
    words: list[str] = []
    for word in _jieba().cut(run):
        if words and 1 in {len(word), len(words[-1])}:
            words[-1] += word
        else:
            words.append(word)
    return words


def _han(word: str) -> Word:
    if len(word) == 1:
        return Word(word, open=True)
    if len(word) == 2:
        return Word(word)
    return Word(word, tuple(dict.fromkeys(word[place : place + 2] for place in range(len(word) - 1))))


def _letters(letters: str) -> Word:
    return Word(letters[:60], open=True)
