"""Reading the register: always through an actor, who sees the own part of the tree and nothing else."""

from zhibu.register.queries.batches import batch_for, batches_of
from zhibu.register.queries.organisations import (
    Node,
    OrganisationSheet,
    choices_below,
    find_organisations,
    line_of,
    organisation_for,
    organisation_sheet,
    post_for,
    tree,
)
from zhibu.register.queries.people import (
    AGE_BANDS,
    SORTS,
    Filters,
    MemberRow,
    RosterLine,
    eligible_for,
    facets,
    member_rows,
    members,
    person_for,
    roster_rows,
)
from zhibu.register.queries.person import PersonSheet, person_sheet
from zhibu.register.queries.places import grown_at, places_of
from zhibu.register.queries.stood import Stood, stood

__all__ = [
    "AGE_BANDS",
    "SORTS",
    "Filters",
    "MemberRow",
    "Node",
    "OrganisationSheet",
    "PersonSheet",
    "RosterLine",
    "Stood",
    "batch_for",
    "batches_of",
    "choices_below",
    "eligible_for",
    "facets",
    "find_organisations",
    "grown_at",
    "line_of",
    "member_rows",
    "members",
    "organisation_for",
    "organisation_sheet",
    "person_for",
    "person_sheet",
    "places_of",
    "post_for",
    "roster_rows",
    "stood",
    "tree",
]
