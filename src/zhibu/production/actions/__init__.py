"""Acts: figures are entered, campaigns opened and ended."""

from zhibu.production.actions.campaigns import cancel_campaign, edit_campaign, enter_results, open_campaign
from zhibu.production.actions.figures import enter_figures
