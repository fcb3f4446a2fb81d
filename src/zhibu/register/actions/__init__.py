"""The acts of the register: each refuses, changes, and records."""

from zhibu.register.actions.belonging import (
    assign_group,
    change_stage,
    join,
    leave,
    send_back_stage,
    take_back_stage,
    transfer,
)
from zhibu.register.actions.organisations import (
    close_organisation,
    create_organisation,
    edit_organisation,
    found_first_committee,
    move_organisation,
    record_term,
    shift_term,
)
from zhibu.register.actions.people import add_person, edit_person, end_mobile, record_mobile, reveal
from zhibu.register.actions.posts import appoint, dismiss
from zhibu.register.actions.roster import export_roster, import_roster, undo_import

__all__ = [
    "add_person",
    "appoint",
    "assign_group",
    "change_stage",
    "close_organisation",
    "create_organisation",
    "dismiss",
    "edit_organisation",
    "edit_person",
    "end_mobile",
    "export_roster",
    "found_first_committee",
    "import_roster",
    "join",
    "leave",
    "move_organisation",
    "record_mobile",
    "record_term",
    "reveal",
    "send_back_stage",
    "shift_term",
    "take_back_stage",
    "transfer",
    "undo_import",
]
