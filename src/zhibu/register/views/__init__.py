"""The pages of the register."""

from zhibu.register.views.lists import member, members, organisation, search, tree
from zhibu.register.views.organisations import (
    appoint,
    close_organisation,
    create_organisation,
    dismiss,
    edit_organisation,
    first_organisation,
    move_organisation,
    record_term,
)
from zhibu.register.views.people import (
    add_person,
    assign_group,
    change_stage,
    edit_person,
    end_mobile,
    join,
    leave,
    record_mobile,
    reveal,
    transfer,
)
from zhibu.register.views.rosters import (
    export_roster,
    import_batch,
    import_roster,
    roster_template,
    undo_import,
)

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
    "first_organisation",
    "import_batch",
    "import_roster",
    "join",
    "leave",
    "member",
    "members",
    "move_organisation",
    "organisation",
    "record_mobile",
    "record_term",
    "reveal",
    "roster_template",
    "search",
    "transfer",
    "tree",
    "undo_import",
]
