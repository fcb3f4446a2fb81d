"""Reads: lists, windows, where a notice stands, the public board, objections, proof."""

from zhibu.notices.queries.board import (
    board_at,
    board_of,
    boards_below,
    gathered,
    is_shown,
    notice_at,
    past,
    running,
    shown_since,
    takes_replies,
    years_past,
)
from zhibu.notices.queries.listing import (
    branch_for,
    holder_for,
    holders,
    listed,
    notice_for,
    people,
    publishers,
)
from zhibu.notices.queries.objections import handled_notice, objection_for, opened, received, unanswered_under
from zhibu.notices.queries.proof import board_address, postings, proof, sheet_digest
from zhibu.notices.queries.receipts import answer_for, answer_of, code_shown, receipt_code, receipt_digest
from zhibu.notices.queries.screen import PLEDGES, Slide, only_kind, screen_address, screen_at, slides, slogans
from zhibu.notices.queries.standing import (
    Mark,
    hung_on_paper,
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
