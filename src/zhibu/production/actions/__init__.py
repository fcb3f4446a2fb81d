"""Acts: figures are entered, campaigns opened and ended, practices written and taken over."""

from zhibu.production.actions.campaigns import cancel_campaign, enter_results, open_campaign
from zhibu.production.actions.figures import enter_figures
from zhibu.production.actions.practices import take_over, withdraw_practice, write_practice
