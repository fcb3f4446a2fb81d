"""What is wrong with a rulebook: all of it at once, each with file, line, reason and remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from zhibu.core.wording import filled

from .messages import MESSAGES


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong: where, a code for machines, what is wrong and what to write instead, both in Chinese."""

    file: str
    line: int
    code: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: [{self.code}] {self.message}。{self.remedy}"


class RulebookError(Exception):
    """The rulebook does not load; `problems` holds everything found, by file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(each) for each in self.problems))


class Problems:
    """Collects problems while reading goes on."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def within(self, file: str) -> bool:
        """Whether anything is wrong in the file."""
        return any(problem.file == file for problem in self.found)

    def add(self, file: str, line: int, code: str, **params: object) -> None:
        """Note a problem of the code's message; `{name}` places are filled from the parameters."""
        message, remedy = MESSAGES[code]
        params.setdefault("meant", "")
        told = (filled(each, params).replace("{{", "{").replace("}}", "}") for each in (message, remedy))
        problem = Problem(file, line, code, *told)
        if problem not in self.found:
            self.found.append(problem)


def meant(name: str, known: Iterable[str]) -> str:
    """A question naming what is known and near to the name; empty when nothing is near."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"（是否想写“{near[0]}”）" if near else ""


def listed(known: Iterable[str], limit: int = 12) -> str:
    """The known names in order, cut short when they are many."""
    names = sorted(known)
    shown = "、".join(names[:limit]) or "（无）"
    return shown + ("等" if len(names) > limit else "")
