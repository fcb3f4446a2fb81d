"""Acts: undertaken, reported on, ended."""

from zhibu.undertakings.actions.ending import close, extend, give_up, hand_over, send_back
from zhibu.undertakings.actions.opening import undertake
from zhibu.undertakings.actions.working import attach, claim, report_done, report_progress
