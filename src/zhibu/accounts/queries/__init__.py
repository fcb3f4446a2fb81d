"""Reading: accounts and the people behind them, the record, and what is known of oneself."""

from zhibu.accounts.queries.channels import mailbox_of, troubles
from zhibu.accounts.queries.mine import my_data
from zhibu.accounts.queries.people import (
    account_for,
    accounts,
    actor_for,
    home_of,
    name_of,
    people_without_account,
    person_for,
    phone_key,
    phone_number,
    phone_of,
    places_of,
    posts_of,
    sign_ins_of,
    user_signing_in,
)
from zhibu.accounts.queries.trace import (
    acts_of,
    attachment_for,
    chain_for,
    entries,
    looks_at,
    looks_shown,
    organisations_with_record,
    told,
)

__all__ = [
    "account_for",
    "accounts",
    "actor_for",
    "acts_of",
    "attachment_for",
    "chain_for",
    "entries",
    "home_of",
    "looks_at",
    "looks_shown",
    "mailbox_of",
    "my_data",
    "name_of",
    "organisations_with_record",
    "people_without_account",
    "person_for",
    "phone_key",
    "phone_number",
    "phone_of",
    "places_of",
    "posts_of",
    "sign_ins_of",
    "told",
    "troubles",
    "user_signing_in",
]
