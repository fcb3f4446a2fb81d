"""What is wrong with a file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """A short code, and the sentence in both languages."""

    code: str
    zh: str
    en: str


def broken() -> Fault:
    """The file is not what it begins as."""
    return Fault(
        "broken",
        "文件已损坏，或不是它声称的类型。",
        "The file is damaged, or not of the kind it claims to be.",
    )
