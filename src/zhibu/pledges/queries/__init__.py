"""Reading pledges: who has and who has not, what stands on the board, what the cards say."""

from zhibu.pledges.queries.finding import branch_for, branches, own_branch, pledge_for, pledge_of
from zhibu.pledges.queries.year import (
    KIND,
    STEP,
    TABLE,
    Promise,
    counted,
    held,
    notice_of,
    promises,
    to_publish,
    without_pledge,
)

__all__ = [
    "KIND",
    "STEP",
    "TABLE",
    "Promise",
    "branch_for",
    "branches",
    "counted",
    "held",
    "notice_of",
    "own_branch",
    "pledge_for",
    "pledge_of",
    "promises",
    "to_publish",
    "without_pledge",
]
