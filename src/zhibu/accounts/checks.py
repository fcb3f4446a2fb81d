"""What is unsafe to run with is said at the start, not found out later."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 - Django's name

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]", "::1", ".localhost", "testserver"})
LONGEST_IDLE = 60 * 60


@register(Tags.security)
def safe_to_run(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A debugging server shows its memory to whoever causes an error: it must not be reachable from elsewhere."""
    if settings.DEBUG and not set(settings.ALLOWED_HOSTS) <= LOOPBACK:
        return [
            Error(
                "ZHIBU_DEBUG=1 and ZHIBU_HOSTS names more than this machine.",
                hint="Unset ZHIBU_DEBUG, or leave ZHIBU_HOSTS to localhost.",
                id="accounts.E001",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def safe_to_deploy(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What an assessor of GB/T 22239-2019 8.1.4.1 will ask for."""
    found: list[CheckMessage] = []
    if settings.ZHIBU_SECOND_FACTOR == "none":
        found.append(
            Warning(
                "Operators may sign in with a password alone.",
                hint="Set ZHIBU_SECOND_FACTOR=operators, or all.",
                id="accounts.W001",
            )
        )
    if settings.SESSION_COOKIE_AGE > LONGEST_IDLE:
        found.append(
            Warning(
                "A session nobody uses stays open for more than an hour.",
                hint="Set ZHIBU_SESSION_IDLE_MINUTES to 30 or less.",
                id="accounts.W002",
            )
        )
    return found
