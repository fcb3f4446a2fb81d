"""Reads: lists, windows, where a notice stands, proof."""

from zhibu.notices.queries.listing import branch_for, listed, notice_for, people, publishers
from zhibu.notices.queries.proof import sheet_digest
from zhibu.notices.queries.standing import (
    Mark,
    marks,
    objections_of,
    opened_for,
    places_missing,
    standing,
)
from zhibu.notices.queries.windows import (
    calendar,
    counted,
    earliest_close,
    least_days,
    places_asked,
    publication,
    worded,
)
