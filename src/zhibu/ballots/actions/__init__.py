"""Acts of the room: setting a vote up, running it, counting it."""

from .counting import cancel, destroy, enter_tally, reduce_seats, run_off
from .issuing import take_slip_ticket, take_ticket
from .running import cast_named, close, mark_present, open_casting, start
from .setting_up import Named, add_slips, exclude, name_officials, open_ballot, record_opinion, register_key

__all__ = [
    "Named",
    "add_slips",
    "cancel",
    "cast_named",
    "close",
    "destroy",
    "enter_tally",
    "exclude",
    "mark_present",
    "name_officials",
    "open_ballot",
    "open_casting",
    "record_opinion",
    "reduce_seats",
    "register_key",
    "run_off",
    "start",
    "take_slip_ticket",
    "take_ticket",
]
