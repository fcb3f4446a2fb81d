"""Cases of declared procedures: what may be done on a day, what must wait and why, and when it can be finished.

Pure: a procedure (`core.norms.procedures`), a case as data, a day. Nothing here knows a database or a clock.
"""

from .case import Case, Event, EventKind, Named, Taken, Value
from .judging import Attempt, attempt, effects_of, try_on, value_of
from .plan import Counted, Judge, Plan
from .projecting import OPEN, Projection, StepState, StepView, project, project_standing
from .replay import Standing, done_on, replay
from .voting import judge_by

__all__ = [
    "OPEN",
    "Attempt",
    "Case",
    "Counted",
    "Event",
    "EventKind",
    "Judge",
    "Named",
    "Plan",
    "Projection",
    "Standing",
    "StepState",
    "StepView",
    "Taken",
    "Value",
    "attempt",
    "done_on",
    "effects_of",
    "judge_by",
    "project",
    "project_standing",
    "replay",
    "try_on",
    "value_of",
]
