"""kill -9 of the server while tickets are taken and papers cast: nobody's vote is lost or doubled, everyone goes on."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException

import pytest

from tests.promises.installed import Installation, keep_signatures, ticket_tasks
from zhibu.ballots import envelope

VOTERS = 24


def until_answered(made, task, good):
    """As a browser does: the same request again until it is answered."""
    path, body, headers = task
    for _each in range(800):
        try:
            status, answer = made.ask("POST", path, body, headers)
            if status in good:
                return status, answer
        except (OSError, HTTPException):
            pass
        time.sleep(0.05)
    raise RuntimeError("never answered")


def drill(made, tasks, good, kills):
    """All tasks by eight clients while the whole server is killed again and again: their answers, kills they outlived.

    Requests are spread over the kills, so that every one of them falls among some.
    """
    made.start()
    share = -(-len(tasks) // (kills + 1))
    with ThreadPoolExecutor(8) as pool:
        running = []
        for number in range(kills + 1):
            running += [
                pool.submit(until_answered, made, task, good)
                for task in tasks[number * share : (number + 1) * share]
            ]
            if number < kills:
                time.sleep(0.02 * (number % 7))
                made.kill()
                made.start()
        answers = [each.result() for each in running]
    made.kill()
    return answers


@pytest.mark.slow
@pytest.mark.parametrize("kills", [1, pytest.param(50, marks=pytest.mark.release)])
def test_no_vote_is_lost_or_doubled(tmp_path, kills):
    """Half of the kills while tickets are taken, half while papers are cast."""
    made = Installation(tmp_path / "home", ZHIBU_LOG_LEVEL="ERROR")
    number = VOTERS * max(1, kills // 10)
    found = json.loads(made.voters("prepare", tmp_path, number))
    answers = drill(made, ticket_tasks(found), {200}, kills)
    keep_signatures(tmp_path, answers)
    papers = [bytes.fromhex(each) for each in made.voters("papers", tmp_path).split()]
    cast = drill(made, [(f"/box/{found['code']}/", paper, {}) for paper in papers], {200, 201}, kills)
    assert len(cast) == number
    assert json.loads(made.voters("counted", tmp_path)) == {"tickets": number, "papers": number}
    assert len({envelope.tracker_of(each) for each in papers}) == number
