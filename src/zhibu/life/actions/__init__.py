"""Everything that is done in the room of organisational life."""

from zhibu.life.actions.corrections import Change, correct
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
from zhibu.life.actions.planning import cancel, convene, plan

__all__ = [
    "Change",
    "agenda_items",
    "attach",
    "cancel",
    "close_minutes",
    "convene",
    "correct",
    "edit_minutes",
    "file_document",
    "follow_up",
    "hold",
    "import_meetings",
    "keep_draft",
    "plan",
    "record",
    "record_examination",
    "record_talk",
    "stage_meetings",
    "undo_import",
]
