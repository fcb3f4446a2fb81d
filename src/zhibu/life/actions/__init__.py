"""Everything that is done in the room of organisational life."""

from zhibu.life.actions.convening import cancel, convene, reply, tell
from zhibu.life.actions.corrections import Change, correct
from zhibu.life.actions.feeds import open_feed, revoke_feed
from zhibu.life.actions.following import follow_up
from zhibu.life.actions.ledger import import_meetings, stage_meetings, undo_import
from zhibu.life.actions.minutes import (
    agenda_items,
    close_minutes,
    edit_minutes,
    hold,
    keep_draft,
    record,
)
from zhibu.life.actions.papers import attach, file_document, record_examination, record_talk
from zhibu.life.actions.planning import plan
from zhibu.life.actions.shifts import import_shifts
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
    "attach",
    "cancel",
    "close_minutes",
    "convene",
    "correct",
    "draft_plan",
    "edit_minutes",
    "file_document",
    "follow_up",
    "hold",
    "import_meetings",
    "import_shifts",
    "keep_draft",
    "open_feed",
    "plan",
    "record",
    "record_examination",
    "record_talk",
    "refresh_plan",
    "reply",
    "revoke_feed",
    "set_recurring_day",
    "stage_meetings",
    "tell",
    "undo_import",
]
