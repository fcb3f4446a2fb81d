"""Reads: a quarter on one page, a survey as it is answered, all branches at a glance."""

from zhibu.concerns.queries.branches import branch_for, branches, overview
from zhibu.concerns.queries.care import Care, care
from zhibu.concerns.queries.finding import (
    SEALED,
    analysis_for,
    slips_proposed,
    survey_at,
    survey_for,
    waiting,
    words_of,
)
from zhibu.concerns.queries.matters import KINDS, Handling, handling, lines, matters
from zhibu.concerns.queries.quarter import SOURCE, Told, measures, quarter_page, told_of

__all__ = [
    "KINDS",
    "SEALED",
    "SOURCE",
    "Care",
    "Handling",
    "Told",
    "analysis_for",
    "branch_for",
    "branches",
    "care",
    "handling",
    "lines",
    "matters",
    "measures",
    "overview",
    "quarter_page",
    "slips_proposed",
    "survey_at",
    "survey_for",
    "told_of",
    "waiting",
    "words_of",
]
