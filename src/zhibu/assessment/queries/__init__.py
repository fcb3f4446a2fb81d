"""What may be read of assessments."""

from .differences import Changed, FactChanged, difference, rerun
from .evidence import EvidenceLine, FactLine
from .links import LinkedRecord, linkable, linked, links_of
from .marks import (
    BANDS,
    Ends,
    Marked,
    Standing,
    band_told,
    cell_points,
    committees,
    counts,
    distribution,
    ends,
    filtered,
    grouped,
    groups,
    last_place_history,
    means,
    own_branch,
    own_committee,
    parts_shown,
    place_told,
    quarter_to_show,
    scheme_told,
    standards_by_group,
    standing,
    terms_shown,
    trend_chart,
    unit_type_label,
    with_marks,
)
from .points import Point, point, sources_shown
from .reviewing import (
    appeal_for,
    judging_rows,
    left_to_review,
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
    home_in,
    latest_run_quarter,
    parts_awaiting,
    published,
    rectifications_for,
    review_rows,
    run_below,
    run_covering,
    run_for,
    run_of,
    run_seen_by,
    runs_for,
    self_points,
    states_covering,
    upheld_since,
)
from .selection import weighings
from .sheets import PartLine, Sheet, StandardLine, sheet, sheet_for, sheet_of, verdicts
from .tables import BranchLine, Committee, Glance, committee, glance, heat, subtree, trend
from .years import YearLine, year_list
