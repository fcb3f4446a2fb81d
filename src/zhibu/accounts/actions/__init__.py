"""What is done to accounts, and to the ways on which people are told."""

from zhibu.accounts.actions.channels import (
    confirm_mailbox,
    connect_channel,
    disconnect_channel,
    forget_mailbox,
    send_again,
    set_mailbox,
    try_channel,
)
from zhibu.accounts.actions.keeping import (
    change_language,
    change_password,
    create_account,
    deactivate,
    end_sign_ins,
    link_person,
    one_time_password,
    passwords,
    reactivate,
    reset_password,
)

__all__ = [
    "change_language",
    "change_password",
    "confirm_mailbox",
    "connect_channel",
    "create_account",
    "deactivate",
    "disconnect_channel",
    "end_sign_ins",
    "forget_mailbox",
    "link_person",
    "one_time_password",
    "passwords",
    "reactivate",
    "reset_password",
    "send_again",
    "set_mailbox",
    "try_channel",
]
