"""No log, trace, cookie, error page, backup or export holds a choice."""

import logging

import pytest

from tests.promises.voters import crowd
from zhibu.ballots import box
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
