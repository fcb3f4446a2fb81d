"""./dev refuses what it does not understand before it fetches or builds anything."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def dev(*arguments: str) -> tuple[int, str, str]:
    done = subprocess.run([ROOT / "dev", *arguments], capture_output=True, text=True, check=False, timeout=20)
    return done.returncode, done.stdout, done.stderr


def test_help_names_every_command():
    code, out, err = dev("help")
    assert (code, err) == (0, "")
    told = {line.split()[1] for line in out.splitlines() if line.startswith("./dev ")}
    assert told == {"up", "test", "check", "fix", "demo", "bench", "lock", "messages", "build"}


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["up", "--port", "abc"], "./dev: --port wants a number, not 'abc'"),
        (["up", "--branches"], "./dev: --branches wants a number"),
        (["up", "--brnches", "3"], "./dev: up does not know '--brnches'; see ./dev help"),
        (["lock", "--all"], "./dev: lock does not know '--all'; see ./dev help"),
    ],
)
def test_what_is_not_understood_is_refused(arguments, complaint):
    assert dev(*arguments) == (1, "", f"{complaint}\n")


def test_an_unknown_command_shows_the_known_ones():
    code, out, err = dev("launch")
    assert (code, out, err.splitlines()[-1]) == (1, "", "./dev: unknown: launch")
