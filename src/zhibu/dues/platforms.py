"""The payment door: what a payment platform must be able to do, and a complete one that lives in this installation.

Adding WeChat Pay or a bank is one module with one class like `Local` and one line in `DOORS`. A platform is trusted
only as far as its signature: what a callback says is checked against the order before anything is booked, and what
came without a fitting order is kept for a person to look at.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Final, Protocol

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhibu.dues.models import PlatformPayment

SIGNATURE = "Zhibu-Signature"
MOST_BYTES = 20_000
MOST_FEN = 10**12


class BadCallback(Exception):
    """A callback that is not the platform's: unsigned, altered, or not to be read."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An order as the platform is asked for it."""

    number: str
    fen: int
    subject: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """A payment as the platform tells it, in a callback or in its statement of a day."""

    number: str
    platform_number: str
    fen: int
    paid_at: datetime
    paid: bool = True


class Platform(Protocol):
    """What a door must do."""

    @property
    def name(self) -> str: ...

    @property
    def label(self) -> object: ...

    def create(self, asked: Asked) -> str:
        """Begin an order; the address the payer goes to. The same number again gives the same order."""

    def read(self, body: bytes, headers: Mapping[str, str]) -> Told:
        """Check the signature of a callback and read it. Raises BadCallback."""

    def statement(self, day: date) -> Sequence[Told]:
        """Everything paid on a day, for reconciliation."""


class Local:
    """A platform of our own: an order page, a signed callback, a statement. For demonstrations, tests and exercises.

    Its side of the books is a table of its own, and it speaks to the ledger through `read` and `statement` only.
    """

    name = "local"
    label = _("本机支付（演示）")

    def create(self, asked: Asked) -> str:
        """Keep the order on the platform's side."""
        PlatformPayment.objects.get_or_create(
            number=asked.number,
            defaults={"fen": asked.fen, "subject": asked.subject[:120], "created_at": asked.at},
        )
        return reverse("dues:pay", args=[asked.number])

    def pay(self, number: str, at: datetime) -> tuple[bytes, dict[str, str]]:
        """What the payer's confirmation does: paid once, and the callback that tells of it, signed."""
        row = PlatformPayment.objects.select_for_update().get(number=number)
        if row.paid_at is None:
            row.paid_at, row.platform_number = at, f"L{row.pk:012d}"
            row.save()
        body = json.dumps(
            {
                "number": row.number, "platform_number": row.platform_number, "fen": row.fen,
                "paid_at": row.paid_at.isoformat(), "paid": True,
            }
        ).encode()  # fmt: skip
        return body, {SIGNATURE: signed(body)}

    def read(self, body: bytes, headers: Mapping[str, str]) -> Told:
        """Check and read."""
        given = headers.get(SIGNATURE, "").encode("utf-8", "replace")
        if len(body) > MOST_BYTES or not hmac.compare_digest(given, signed(body).encode()):
            raise BadCallback("signature")
        try:
            told = json.loads(body)
            paid_at = datetime.fromisoformat(told["paid_at"])
            fen = int(told["fen"])
            number, theirs, paid = (
                str(told["number"]),
                str(told["platform_number"])[:80],
                told["paid"] is True,
            )
        except (ValueError, KeyError, TypeError, OverflowError) as error:
            raise BadCallback("content") from error
        if paid_at.tzinfo is None or not 0 < fen <= MOST_FEN:
            raise BadCallback("content")
        return Told(number, theirs, fen, paid_at, paid)

    def statement(self, day: date) -> Sequence[Told]:
        """Its own table of a local day."""
        rows = PlatformPayment.objects.filter(paid_at__date=day).order_by("pk")
        return [Told(row.number, row.platform_number, row.fen, row.paid_at) for row in rows if row.paid_at]


def signed(body: bytes) -> str:
    """HMAC-SHA256 with a key of this purpose alone."""
    key = hmac.new(settings.SECRET_KEY.encode(), b"zhibu/dues/local-door/1", sha256).digest()
    return hmac.new(key, body, sha256).hexdigest()


DOORS: Final[dict[str, Callable[[], Platform]]] = {"local": Local}


def opened(name: str) -> Platform | None:
    """The door of a name, when this installation has it: ZHIBU_DUES_DOOR names the one members are sent to.

    The local one moves no money, so it is open only while it is the one named; another platform's late callbacks are
    heard even after members are sent elsewhere.
    """
    if name == Local.name != settings.ZHIBU_DUES_DOOR:
        return None
    make = DOORS.get(name)
    return make() if make else None


def chosen() -> Platform | None:
    """The door members are sent to; none unless the installation names one."""
    return opened(settings.ZHIBU_DUES_DOOR)
