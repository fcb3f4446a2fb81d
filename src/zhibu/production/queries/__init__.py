"""Reads: figures, campaigns, the quarter on one page, all branches at a glance."""

from zhibu.production.queries.campaigns import campaign_for, campaigns, over
from zhibu.production.queries.figures import (
    Month,
    before,
    branch_for,
    branches,
    earlier,
    figures_for,
    month_of,
    months,
    to_enter,
    wanting,
)
from zhibu.production.queries.overview import Row, overview
from zhibu.production.queries.quarter import Link, QuarterPage, quarter_page
