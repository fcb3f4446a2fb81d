"""Reading undertakings."""

from zhibu.undertakings.queries.finding import (
    attachment_for,
    attachments,
    branch_for,
    branches,
    forgotten_on,
    group_for,
    history,
    kind_choices,
    people,
    undertaking_for,
)
from zhibu.undertakings.queries.listing import Behind, behind, listed, marks, of_source, small_tasks, told
from zhibu.undertakings.queries.waiting import (
    Reminder,
    for_agenda,
    published,
    reminders,
    to_confirm,
    to_confirm_above,
    unclaimed,
)

__all__ = [
    "Behind",
    "Reminder",
    "attachment_for",
    "attachments",
    "behind",
    "branch_for",
    "branches",
    "for_agenda",
    "forgotten_on",
    "group_for",
    "history",
    "kind_choices",
    "listed",
    "marks",
    "of_source",
    "people",
    "published",
    "reminders",
    "small_tasks",
    "to_confirm",
    "to_confirm_above",
    "told",
    "unclaimed",
    "undertaking_for",
]
