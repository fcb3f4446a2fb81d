"""A year's meeting ledger from a spreadsheet: checked as a whole, then entered as a whole."""

from zhibu.life.imports.absences import Absence, parse_absences
from zhibu.life.imports.check import check
from zhibu.life.imports.report import Finding, Planned, Report, planned_as_json, planned_from
from zhibu.life.imports.shifts import Roster, Shifted, check_shifts

__all__ = [
    "Absence",
    "Finding",
    "Planned",
    "Report",
    "Roster",
    "Shifted",
    "check",
    "check_shifts",
    "parse_absences",
    "planned_as_json",
    "planned_from",
]
