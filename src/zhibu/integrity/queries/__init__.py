"""Reading: promises, duties, checks, education, and how branches stand."""

from zhibu.integrity.queries.checking import Checked, Finding, check_for, checks
from zhibu.integrity.queries.duties import Line, lines, to_assign
from zhibu.integrity.queries.overview import Standing, branch_for, branches, standings, taught
from zhibu.integrity.queries.promises import Signer, of_year, rule, signers, unsigned

__all__ = [
    "Checked",
    "Finding",
    "Line",
    "Signer",
    "Standing",
    "branch_for",
    "branches",
    "check_for",
    "checks",
    "lines",
    "of_year",
    "rule",
    "signers",
    "standings",
    "taught",
    "to_assign",
    "unsigned",
]
