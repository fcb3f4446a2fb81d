"""Reads: what the home of a branch has, all branches at a glance, honours, photographs."""

from zhibu.premises.queries.honours import TABLE, honour_for, honours, levels, members_of, published
from zhibu.premises.queries.inventory import (
    Inventory,
    Line,
    branch_for,
    branches,
    inventory,
    item_called,
    photo_for,
    photo_of,
)
from zhibu.premises.queries.overview import Gap, Overview, Row, overview
