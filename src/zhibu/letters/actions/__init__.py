"""Acts: a letter comes, is answered, is published; a bulletin is written, reviewed, published."""

from zhibu.letters.actions.answering import answer_complaint, answer_letter, publish_answer, take_down_answer
from zhibu.letters.actions.bulletins import (
    edit_bulletin,
    publish_bulletin,
    return_bulletin,
    submit_bulletin,
    take_over,
    withdraw_bulletin,
    write_bulletin,
)
from zhibu.letters.actions.receiving import TABLE, blur, enter_letter, forward_letter, receive, write_letter
from zhibu.letters.actions.suggestions import (
    Benefit,
    adopt_suggestion,
    confirm_benefit,
    decline_suggestion,
    take_up_suggestion,
    thank_sender,
)
from zhibu.letters.actions.tasks import open_task

__all__ = [
    "TABLE",
    "Benefit",
    "adopt_suggestion",
    "answer_complaint",
    "answer_letter",
    "blur",
    "confirm_benefit",
    "decline_suggestion",
    "edit_bulletin",
    "enter_letter",
    "forward_letter",
    "open_task",
    "publish_answer",
    "publish_bulletin",
    "receive",
    "return_bulletin",
    "submit_bulletin",
    "take_down_answer",
    "take_over",
    "take_up_suggestion",
    "thank_sender",
    "withdraw_bulletin",
    "write_bulletin",
    "write_letter",
]
