"""Reads: figures, campaigns, practices, the quarter on one page, all branches at a glance."""

from zhibu.work.queries.campaigns import campaign_for, campaigns
from zhibu.work.queries.figures import (
    Month,
    before,
    branch_for,
    branches,
    figures_for,
    month_of,
    months,
    wanting,
)
from zhibu.work.queries.overview import Row, overview
from zhibu.work.queries.practices import adopters, listed, practice_for
from zhibu.work.queries.quarter import Link, QuarterPage, quarter_page
