"""Results exported from other platforms: checked as a whole, then entered as a whole."""

from zhibu.study.imports.check import check
from zhibu.study.imports.report import Finding, Planned, Report
from zhibu.study.imports.staging import stage

__all__ = ["Finding", "Planned", "Report", "check", "stage"]
