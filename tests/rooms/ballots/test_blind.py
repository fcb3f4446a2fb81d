"""RFC 9474 to the letter, and what is no message or signature of it."""

import json
import secrets
from pathlib import Path

import pytest

from zhibu.ballots.blind import BlindError, PrivateKey, blind, finalize, prepare, verify

VECTORS = json.loads((Path(__file__).parents[2] / "data" / "rfc9474.json").read_text())


@pytest.mark.parametrize("vector", VECTORS, ids=lambda each: each["name"])
def test_the_vectors_of_the_standard(vector):
    key = PrivateKey(int(vector["p"], 16), int(vector["q"], 16))
    salt = bytes.fromhex(vector["salt"])
    prepared = bytes.fromhex(vector["msg_prefix"] + vector["msg"])
    blinded = blind(key.public, prepared, salt=salt, inverse=int(vector["inv"], 16))
    signature = key.blind_sign(blinded.message)
    found = finalize(key.public, prepared, signature, blinded.inverse, salt_bytes=len(salt))
    assert key.public.to_hex() == vector["n"]
    assert (blinded.message.hex(), signature.hex(), found.hex()) == (
        vector["blinded_msg"],
        vector["blind_sig"],
        vector["sig"],
    )


@pytest.fixture(scope="module")
def key():
    return PrivateKey.generate()


def test_what_is_no_blinded_message_is_not_signed(key):
    n = key.public.n
    for wrong in (0, 1, n - 1, n, n + 1):
        with pytest.raises(BlindError):
            key.blind_sign(wrong.to_bytes(257, "big")[-256:] if wrong < 1 << 2048 else b"\xff" * 256)
    for length in (0, 255, 257):
        with pytest.raises(BlindError):
            key.blind_sign(secrets.token_bytes(length))


def test_a_signature_is_of_its_message_and_its_key_alone(key):
    prepared = prepare(b"paper")
    blinded = blind(key.public, prepared)
    signature = key.blind_sign(blinded.message)
    found = finalize(key.public, prepared, signature, blinded.inverse)
    other = PrivateKey.generate()
    assert verify(key.public, prepared, found)
    assert not verify(key.public, prepared + b"!", found)
    assert not verify(other.public, prepared, found)
    assert not verify(key.public, prepared, found[:-1])
    with pytest.raises(BlindError):
        finalize(key.public, prepared, other.blind_sign(blinded.message), blinded.inverse)
    with pytest.raises(BlindError):
        finalize(key.public, prepared, b"", blinded.inverse)


def test_a_wrong_prime_is_noticed_before_anything_leaves(key):
    broken = PrivateKey(key.p, key.q - 2)
    message = blind(key.public, prepare(b"paper")).message
    with pytest.raises(BlindError):
        broken.blind_sign(message)


def test_every_pair_of_request_and_signature_is_possible(key):
    """Even with the private key nobody can say which request a signature came from: a factor exists for every pair."""
    made = []
    for _each in range(4):
        prepared = prepare(b"paper")
        blinded = blind(key.public, prepared)
        made.append(
            (
                blinded.message,
                finalize(key.public, prepared, key.blind_sign(blinded.message), blinded.inverse),
            )
        )
    n, e = key.public.n, key.public.e
    for request, _signature in made:
        for _request, signature in made:
            factor = int.from_bytes(request, "big") * pow(int.from_bytes(signature, "big"), -e, n) % n
            d = pow(e, -1, (key.p - 1) * (key.q - 1))
            blinding = pow(factor, d, n)
            assert pow(blinding, e, n) * pow(int.from_bytes(signature, "big"), e, n) % n == int.from_bytes(
                request, "big"
            )


def test_a_key_is_kept_and_found_again(key):
    assert PrivateKey.from_bytes(key.to_bytes()) == key
    assert "p=" not in repr(key)
    assert len(key.public.fingerprint()) == 64
