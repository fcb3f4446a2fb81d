"""Counting a vote by a rule of the rulebook: was the quorum there, was it carried, who is elected, and why.

`count(rule, day, vote)` judges by the terms in force on the day of the vote and by whole numbers only. `vote_from`
reads a vote given as plain data (the format of `zhibu tally`), single papers included.
"""

from .counting import count
from .outcome import Measured, Outcome, RunOff, RunOffKind, Standing
from .papers import Paper, add_up, why_void
from .plain import VoteDataError, vote_from
from .ready import ready
from .vote import Candidate, Round, Subject, Vote, Written

__all__ = [
    "Candidate",
    "Measured",
    "Outcome",
    "Paper",
    "Round",
    "RunOff",
    "RunOffKind",
    "Standing",
    "Subject",
    "Vote",
    "VoteDataError",
    "Written",
    "add_up",
    "count",
    "ready",
    "vote_from",
    "why_void",
]
