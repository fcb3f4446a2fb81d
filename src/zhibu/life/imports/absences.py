"""Who was missing, as ledgers write it: 蒋涵春（探亲）、田伟欣（倒班）."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_NOBODY = frozenset({"", "无", "没有", "全勤", "全部到会", "/", "-", "—", "0"})
_PART = re.compile(r"\s*([^()、,;:\s]+(?:\s[^()、,;:\s]+)*)\s*(?:\(([^()]*)\)|:\s*([^、,;()]*))?\s*")
_BETWEEN = re.compile(r"[、,;\s]*")
_SPACED_NAME = re.compile(r"^([\u4e00-\u9fff])\s+([\u4e00-\u9fff])$")
UNEXCUSED = frozenset({"无故", "旷会", "缺席", "未请假", "无故缺席"})


@dataclass(frozen=True, slots=True)
class Absence:
    """One name and why; no reason, or one such as 无故, means not excused."""

    name: str
    reason: str = ""

    @property
    def excused(self) -> bool:
        """Whether a reason was given that is one."""
        return bool(self.reason) and self.reason not in UNEXCUSED


def parse_absences(text: object) -> list[Absence]:
    """The names in a cell with their reasons. Raises ValueError with the part that cannot be read.

    Names are divided by 、 ， ； or a line end; the reason stands in brackets of either width or behind a colon.
    """
    told = unicodedata.normalize("NFKC", str(text or "")).replace("[", "(").replace("]", ")")
    told = (
        told.replace("【", "(")
        .replace("】", ")")
        .replace("〔", "(")
        .replace("〕", ")")
        .replace("。", "")
        .strip()
    )
    if told in _NOBODY:
        return []
    found: list[Absence] = []
    for line in told.splitlines():
        found += _of_line(line)
    return found


def _of_line(line: str) -> list[Absence]:
    found = []
    at = _BETWEEN.match(line).end()  # type: ignore[union-attr]
    while at < len(line):
        part = _PART.match(line, at)
        if part is None:
            raise ValueError(line[at : at + 20])
        found += [Absence(name, (part[2] or part[3] or "").strip()) for name in _names(part[1])]
        at = part.end()
        after = _BETWEEN.match(line, at)
        at = after.end() if after else at
    return found


def _names(text: str) -> list[str]:
    """张 三 is one name; 张三 李四 are two."""
    spaced = _SPACED_NAME.match(text)
    return [spaced[1] + spaced[2]] if spaced else text.split()


def written(absences: list[Absence]) -> str:
    """The same people in the usual way of writing: 蒋涵春（探亲）、田伟欣."""
    return "、".join(f"{each.name}（{each.reason}）" if each.reason else each.name for each in absences)
