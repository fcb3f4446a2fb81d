"""What tests/workers.py promises: a worker that dies, or never ends, costs one test and not the whole run."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

# on a busy machine others may take the seconds that are given to one here
pytestmark = pytest.mark.release
ROOT = Path(__file__).parents[2]
FILES = 6
AT_THE_END = "    if {deadly}:\n        {how}\n"
FILE = """
import os, pytest, time
@pytest.mark.parametrize("number", range(3))
def test_it(number):
    time.sleep(0.05)
"""


def run(folder: Path, how: str) -> tuple[int, str]:
    """Six files of three tests by two workers; the middle test of the fourth dies. Exit code and output."""
    for number in range(FILES):
        deadly = f"number == 1 and {number} == 3"
        (folder / f"test_{number}.py").write_text(FILE + AT_THE_END.format(deadly=deadly, how=how))
    answer = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-c", "/dev/null", "--rootdir", folder, "-p", "no:cacheprovider", "-p", "no:django",
            "-p", "no:hypothesispytest", "-p", "tests.workers", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder",
            "--most-seconds", "3", folder,
        ],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    return answer.returncode, answer.stdout + answer.stderr


def test_a_worker_that_is_killed_costs_one_test(tmp_path):
    code, told = run(tmp_path, "os.kill(os.getpid(), 9)")
    assert re.findall(r"^FAILED .*?(test_\d\S+)", told, re.MULTILINE) == ["test_3.py::test_it[1]"]
    assert (code, "1 failed, 17 passed" in told) == (1, True), told


def test_a_test_without_end_is_ended_and_says_where_it_stood(tmp_path):
    code, told = run(tmp_path, "time.sleep(1000)")
    assert re.findall(r"^FAILED .*?(test_\d\S+)", told, re.MULTILINE) == ["test_3.py::test_it[1]"]
    assert (code, "1 failed, 17 passed" in told) == (1, True), told
    assert "Timeout (0:00:03)!" in told
    assert re.search(r"test_3.py\S* line 7 in test_it", told), told
