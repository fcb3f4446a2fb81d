"""Acts on surveys and on the analysis of a quarter."""

from zhibu.concerns.actions.analysing import add_measure, file_analysis, write_analysis
from zhibu.concerns.actions.asking import cancel_survey, open_survey, print_slips, send_answer
from zhibu.concerns.actions.counting import count_survey, forget_surveys, release_words

__all__ = [
    "add_measure",
    "cancel_survey",
    "count_survey",
    "file_analysis",
    "forget_surveys",
    "open_survey",
    "print_slips",
    "release_words",
    "send_answer",
    "write_analysis",
]
