"""kill -9 of the server while tickets are taken and papers cast: nobody's vote is lost or doubled, everyone goes on."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException

import pytest

from zhibu.ballots import envelope

PORT = 8496
VOTERS = 24


def served(environment):
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "zhibu.project.wsgi:application",
        "--bind",
        f"127.0.0.1:{PORT}",
    ]
    command += ["--workers", "2", "--worker-class", "gthread", "--threads", "4", "--log-level", "critical"]
    server = subprocess.Popen(command, env=environment, start_new_session=True, stderr=subprocess.DEVNULL)
    for _each in range(300):
        try:
            if ask("GET", "/health/", b"", {})[0] == 200:
                return server
        except (OSError, HTTPException):
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


def ask(method, path, body, headers):
    connection = HTTPConnection("127.0.0.1", PORT, timeout=20)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def call(environment, *words):
    command = [sys.executable, "-m", "benchmarks._voters", *map(str, words)]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def until_answered(task, good):
    """As a browser does: the same request again until it is answered."""
    path, body, headers = task
    for _each in range(400):
        try:
            status, answer = ask("POST", path, body, headers)
            if status in good:
                return status, answer
        except (OSError, HTTPException):
            pass
        time.sleep(0.05)
    raise RuntimeError("never answered")


def drill(environment, tasks, good, kills):
    """All tasks by eight clients while the whole server is killed again and again."""
    server = served(environment)
    with ThreadPoolExecutor(8) as pool:
        running = [pool.submit(until_answered, task, good) for task in tasks]
        for _each in range(kills):
            time.sleep(0.25)
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
            server = served(environment)
        answers = [each.result() for each in running]
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()
    return answers


@pytest.mark.slow
@pytest.mark.parametrize("kills", [2, pytest.param(50, marks=pytest.mark.release)])
def test_no_vote_is_lost_or_doubled(tmp_path, kills):
    """Half of the kills while tickets are taken, half while papers are cast."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ZHIBU_")},
        "ZHIBU_HOME": str(tmp_path / "home"), "ZHIBU_SECOND_FACTOR": "none", "ZHIBU_DEBUG": "0",
        "ZHIBU_TODAY": "2026-07-20", "DJANGO_SETTINGS_MODULE": "zhibu.project.settings", "ZHIBU_LOG_LEVEL": "ERROR",
    }  # fmt: skip
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0"], env=environment, check=True
    )
    number = VOTERS * max(1, kills // 10)
    found = json.loads(call(environment, "prepare", tmp_path, number))
    token = "a" * 32
    tasks = [
        (
            f"/ballots/{found['pk']}/ticket/",
            json.dumps({"blinded": blinded}).encode(),
            {
                "Cookie": f"{cookie}; zhibu_csrf={token}",
                "X-CSRFToken": token,
                "Content-Type": "application/json",
            },
        )
        for blinded, cookie in zip(found["blinded"], found["cookies"], strict=True)
    ]
    answers = drill(environment, tasks, {200}, kills)
    (tmp_path / "signatures").write_text(
        json.dumps([json.loads(body)["signature"] for _status, body in answers])
    )
    papers = [bytes.fromhex(each) for each in call(environment, "papers", tmp_path).split()]
    cast = drill(environment, [(f"/box/{found['code']}/", paper, {}) for paper in papers], {200, 201}, kills)
    assert len(cast) == number
    assert json.loads(call(environment, "counted", tmp_path)) == {"tickets": number, "papers": number}
    assert len({envelope.tracker_of(each) for each in papers}) == number
