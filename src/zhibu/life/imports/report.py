"""What the check of a meeting ledger found; JSON-able both ways, since a batch keeps it."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in one cell: row as the sheet shows it, column, value, which rule, what to do."""

    row: int
    column: str
    value: str
    code: str
    rule: str
    remedy: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """One meeting as it will be entered. Days are ISO text, people are ids, so that it can wait in a batch."""

    row: int
    organisation: int
    branch: str
    party_group: int | None
    kind: str
    held_on: str
    title: str
    place: str
    chair: int | None
    minute_taker: int | None
    expected: int
    present: int
    missing: tuple[tuple[int, str, str], ...]
    unnamed_missing: int
    resolution: str
    tag: str
    minutes: str
    key: str
    roll: tuple[tuple[int, bool], ...]
    """Person and vote of everyone expected, when roll and ledger agree; empty when they do not."""


@dataclass(slots=True)
class Report:
    """The whole check. `planned` are the meetings to be entered; nothing is entered while `refused` is not empty."""

    file_name: str = ""
    sha256: str = ""
    rows: int = 0
    refused: list[Finding] = field(default_factory=list)
    cautions: list[Finding] = field(default_factory=list)
    planned: list[Planned] = field(default_factory=list)
    unchanged: int = 0
    skipped: int = 0
    per_branch_quarter: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)
    ignored_columns: tuple[str, ...] = ()
    imported: int = 0
    batch: int | None = None

    @property
    def may_import(self) -> bool:
        """Whether there is something to enter and nothing wrong."""
        return not self.refused and bool(self.planned)

    def caution_counts(self) -> list[tuple[str, int]]:
        """Cautions by rule, most frequent first."""
        return Counter(each.rule for each in self.cautions).most_common()

    def as_json(self) -> dict[str, Any]:
        """The report as the command line prints it and as the batch keeps it."""
        return {
            "file": self.file_name,
            "sha256": self.sha256,
            "rows": self.rows,
            "to_import": len(self.planned),
            "imported": self.imported,
            "unchanged": self.unchanged,
            "skipped": self.skipped,
            "per_branch_quarter": {
                branch: {quarter: dict(kinds) for quarter, kinds in sorted(quarters.items())}
                for branch, quarters in self.per_branch_quarter.items()
            },
            "refused": [asdict(each) for each in self.refused],
            "cautions": [asdict(each) for each in self.cautions],
            "ignored_columns": list(self.ignored_columns),
            "batch": self.batch,
            "note": _("全部为事后补录，已如实标明"),
        }


def planned_from(row: dict[str, Any]) -> Planned:
    """A meeting as the batch kept it."""
    return Planned(
        **{
            **row,
            "missing": tuple((person, state, reason) for person, state, reason in row["missing"]),
            "roll": tuple((person, votes) for person, votes in row["roll"]),
        }
    )


def planned_as_json(planned: Planned) -> dict[str, Any]:
    """A meeting as the batch keeps it."""
    return asdict(planned)
