"""Acts: undertaken, agreed to, reported on, ended, forgotten."""

from zhibu.undertakings.actions.agreeing import agree, decline
from zhibu.undertakings.actions.ending import close, extend, give_up, hand_over, send_back
from zhibu.undertakings.actions.forgetting import TABLES, forget_undertakings
from zhibu.undertakings.actions.opening import undertake
from zhibu.undertakings.actions.working import attach, claim, report_done, report_progress
