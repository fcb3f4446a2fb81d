"""Prepares a secret vote of so many people: sessions, devices with blinded tickets; or moves it on. Printed as JSON."""

import json
import pickle
import sys
import time
from pathlib import Path

import django


def prepare(number: int, folder: Path) -> None:
    """A branch of so many, a vote that issues tickets, a cookie and a device for everyone."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from tests.promises.voters import crowd
    from zhibu.accounts.models import User
    from zhibu.accounts.sessions import BEGUN, SEEN

    made = crowd(number)
    store = import_module(settings.SESSION_ENGINE).SessionStore
    users = User.objects.bulk_create(
        User(username=f"u{each.pk}", username_key=f"u{each.pk}", person=each, password="!")  # noqa: S106 - opens nothing
        for each in made.people
    )
    cookies, now = [], int(time.time())
    for user in users:
        session = store()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = "zhibu.accounts.backends.PhoneOrName"
        # as of someone who signed in, opened the page of the vote, and waited some minutes for the word
        session[BEGUN], session[SEEN] = now - 600, now - 300
        session.save()
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
    devices = [made.device() for _each in cookies]
    kept = [(each.key.private_numbers().private_value, each.prefix, each.blinded) for each in devices]
    (folder / "devices").write_bytes(pickle.dumps(kept))
    told = {
        "pk": made.ballot.pk,
        "code": made.ballot.code,
        "modulus": made.ballot.key_modulus,
        "cookies": cookies,
    }
    told["blinded"] = [each.blinded.message.hex() for each in devices]
    print(json.dumps(told))


def papers(folder: Path, signatures: list[str]) -> None:
    """End issuing, and make everyone's paper, one a line in hexadecimal digits."""
    from cryptography.hazmat.primitives.asymmetric import ec

    from tests.promises.voters import NOW
    from tests.rooms.ballots.voting import Device
    from zhibu.ballots import actions
    from zhibu.ballots.models import Ballot, Official
    from zhibu.core.authority import Actor, Mandate, Reach

    ballot = Ballot.objects.get()
    mandate = Mandate(
        "secretary", ballot.organisation_id, ballot.organisation.path, frozenset({"ballots.*"}), Reach.OWN
    )
    actions.open_casting(Actor(1, None, "bench", (mandate,)), ballot=ballot, now=NOW)
    ballot.refresh_from_db()
    keys = [public(each.key) for each in Official.objects.filter(duty="teller").order_by("id")]
    for signature, (secret, prefix, blinded) in zip(
        signatures,
        pickle.loads((folder / "devices").read_bytes()),  # noqa: S301 - our own file
        strict=True,
    ):
        device = Device(ballot.code, ballot.key_modulus, ec.derive_private_key(secret, ec.SECP256R1()))
        device.prefix, device.blinded = prefix, blinded
        device.take(bytes.fromhex(signature))
        print(device.paper("yn"[secret % 2], keys, ballot.paper_bytes).hex())


def public(key: str):
    from base64 import b64decode

    from cryptography.hazmat.primitives.serialization import load_der_public_key

    return load_der_public_key(b64decode(key))


def counted() -> None:
    """How many tickets were given and how many papers lie in the box."""
    from zhibu.ballots import box
    from zhibu.ballots.models import Ballot, Voter

    ballot = Ballot.objects.get()
    in_the_box = box.count(ballot.code) if box.exists(ballot.code) else 0
    print(json.dumps({"tickets": Voter.objects.exclude(ticket="").count(), "papers": in_the_box}))


if __name__ == "__main__":
    django.setup()
    place = Path(sys.argv[2])
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[3]), place)
    elif sys.argv[1] == "papers":
        papers(place, json.loads((place / "signatures").read_text()))
    else:
        counted()
