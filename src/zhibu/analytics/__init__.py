"""The evidence engine: facts of branches, the verdict on every part of every standard, totals and places.

A rulebook and a quarter become one SQL text that SQLite, PostgreSQL and DuckDB read alike (`compiler`); nothing that
can be counted is stored twice. `python -m benchmarks assess` says what it costs.
"""

from .collecting import collect, collect_one, explain_sql, facts_for
from .evidence import Evidence, EvidenceRow, evidence
from .exporting import export
from .layout import BranchRow, Layout, Part, PartKey
from .refusals import EngineError, ExportUnfitError, ExtraMissingError

__all__ = [
    "BranchRow",
    "EngineError",
    "Evidence",
    "EvidenceRow",
    "ExportUnfitError",
    "ExtraMissingError",
    "Layout",
    "Part",
    "PartKey",
    "collect",
    "collect_one",
    "evidence",
    "explain_sql",
    "export",
    "facts_for",
]
