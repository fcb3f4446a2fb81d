"""What a voter's and a teller's browser do, in Python: written from the description, for tests and measurements."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from functools import cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from zhibu.ballots import blind

OAEP = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)


@cache
def teller_key(number: int) -> rsa.RSAPrivateKey:
    """A teller's key pair; made once for all tests."""
    return rsa.generate_private_key(65537, 2048)


def public_of(key: rsa.RSAPrivateKey) -> str:
    return base64.b64encode(
        key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ).decode()


@dataclass
class Device:
    """One voter's device in one ballot."""

    code: str
    modulus: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def __post_init__(self) -> None:
        self.n = blind.PublicKey(int(self.modulus, 16))
        self.public = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        message = hashlib.sha256(f"zhibu ticket 1\n{self.code}\n".encode() + self.public).digest()
        self.prefix = secrets.token_bytes(32)
        self.blinded = blind.blind(self.n, self.prefix + message)
        self.message = message
        self.ticket = b""

    def take(self, signature: bytes) -> None:
        self.ticket = blind.finalize(self.n, self.prefix + self.message, signature, self.blinded.inverse)

    def paper(self, marks: str, tellers: list[rsa.RSAPublicKey], length: int) -> bytes:
        content = secrets.token_bytes(32)
        nonce = secrets.token_bytes(12)
        sealed = AESGCM(content).encrypt(nonce, marks.ljust(length).encode(), self.code.encode())
        wraps = b"".join(each.encrypt(content, OAEP) for each in tellers)
        rest = wraps + hashlib.sha256(b"zhibu key 1\n" + content).digest() + nonce + sealed
        head = b"\x01" + self.public + self.prefix + self.ticket
        signed = self.key.sign(
            f"zhibu paper 1\n{self.code}\n".encode() + head + rest, ec.ECDSA(hashes.SHA256())
        )
        r, s = decode_dss_signature(signed)
        return head + r.to_bytes(32, "big") + s.to_bytes(32, "big") + rest

    @property
    def tracker(self) -> str:
        return hashlib.sha256(self.public).hexdigest()


def open_paper(body: bytes, place: int, key: rsa.RSAPrivateKey, tellers: int, code: str) -> str:
    """A paper opened by the teller at this place."""
    start = 1 + 65 + 32 + 256 + 64
    content = key.decrypt(body[start + 256 * place : start + 256 * (place + 1)], OAEP)
    rest = body[start + 256 * tellers :]
    return AESGCM(content).decrypt(rest[32:44], rest[44:], code.encode()).decode().rstrip()
