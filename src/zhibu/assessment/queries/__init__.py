"""What may be read of assessments."""

from .evidence import EvidenceLine, FactLine
from .marks import (
    Ends,
    Marked,
    Standing,
    cell_points,
    committees,
    counts,
    distribution,
    ends,
    filtered,
    grouped,
    last_place_history,
    means,
    own_branch,
    own_committee,
    parts_shown,
    place_told,
    quarter_to_show,
    standards_by_group,
    standing,
    trend_chart,
    unit_type_label,
    with_marks,
)
from .points import Point, point, sources_shown
from .reviewing import (
    appeal_for,
    judging_rows,
    next_to_review,
    open_appeals,
    parts_to_judge,
    people_for_rectification,
    person,
    reason_for_rectification,
    rectification_for,
)
from .runs import (
    appeals_for,
    branch_for,
    committee_for,
    parts_awaiting,
    published,
    rectifications_for,
    review_rows,
    run_below,
    run_covering,
    run_for,
    runs_for,
    self_points,
)
from .sheets import PartLine, Sheet, StandardLine, sheet, verdicts
from .tables import BranchLine, Committee, YearLine, committee, difference, heat, rerun, trend, year_list
