"""One person, one ticket, one paper; forged, altered and mixed papers are not taken."""

import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests.promises.voters import crowd
from zhibu.ballots import box
from zhibu.core.refusal import Refused


@pytest.fixture(autouse=True)
def _boxes(settings, tmp_path):
    settings.ZHIBU_PAPERS = tmp_path / "papers"


def race(made, people, tries, threads):
    """Every person asks many times at once, each time with another blinded message: the signatures given."""

    def ask(task):
        person, device = task
        try:
            return person, made.ticket(person, device), device
        except Refused as refused:
            return refused.codes
        finally:
            connection.close()

    tasks = [(person, made.device()) for person in people for _each in range(tries)]
    with ThreadPoolExecutor(threads) as pool:
        answers = list(pool.map(ask, tasks))
    assert {each for each in answers if len(each) == 1} <= {("ballots.ticket_taken",)}
    return [each for each in answers if len(each) > 1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("number", "tries"), [(4, 5), pytest.param(40, 25, marks=[pytest.mark.release, pytest.mark.slow])]
)
def test_races_for_tickets_and_papers(live_server, number, tries):
    """`live_server` gives a database that threads share."""
    made = crowd(number + 3)
    voters = made.people[:number]
    given = race(made, voters, tries, 16)
    assert sorted(person.pk for person, _signature, _device in given) == sorted(
        person.pk for person in voters
    )
    for _person, signature, device in given:
        device.take(signature)
    made.open()
    bodies = [
        made.paper(device, mark)
        for _person, _signature, device in given
        for mark in ("y", "n", "b")
        for _each in range(tries // 3 + 1)
    ]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda body: box.cast(made.ballot.code, body), bodies))
    assert answers.count(box.Answer.TAKEN) == number
    assert set(answers) == {box.Answer.TAKEN, box.Answer.OTHER}
    assert box.count(made.ballot.code) == number


@pytest.mark.django_db
@pytest.mark.parametrize("tries", [400, pytest.param(10_000, marks=[pytest.mark.release, pytest.mark.slow])])
def test_no_forged_altered_or_mixed_paper_is_taken(tries):
    made = crowd(6)
    devices = [made.issue(person) for person in made.people]
    made.open()
    papers = [made.paper(device, "y") for device in devices]
    strangers = [made.paper(device, "n") for device in devices[:2]]
    length, taken = len(papers[0]), 0
    for number in range(tries):
        body = bytearray(papers[number % 6])
        if number % 3 == 0:
            body[secrets.randbelow(length)] ^= 1 << secrets.randbelow(8)
        elif number % 3 == 1:
            cut = 1 + secrets.randbelow(length - 1)
            body = body[:cut] + papers[(number + 1) % 6][cut:]
            if bytes(body) in papers:
                continue
        else:
            at = 1 + secrets.randbelow(400)
            other = strangers[number % 2]
            body[at : at + 32] = (
                other[at : at + 32] if other[at : at + 32] != body[at : at + 32] else secrets.token_bytes(32)
            )
        if bytes(body) in papers:
            continue
        taken += box.cast(made.ballot.code, bytes(body)) in {box.Answer.TAKEN, box.Answer.SAME}
    assert (taken, box.count(made.ballot.code)) == (0, 0)
