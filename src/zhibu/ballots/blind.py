"""RSA blind signatures as RFC 9474 has them (RSABSSA-SHA384-PSS-Randomized), both sides.

The signer sees a blinded message and learns nothing of the message; whoever holds the signature can show it was
given, and nobody can say to whom. The private operation is done modulo each prime with constant-time powers, blinded
by a fresh random base, and checked before it leaves. One key serves one ballot and nothing else.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

import gmpy2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

BITS = 2048
EXPONENT = 65537
HASH_BYTES = 48
SALT_BYTES = 48
PREFIX_BYTES = 32
"""The random prefix of a prepared message: what the word Randomized stands for."""


class BlindError(ValueError):
    """A message, signature or key that the protocol does not allow."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The public half: modulus and exponent."""

    n: int
    e: int = EXPONENT

    @property
    def size(self) -> int:
        """Bytes of the modulus."""
        return (self.n.bit_length() + 7) // 8

    def to_hex(self) -> str:
        """The modulus in hexadecimal digits; the exponent is always 65537."""
        return f"{self.n:0{2 * self.size}x}"

    def fingerprint(self) -> str:
        """SHA-256 of the modulus, as it is printed in the notice and shown to every voter."""
        return hashlib.sha256(self.n.to_bytes(self.size, "big")).hexdigest()


@dataclass(frozen=True, slots=True, repr=False)
class PrivateKey:
    """The private half, as its two primes. Never printed."""

    p: int
    q: int
    e: int = EXPONENT

    @property
    def public(self) -> PublicKey:
        """The public half."""
        return PublicKey(self.p * self.q, self.e)

    @classmethod
    def generate(cls, bits: int = BITS) -> PrivateKey:
        """A fresh key."""
        numbers = rsa.generate_private_key(EXPONENT, bits).private_numbers()
        return cls(numbers.p, numbers.q)

    def to_bytes(self) -> bytes:
        """Both primes, for keeping under seal."""
        half = (self.p.bit_length() + 7) // 8
        return self.p.to_bytes(half, "big") + self.q.to_bytes(half, "big")

    @classmethod
    def from_bytes(cls, value: bytes) -> PrivateKey:
        """The key `to_bytes` was asked of."""
        half = len(value) // 2
        return cls(int.from_bytes(value[:half], "big"), int.from_bytes(value[half:], "big"))

    def blind_sign(self, blinded: bytes) -> bytes:
        """Sign a blinded message. Raises BlindError when it is none, or when the result fails its check."""
        public = self.public
        message = int.from_bytes(blinded, "big")
        if len(blinded) != public.size or not 1 < message < public.n - 1:
            raise BlindError("not a blinded message of this key")
        base = _unit(public.n)
        hidden = message * gmpy2.powmod(base, self.e, public.n) % public.n
        signed = self._power(hidden) * gmpy2.invert(base, public.n) % public.n
        if gmpy2.powmod(signed, self.e, public.n) != message:
            raise BlindError("the signature failed its check")
        return int(signed).to_bytes(public.size, "big")

    def _power(self, value: gmpy2.mpz) -> gmpy2.mpz:
        """value ** d modulo n, by the remainder theorem, in constant time for each prime."""
        half_p = gmpy2.powmod_sec(value % self.p, gmpy2.invert(self.e, self.p - 1), self.p)
        half_q = gmpy2.powmod_sec(value % self.q, gmpy2.invert(self.e, self.q - 1), self.q)
        step = (half_p - half_q) * gmpy2.invert(self.q, self.p) % self.p
        return half_q + step * self.q


@dataclass(frozen=True, slots=True)
class Blinded:
    """What the client sends, and what it keeps to undo the blinding."""

    message: bytes
    inverse: int


def prepare(message: bytes) -> bytes:
    """The message behind a random prefix."""
    return secrets.token_bytes(PREFIX_BYTES) + message


def blind(
    public: PublicKey, prepared: bytes, *, salt: bytes | None = None, inverse: int | None = None
) -> Blinded:
    """Blind a prepared message. `salt` and `inverse` are given by test vectors only."""
    encoded = int.from_bytes(
        encode(
            prepared, public.n.bit_length() - 1, secrets.token_bytes(SALT_BYTES) if salt is None else salt
        ),
        "big",
    )
    if gmpy2.gcd(encoded, public.n) != 1:
        raise BlindError("the encoded message shares a factor with the modulus")
    undo = _unit(public.n) if inverse is None else inverse
    factor = gmpy2.powmod(gmpy2.invert(undo, public.n), public.e, public.n)
    return Blinded(int(encoded * factor % public.n).to_bytes(public.size, "big"), int(undo))


def finalize(
    public: PublicKey, prepared: bytes, blind_signature: bytes, inverse: int, *, salt_bytes: int = SALT_BYTES
) -> bytes:
    """The signature behind a blind one. Raises BlindError when it does not verify."""
    if len(blind_signature) != public.size:
        raise BlindError("a blind signature of the wrong length")
    signature = int.from_bytes(blind_signature, "big") * inverse % public.n
    found = int(signature).to_bytes(public.size, "big")
    if not verify(public, prepared, found, salt_bytes=salt_bytes):
        raise BlindError("the blind signature is not one of this message")
    return found


def verify(public: PublicKey, prepared: bytes, signature: bytes, *, salt_bytes: int = SALT_BYTES) -> bool:
    """Whether it is an RSA-PSS signature (SHA-384) of the prepared message."""
    key = rsa.RSAPublicNumbers(public.e, public.n).public_key()
    scheme = padding.PSS(padding.MGF1(hashes.SHA384()), salt_bytes)
    try:
        key.verify(signature, prepared, scheme, hashes.SHA384())
    except (InvalidSignature, ValueError):
        return False
    return True


def encode(message: bytes, bits: int, salt: bytes) -> bytes:
    """EMSA-PSS-ENCODE of RFC 8017, 9.1.1, with SHA-384 and MGF1."""
    size = (bits + 7) // 8
    if size < HASH_BYTES + len(salt) + 2:
        raise BlindError("the key is too short")
    digest = hashlib.sha384(bytes(8) + hashlib.sha384(message).digest() + salt).digest()
    block = bytes(size - len(salt) - HASH_BYTES - 2) + b"\x01" + salt
    masked = bytearray(each ^ mask for each, mask in zip(block, _mask(digest, len(block)), strict=True))
    masked[0] &= 0xFF >> (8 * size - bits)
    return bytes(masked) + digest + b"\xbc"


def _mask(seed: bytes, length: int) -> bytes:
    blocks = -(-length // HASH_BYTES)
    return b"".join(hashlib.sha384(seed + each.to_bytes(4, "big")).digest() for each in range(blocks))[
        :length
    ]


def _unit(n: int) -> gmpy2.mpz:
    """A random number that has an inverse modulo n."""
    while True:
        found = gmpy2.mpz(1 + secrets.randbelow(n - 1))
        if gmpy2.gcd(found, n) == 1:
            return found


def spki(public: PublicKey) -> bytes:
    """The public key as SubjectPublicKeyInfo, for tools that check a paper without us."""
    key = rsa.RSAPublicNumbers(public.e, public.n).public_key()
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
