"""Sessions kept in the database together with the account they belong to (setting SESSION_ENGINE)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

BEGUN = "zb_begun"
"""Session key: when its holder signed in, seconds since 1970. Renewed by no request."""
SEEN = "zb_seen"
"""Session key: when its holder was last seen, to a minute."""
DEVICE = "zb_device"
"""Session key: the kind of device, in a word; never the full text a browser sends."""


class SessionStore(DatabaseStore):
    """Django's database store over `zb_sign_in`."""

    @classmethod
    def get_model_class(cls) -> Any:
        """The table of sessions."""
        from zhibu.accounts.models import SignIn  # noqa: PLC0415 - this module is imported before the models are ready

        return SignIn

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row to store, with what the list of sessions shows."""
        row: Any = super().create_model_instance(data)
        if SESSION_KEY in data:
            row.user_id = int(data[SESSION_KEY])
        if BEGUN in data:
            row.begun_at = datetime.fromtimestamp(data[BEGUN], UTC)
        row.device = data.get(DEVICE, "")
        return row
