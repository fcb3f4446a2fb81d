"""Everything that is done in the room of organisational life."""

from zhibu.life.actions.away import keep_card, record_contact
from zhibu.life.actions.books import export_book
from zhibu.life.actions.convening import cancel, convene, reply, tell
from zhibu.life.actions.corrections import Change, correct
from zhibu.life.actions.disclosing import disclose_dues
from zhibu.life.actions.feeds import open_feed, revoke_feed
from zhibu.life.actions.following import follow_up
from zhibu.life.actions.holding import call_roll, decide, take_item
from zhibu.life.actions.ledger import import_meetings, stage_meetings, undo_import
from zhibu.life.actions.minutes import (
    agenda_items,
    close_minutes,
    edit_minutes,
    hold,
    keep_draft,
    record,
)
from zhibu.life.actions.missed import (
    answer_voice,
    confirm_make_up,
    end_exemption,
    exempt,
    record_make_up,
    record_visit,
    report_make_up,
    return_make_up,
    write_voice,
)
from zhibu.life.actions.papers import attach, file_document, record_examination, record_talk
from zhibu.life.actions.planning import plan
from zhibu.life.actions.remarks import amend_remark, note_remark
from zhibu.life.actions.shifts import import_shifts
from zhibu.life.actions.signing_in import close_sign_in, is_open, open_sign_in, sign_in
from zhibu.life.actions.yearly import (
    add_line,
    adjust_plan,
    adopt_plan,
    draft_plan,
    refresh_plan,
    set_recurring_day,
)

__all__ = [
    "Change",
    "add_line",
    "adjust_plan",
    "adopt_plan",
    "agenda_items",
    "amend_remark",
    "answer_voice",
    "attach",
    "call_roll",
    "cancel",
    "close_minutes",
    "close_sign_in",
    "confirm_make_up",
    "convene",
    "correct",
    "decide",
    "disclose_dues",
    "draft_plan",
    "edit_minutes",
    "end_exemption",
    "exempt",
    "export_book",
    "file_document",
    "follow_up",
    "hold",
    "import_meetings",
    "import_shifts",
    "is_open",
    "keep_card",
    "keep_draft",
    "note_remark",
    "open_feed",
    "open_sign_in",
    "plan",
    "record",
    "record_contact",
    "record_examination",
    "record_make_up",
    "record_talk",
    "record_visit",
    "refresh_plan",
    "reply",
    "report_make_up",
    "return_make_up",
    "revoke_feed",
    "set_recurring_day",
    "sign_in",
    "stage_meetings",
    "take_item",
    "tell",
    "undo_import",
    "write_voice",
]
