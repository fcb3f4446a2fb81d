"""Sealing what must not lie open in the database: identity numbers, phone numbers, second factors.

AES-256-GCM with the key of the installation (ZHIBU_HOME/keys/data.key). What is sealed is bound to its column, so a
token moved to another column does not open. A blind index answers "is it this number?" without opening anything.

Changing the key: the new one becomes the setting ZHIBU_DATA_KEY, the old one joins ZHIBU_RETIRED_DATA_KEYS; old
tokens still open, new ones use the new key. Blind indexes must be computed again from the opened values, in the same
transaction as the tokens are sealed again: `is_current` tells which tokens are left.
"""

from __future__ import annotations

import base64
import hmac
import os
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

VERSION = "z1"
NONCE_BYTES = 12
KEY_BYTES = 32


class SealBroken(Exception):
    """A sealed value cannot be opened: another key, another column, or it was altered."""


def seal(text: str, context: str) -> str:
    """The text encrypted for one column; `context` is "table.column". Sealing twice gives two different tokens."""
    key = _current()
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(_derived(key, "seal")).encrypt(nonce, text.encode(), _bound(context))
    return f"{VERSION}.{_name(key)}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def open_sealed(token: str, context: str) -> str:
    """The text behind a token of the same column. Raises SealBroken."""
    name, sealed = _parts(token)
    for key in _all():
        if _name(key) == name:
            try:
                opened = AESGCM(_derived(key, "seal")).decrypt(
                    sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _bound(context)
                )
            except InvalidTag:
                raise SealBroken(f"a value of {context} was altered, or belongs to another column") from None
            return opened.decode()
    raise SealBroken(
        f"a value of {context} was sealed with key {name}, which this installation does not have"
    )


def is_current(token: str) -> bool:
    """Whether the token was sealed with the present key (otherwise it waits to be sealed again)."""
    return _parts(token)[0] == _name(_current())


def blind(text: str, context: str) -> str:
    """A keyed digest of 64 hexadecimal digits: equal texts of one column give equal digests, which say nothing else.

    The caller brings the text into one form first (no spaces, capital X).
    """
    return hmac.new(
        _derived(_current(), "blind"), _bound(context) + b"\x00" + text.encode(), sha256
    ).hexdigest()


def _parts(token: str) -> tuple[str, bytes]:
    version, _, rest = token.partition(".")
    name, _, body = rest.partition(".")
    if version != VERSION or not name:
        raise SealBroken("this is not a sealed value")
    try:
        sealed = base64.b64decode(body, altchars=b"-_", validate=True)
    except ValueError:
        raise SealBroken("this is not a sealed value") from None
    if len(sealed) <= NONCE_BYTES:
        raise SealBroken("this is not a sealed value")
    return name, sealed


def _bound(context: str) -> bytes:
    table, dot, column = context.partition(".")
    if not (table and dot and column):
        raise ValueError(f"the context of a sealed value is table.column, not {context!r}")
    return f"zhibu:{context}".encode()


def _current() -> bytes:
    key: bytes = settings.ZHIBU_DATA_KEY
    if len(key) != KEY_BYTES:
        raise ValueError(f"ZHIBU_DATA_KEY must be {KEY_BYTES} bytes")
    return key


def _all() -> tuple[bytes, ...]:
    return (_current(), *getattr(settings, "ZHIBU_RETIRED_DATA_KEYS", ()))


@lru_cache(maxsize=32)
def _derived(key: bytes, purpose: str) -> bytes:
    # one secret, two uses: neither key can be computed from the other
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"zhibu/{purpose}/1".encode()).derive(key)


def _name(key: bytes) -> str:
    return _derived(key, "name").hex()[:8]
