"""What the check of a file of results found; JSON both ways, since a batch keeps it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with one cell: row as the sheet shows it, column, value, which rule, what to do."""

    row: int
    column: str
    value: str
    code: str
    rule: str
    remedy: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """One result as it will be entered."""

    organisation: int
    person: int
    kind: str
    studied_on: str
    minutes: int
    title: str
    platform: str
    key: str


@dataclass(slots=True)
class Report:
    """The whole check. Nothing is entered while `refused` is not empty."""

    file_name: str = ""
    sha256: str = ""
    rows: int = 0
    refused: list[Finding] = field(default_factory=list)
    planned: list[Planned] = field(default_factory=list)
    unchanged: int = 0
    ignored_columns: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The report as the batch keeps it."""
        return {
            "file": self.file_name, "sha256": self.sha256, "rows": self.rows, "to_import": len(self.planned),
            "imported": 0, "unchanged": self.unchanged, "refused": [asdict(each) for each in self.refused],
            "ignored_columns": list(self.ignored_columns),
        }  # fmt: skip
