"""Sessions kept in the database together with the account they belong to (setting SESSION_ENGINE)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils.translation import gettext_lazy as _

BEGUN = "zb_begun"
"""Session key: when its holder signed in, seconds since 1970. Renewed by no request."""
SEEN = "zb_seen"
"""Session key: when its holder was last seen, to a minute."""
DEVICE = "zb_device"
"""Session key: the kind of device, a key of DEVICES; never the full text a browser sends."""

DEVICES = {
    "MicroMessenger": _("微信"),
    "iPhone": _("苹果手机"),
    "iPad": _("苹果平板"),
    "HarmonyOS": _("鸿蒙设备"),
    "Android": _("安卓手机"),
    "Windows": _("Windows 电脑"),
    "Macintosh": _("苹果电脑"),
    "Linux": _("Linux 电脑"),
}
"""What a browser names itself by, the first that fits; and the word for it."""


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
