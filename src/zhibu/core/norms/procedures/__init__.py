"""A procedure as data: fixed steps, who acts, what must precede, how long to wait, what follows when it fails.

A step is judged by the numbers in force on the day it is taken, not on the day the case was opened.
"""

from .asked import Asked, Compared, Comparison, Every, Literal, Never, Some, compared_in
from .kinds import (
    BRANCH_SIDE,
    GIVEN,
    OTHERS,
    EffectKind,
    FieldKind,
    PromptKind,
    Reply,
    Role,
    StepKind,
    Subject,
    Supply,
    Unit,
)
from .steps import Bar, Effect, Field, Outcome, PaperKind, People, Repeats, Requirement, Step, StepRow, Timing
from .whole import COMPLETED, SUBJECT_LEFT, Ending, Procedure, ProcedureExample, Prompt

__all__ = [
    "BRANCH_SIDE",
    "COMPLETED",
    "GIVEN",
    "OTHERS",
    "SUBJECT_LEFT",
    "Asked",
    "Bar",
    "Compared",
    "Comparison",
    "Effect",
    "EffectKind",
    "Ending",
    "Every",
    "Field",
    "FieldKind",
    "Literal",
    "Never",
    "Outcome",
    "PaperKind",
    "People",
    "Procedure",
    "ProcedureExample",
    "Prompt",
    "PromptKind",
    "Repeats",
    "Reply",
    "Requirement",
    "Role",
    "Some",
    "Step",
    "StepKind",
    "StepRow",
    "Subject",
    "Supply",
    "Timing",
    "Unit",
    "compared_in",
]
