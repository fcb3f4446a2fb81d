"""The acts on cases: each refuses, changes, and records."""

from zhibu.procedures.actions.happening import end_case, extend, resume, suspend, transfer_case
from zhibu.procedures.actions.opening import open_case
from zhibu.procedures.actions.papers import attach_paper, export_case
from zhibu.procedures.actions.publishing import publish
from zhibu.procedures.actions.reversing import reverse_step
from zhibu.procedures.actions.taking import bulk_reply, reply, take_step

__all__ = [
    "attach_paper",
    "bulk_reply",
    "end_case",
    "export_case",
    "extend",
    "open_case",
    "publish",
    "reply",
    "resume",
    "reverse_step",
    "suspend",
    "take_step",
    "transfer_case",
]
