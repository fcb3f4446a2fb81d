"""Acts: a letter comes, is answered, is published; a bulletin is written, reviewed, published."""

from zhibu.letters.actions.answering import answer_complaint, answer_letter, publish_answer, take_down_answer
from zhibu.letters.actions.bulletins import (
    edit_bulletin,
    publish_bulletin,
    return_bulletin,
    submit_bulletin,
    withdraw_bulletin,
    write_bulletin,
)
from zhibu.letters.actions.receiving import receive, write_letter

__all__ = [
    "answer_complaint",
    "answer_letter",
    "edit_bulletin",
    "publish_answer",
    "publish_bulletin",
    "receive",
    "return_bulletin",
    "submit_bulletin",
    "take_down_answer",
    "withdraw_bulletin",
    "write_bulletin",
    "write_letter",
]
