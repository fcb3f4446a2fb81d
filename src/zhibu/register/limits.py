"""Numbers of the regulations that the register needs, read from the rulebook's data and never written in code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import yaml

FILE = "register.yaml"


@dataclass(frozen=True, slots=True)
class Limit:
    """A number in force on a day, and the rule it rests on as a reader sees it."""

    number: int
    document: str
    article: str
    title: str


def limit(name: str, day: date) -> Limit | None:
    """The number of this name in force on a day; None before its first row. Raises KeyError for an unknown name."""
    entry = _read()[name]
    rows = {since: number for since, number in entry["terms"].items() if since <= day}
    if not rows:
        return None
    source = entry["source"]
    return Limit(rows[max(rows)], source["document"], source["article"], entry["cited"]["zh"])


@cache
def _read() -> dict[str, Any]:
    text = resources.files("zhibu.rulebook").joinpath(FILE).read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read
