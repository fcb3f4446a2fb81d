"""Importing a roster: read the sheet, judge every row, compare with the register, report; then all or nothing.

`check` is the dry run; the act is `zhibu.register.actions.import_roster`.
"""

from zhibu.register.imports.checking import check
from zhibu.register.imports.report import Finding, Report

__all__ = ["Finding", "Report", "check"]
