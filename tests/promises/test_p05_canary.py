"""No file, log, record or backup holds a choice; no address tells a result before the close."""

import logging

import pytest
from django.urls import get_resolver

from tests.promises.voters import crowd
from zhibu.ballots import box
from zhibu.ballots.models import Ballot
from zhibu.ballots.recount import recount

pytestmark = pytest.mark.django_db
HERE = {"host": "localhost"}
CANARY = "ynbynbynbbnyb"


@pytest.fixture(autouse=True)
def _boxes(settings, tmp_path):
    settings.ZHIBU_PAPERS = tmp_path / "papers"


def test_a_choice_is_written_nowhere(client, settings, tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    made = crowd(6)
    device = made.issue(made.people[3])
    made.open()
    paper = made.paper(device, CANARY)
    caplog.clear()
    capfd.readouterr()
    answer = client.post(
        f"/box/{made.ballot.code}/", paper, content_type="application/octet-stream", headers=HERE
    )
    assert (answer.status_code, answer.cookies, answer.has_header("Set-Cookie")) == (201, {}, False)
    again = client.post(
        f"/box/{made.ballot.code}/", paper, content_type="application/octet-stream", headers=HERE
    )
    broken = client.post(
        f"/box/{made.ballot.code}/", paper[:-1] + b"!", content_type="application/octet-stream", headers=HERE
    )
    assert (again.status_code, broken.status_code) == (200, 400)
    made.close()
    said = "".join(capfd.readouterr()) + caplog.text
    assert made.ballot.code not in said
    secret = [CANARY, paper.hex()[-64:], device.tracker, paper[1:66].hex()]
    assert [each for each in secret if each in said] == []
    in_the_box = box.path_of(made.ballot.code).read_bytes()
    assert CANARY.encode() not in in_the_box
    everywhere = b"".join(
        path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".box"
    )
    assert CANARY.encode() not in everywhere


def test_plain_http_from_elsewhere_is_refused(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    made = crowd(6)
    answer = client.get(f"/box/{made.ballot.code}/", headers={"host": "zhibu.example"})
    assert (answer.status_code, answer.json()) == (403, {"answer": "https_needed"})
    assert (
        client.get(f"/box/{made.ballot.code}/", headers={"host": "zhibu.example"}, secure=True).status_code
        == 200
    )
    assert client.put(f"/box/{made.ballot.code}/", headers=HERE).status_code == 404
    assert client.get("/box/nothing/", headers=HERE).status_code == 404


@pytest.mark.parametrize("who", [0, 3, 5], ids=["chair", "voter", "other"])
def test_no_address_tells_a_result_before_the_close(client, settings, who):
    from zhibu.accounts.models import User
    from zhibu.register.models import Post

    settings.ZHIBU_TODAY = "2026-07-20"
    made = crowd(6)
    Post.objects.create(
        person=made.people[0],
        organisation=made.branch,
        kind="secretary",
        since=made.people[0].joined_on or "2015-07-20",
        known_at=1,
    )
    devices = [made.issue(person) for person in made.people[:5]]
    made.open()
    for device in devices:
        box.cast(made.ballot.code, made.paper(device, "y"))
    user = User.objects.create_user(f"u{who}", person=made.people[who])
    client.force_login(user, backend="zhibu.accounts.backends.PhoneOrName")
    told = []
    for pattern in next(
        each for each in get_resolver().url_patterns if str(each.pattern) == "ballots/"
    ).url_patterns:
        route = (
            str(pattern.pattern)
            .replace("<int:pk>", str(made.ballot.pk))
            .replace("<int:voter>", "1")
            .replace("<str:code>", made.ballot.code)
        )
        answer = client.get(f"/ballots/{route}")
        text = answer.content.decode(errors="replace")
        if any(each in text for each in ("赞成 5", "5 for", "：通过", device.tracker)):
            told.append(route)
    state = client.get(f"/box/{made.ballot.code}/", headers=HERE).json()
    assert (told, state) == ([], {"state": "casting", "turnout": 80})
    assert Ballot.objects.get(pk=made.ballot.pk).vote == ""


def test_a_recount_finds_what_was_cast_and_what_was_altered():
    import base64

    from tests.rooms.ballots.voting import OAEP, teller_key

    made = crowd(6)
    devices = [made.issue(person) for person in made.people]
    made.open()
    for number, device in enumerate(devices):
        box.cast(made.ballot.code, made.paper(device, "yyyynb"[number]))
    made.close()
    papers = [
        {
            "paper": base64.b64encode(each).decode(),
            "key": base64.b64encode(teller_key(0).decrypt(each[418:674], OAEP)).decode(),
        }
        for each in made.papers()
    ]
    file = {
        "zhibu": "recount 1",
        "code": made.ballot.code,
        "modulus": made.ballot.key_modulus,
        "tellers": 2,
        "papers": papers,
    }
    found = recount(file)
    assert (dict(found.marks), list(found.trackers), found.wrong) == (
        {"b": 1, "n": 1, "y": 4}, sorted(each.tracker for each in devices), {},
    )  # fmt: skip
    papers[0]["key"] = base64.b64encode(b"\x00" * 32).decode()
    papers[1] = papers[2]
    assert sorted(recount(file).wrong.values()) == ["key", "twice"]
