"""Reads: what the home of a branch has, all branches at a glance, honours, photographs."""

from zhibu.home.queries.honours import TABLE, honour_for, honours, levels, members_of, published
from zhibu.home.queries.inventory import (
    Inventory,
    Line,
    branch_for,
    branches,
    inventory,
    item_called,
    photo_for,
    photo_of,
)
from zhibu.home.queries.overview import Gap, Overview, Row, overview
