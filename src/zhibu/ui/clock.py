"""The one place where a page asks what time it is."""

from datetime import date, datetime

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

_KEPT = "_zhibu_now"


def now(request: HttpRequest) -> datetime:
    """The instant this request is answered at, aware, the same at every call within a request.

    The setting ZHIBU_TODAY=YYYY-MM-DD moves the day and keeps the hour, for demonstrations and tests.
    """
    kept: datetime | None = getattr(request, _KEPT, None)
    if kept is None:
        kept = instant()
        setattr(request, _KEPT, kept)
    return kept


def today(request: HttpRequest) -> date:
    """The local day this request is answered on."""
    return timezone.localtime(now(request)).date()


def is_pretended() -> bool:
    """Whether the day is one that was set, for demonstrations and tests."""
    return bool(getattr(settings, "ZHIBU_TODAY", None))


def instant() -> datetime:
    """The instant for what is no request (a command), on the same pretended day."""
    read = timezone.now()
    told = getattr(settings, "ZHIBU_TODAY", None)
    if not told:
        return read
    day = told if isinstance(told, date) else date.fromisoformat(str(told))
    # within one second, too, what was done first must come first: records count up to an instant
    return datetime.combine(day, timezone.localtime(read).timetz())
