"""Pages of work on what matters."""

from zhibu.production.views.campaigns import (
    campaign,
    campaigns,
    cancel_campaign,
    edit_campaign,
    enter_results,
    open_campaign,
)
from zhibu.production.views.figures import enter_figures, month, months, overview, quarter
