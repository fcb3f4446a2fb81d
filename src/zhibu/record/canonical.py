"""One way to write an entry down, so that its digest can be computed again by anyone at any time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

FORM = "zhibu-record-1"
"""First element of what is digested: a later form of entry cannot be taken for this one."""

BEGINNING = "0" * 64
"""What stands for the previous digest in the first entry of a chain."""

_WRITER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))

_LONG_NUMBER = re.compile(r"\d{11}")
# a run of digits inside a longer word (a SHA-256 in hexadecimal) is no number of a person
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])(\d{6})\d{8}(\d{3}[0-9Xx])(?![0-9A-Za-z])")
_PHONE = re.compile(r"(?<![0-9A-Za-z])(1[3-9]\d)\d{4}(\d{4})(?![0-9A-Za-z])")


def masked(text: str) -> str:
    """The text with identity and mobile numbers made unreadable: free text may hold what a record must not."""
    if not _LONG_NUMBER.search(text):
        return text
    return _PHONE.sub(r"\1****\2", _IDENTITY.sub(r"\1********\2", text))


def plain(value: Any) -> Any:
    """The value as JSON knows it: dates as ISO text, numbers of persons masked.

    Raises TypeError for a value whose text would not say what it was.
    """
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        # a lone surrogate has no UTF-8 and could not be stored
        return masked(str(value).encode("utf-8", "replace").decode("utf-8"))
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(each) for key, each in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted((plain(each) for each in value), key=canonical)
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [plain(each) for each in value]
    return _written(value)


def _written(value: Any) -> Any:
    if isinstance(value, float) and value - value == 0:
        return value
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (Decimal, UUID, Promise)):
        return plain(str(value))
    raise TypeError(f"{value!r} cannot be recorded; give its number, its text or its date")


def canonical(value: Any) -> str:
    """JSON of a plain value in one form only: keys sorted, no spaces, no escapes that are not needed."""
    return _WRITER.encode(value)


def moment(at: datetime) -> str:
    """An instant as text, in UTC and to the microsecond. Raises ValueError for one without a time zone."""
    if at.tzinfo is None:
        raise ValueError(f"an instant needs a time zone: {at!r}")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def digest_of(previous: str, content: Sequence[Any]) -> str:
    """SHA-256 of an entry: the digest before it, and everything the entry says."""
    return sha256(canonical([FORM, previous, *content]).encode()).hexdigest()


def merkle_root(leaves: Iterable[str]) -> str:
    """The root over texts, in their order (RFC 6962: leaves and nodes are hashed apart, an odd one is promoted)."""
    level = [sha256(b"\x00" + leaf.encode()).digest() for leaf in leaves]
    if not level:
        return sha256(b"").hexdigest()
    while len(level) > 1:
        pairs = [
            sha256(b"\x01" + level[place] + level[place + 1]).digest()
            for place in range(0, len(level) - 1, 2)
        ]
        level = [*pairs, *level[len(pairs) * 2 :]]
    return level[0].hex()
