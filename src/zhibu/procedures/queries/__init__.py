"""Reading cases: where they stand by the engine, in lists by the columns kept."""

from zhibu.procedures.queries.balloting import Held, held_for, opening_of
from zhibu.procedures.queries.cases import (
    LISTED,
    SHOWS,
    Filters,
    Line,
    Stage,
    by_group,
    case_for,
    chosen,
    in_use,
    lines,
    listed,
    of_people,
    pipeline,
    procedures,
    taken_for,
    waiting,
)
from zhibu.procedures.queries.documents import Made, document
from zhibu.procedures.queries.engine import plan_of, procedure_of, projection_of
from zhibu.procedures.queries.grading import is_appraisal
from zhibu.procedures.queries.opening import (
    Opening,
    branches_for,
    called_for,
    organisation_for,
    people_of,
    prompts,
)
from zhibu.procedures.queries.papers import paper_for
from zhibu.procedures.queries.piles import Pile, piles
from zhibu.procedures.queries.rules import Told, rules_of
from zhibu.procedures.queries.sheet import Present, Sheet, sheet
from zhibu.procedures.queries.stepping import WAY, Choices, choices_for, recorded_before
