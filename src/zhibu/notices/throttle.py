"""Slowing down whoever asks too often, without writing down who.

Addresses are hashed with a salt that this process draws when it starts and never writes anywhere; counts live in
memory and are dropped when their time is over. Several workers count for themselves.
"""

from __future__ import annotations

import hmac
import os
from collections import OrderedDict
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

_SALT = os.urandom(32)
MOST_KEPT = 20_000


class Throttle:
    """At most `number` times in `seconds` for one address, and the oldest forgotten when there are too many."""

    every: ClassVar[list[Throttle]] = []

    def __init__(self, number: int, seconds: int) -> None:
        self.number, self.seconds = number, seconds
        self.every.append(self)
        self._counts: OrderedDict[bytes, tuple[float, int]] = OrderedDict()
        self._lock = Lock()

    def allows(self, request: HttpRequest, now: datetime) -> bool:
        """Count one attempt; whether it is within the limit."""
        return self.counts(_blinded(request), now)

    def counts(self, key: bytes, now: datetime) -> bool:
        """As `allows`, of anything that has a name of its own."""
        moment = now.timestamp()
        with self._lock:
            begun, number = self._counts.pop(key, (moment, 0))
            if not 0 <= moment - begun < self.seconds:
                begun, number = moment, 0
            self._counts[key] = (begun, number + 1)
            while len(self._counts) > MOST_KEPT or self._is_old(moment):
                self._counts.popitem(last=False)
        return number < self.number

    def forget(self) -> None:
        """Drop all counts."""
        with self._lock:
            self._counts.clear()

    @classmethod
    def forget_all(cls) -> None:
        """Drop the counts of every throttle there is."""
        for each in cls.every:
            each.forget()

    def _is_old(self, moment: float) -> bool:
        oldest = next(iter(self._counts.values()))
        return moment - oldest[0] >= self.seconds


def _blinded(request: HttpRequest) -> bytes:
    address = request.META.get("REMOTE_ADDR", "")
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        # the last hop was written by our own proxy
        address = request.META.get("HTTP_X_FORWARDED_FOR", address).rpartition(",")[2].strip()
    return hmac.new(_SALT, address.encode(), sha256).digest()[:16]
