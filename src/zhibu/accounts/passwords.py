"""What a password must be, in our words (setting AUTH_PASSWORD_VALIDATORS)."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator, get_default_password_validators
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """Django's check; its sentence is not translated in this release."""

    def get_error_message(self) -> str:
        """What is said of a shorter one."""
        return _("密码至少 %(count)d 位。") % {"count": self.min_length}

    def get_help_text(self) -> str:
        """What is said beforehand."""
        return self.get_error_message()


def rule() -> str:
    """The rule in one sentence, with the length this installation asks for."""
    lengths = [each.min_length for each in get_default_password_validators() if isinstance(each, LongEnough)]
    return _("至少 %(count)d 位；不能全是数字，不能是常见密码，不能与登录名相近。") % {
        "count": max(lengths, default=1)
    }
