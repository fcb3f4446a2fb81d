r"""A sealed paper, byte by byte, and what makes one acceptable.

    1    version
    65   the paper's own public key (P-256, uncompressed); its SHA-256 is the tracker
    32   random prefix of the ticket's message
    256  the ticket: signature under the ballot's key, of prefix || SHA-256("zhibu ticket 1\n" code "\n" public key)
    64   signature of the paper with its own key, over "zhibu paper 1\n" code "\n" and all other bytes
    256 × tellers  the content key, sealed to each teller (RSA-OAEP, SHA-256)
    32   SHA-256 of the content key: a teller cannot open a paper to something else
    12   nonce
    n+16 the marks, padded to one length for all, AES-256-GCM

All papers of a ballot have the same length. The server opens none.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .blind import PREFIX_BYTES, PublicKey, verify

VERSION = 1
PUBLIC_BYTES, TICKET_BYTES, SIGNATURE_BYTES, WRAP_BYTES, NONCE_BYTES, TAG_BYTES = 65, 256, 64, 256, 12, 16
HEAD = 1 + PUBLIC_BYTES + PREFIX_BYTES + TICKET_BYTES
FIXED = HEAD + SIGNATURE_BYTES + 32 + NONCE_BYTES + TAG_BYTES


@dataclass(frozen=True, slots=True)
class Terms:
    """What a box must know to accept papers: its code, the ballot's key, how many tellers, how long the marks are."""

    code: str
    modulus: str
    tellers: int
    marks: int

    @property
    def length(self) -> int:
        """The one length of every paper."""
        return FIXED + WRAP_BYTES * self.tellers + self.marks

    @property
    def key(self) -> PublicKey:
        """The ballot's public key."""
        return PublicKey(int(self.modulus, 16))


def tracker_of(body: bytes) -> bytes:
    """What a voter may look for in the published list."""
    return hashlib.sha256(body[1 : 1 + PUBLIC_BYTES]).digest()


def ticket_message(code: str, public: bytes) -> bytes:
    """What a ticket is a signature of, behind its random prefix."""
    return hashlib.sha256(f"zhibu ticket 1\n{code}\n".encode() + public).digest()


def signed_part(code: str, body: bytes) -> bytes:
    """What the paper's own key signs."""
    return f"zhibu paper 1\n{code}\n".encode() + body[:HEAD] + body[HEAD + SIGNATURE_BYTES :]


def why_not(terms: Terms, body: bytes) -> str:
    """The code of why a paper is not accepted; empty when it is."""
    if len(body) != terms.length or body[0] != VERSION:
        return "shape"
    public = body[1 : 1 + PUBLIC_BYTES]
    prefix = body[1 + PUBLIC_BYTES : 1 + PUBLIC_BYTES + PREFIX_BYTES]
    ticket = body[1 + PUBLIC_BYTES + PREFIX_BYTES : HEAD]
    if not verify(terms.key, prefix + ticket_message(terms.code, public), ticket):
        return "ticket"
    signature = body[HEAD : HEAD + SIGNATURE_BYTES]
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
        half = SIGNATURE_BYTES // 2
        numbers = int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
        key.verify(encode_dss_signature(*numbers), signed_part(terms.code, body), ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return "signature"
    return ""


def opened(terms: Terms, body: bytes, content_key: bytes) -> str | None:
    """The marks of a paper, with the content key a teller unwrapped; None when the key is not the paper's own."""
    rest = body[HEAD + SIGNATURE_BYTES + WRAP_BYTES * terms.tellers :]
    commitment, nonce, sealed = rest[:32], rest[32 : 32 + NONCE_BYTES], rest[32 + NONCE_BYTES :]
    if hashlib.sha256(b"zhibu key 1\n" + content_key).digest() != commitment:
        return None
    try:
        return AESGCM(content_key).decrypt(nonce, sealed, terms.code.encode()).decode("ascii").rstrip(" ")
    except (InvalidTag, UnicodeDecodeError, ValueError):
        return None
