"""Importing a roster: read the sheet, judge every row, compare with the register, report; then all or nothing.

`check` is the dry run; the act is `zhibu.register.actions.import_roster`.
"""

from zhibu.register.imports.checking import check
from zhibu.register.imports.report import Finding, Report, change_words
from zhibu.register.imports.staging import keep_report, report_of, stage, staged_bytes

__all__ = ["Finding", "Report", "change_words", "check", "keep_report", "report_of", "stage", "staged_bytes"]
