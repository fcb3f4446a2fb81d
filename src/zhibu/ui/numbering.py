"""Numbers of headings in official papers: 一、 （一） 1. （1）."""

from __future__ import annotations

CHINESE = (
    *"一二三四五六七八九十", *(f"十{digit}" for digit in "一二三四五六七八九"), "二十",
    *(f"二十{digit}" for digit in "一二三四五六七八九"), "三十",
)  # fmt: skip


class Numbering:
    """Counts the headings of a paper; a heading begins the levels below it anew."""

    def __init__(self) -> None:
        self._counters = [0, 0, 0, 0]

    def next(self, level: int) -> str:
        """The number of the next heading of a level, with its mark."""
        if not 1 <= level <= 4:
            message = f"a heading has level 1 to 4, not {level}"
            raise ValueError(message)
        self._counters[level - 1] += 1
        self._counters[level:] = [0] * (4 - level)
        count = self._counters[level - 1]
        chinese = CHINESE[count - 1] if count <= len(CHINESE) else str(count)
        return {1: f"{chinese}、", 2: f"（{chinese}）", 3: f"{count}. ", 4: f"（{count}）"}[level]
