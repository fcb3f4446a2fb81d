"""A worker of pytest-xdist that dies takes one test with it, and nothing more: a pytest plugin, named in pyproject.toml.

Of files, xdist gives the test that brought a worker down to the next one, which it brings down as well; it hands finished
files out again, and single tests to new workers, and waits for ever for the reports of those who have none to give. Here the test has failed, and the
rest of its file goes on. A test that has no end is ended with its process, which says where every thread stood.
"""

from __future__ import annotations

import faulthandler
import os
from collections.abc import Generator
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

MOST_SECONDS = {"release": 3600.0, "": 1200.0}
"""What no test needs, on however slow a machine, with all its fixtures; by marker."""
# loaded before pytest takes the output away
STDERR = os.dup(2)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--most-seconds", type=float, help="end the process of a test that takes longer")


def _begin(item: pytest.Item) -> None:
    told = item.config.getoption("most_seconds")
    marked = "release" if item.get_closest_marker("release") else ""
    faulthandler.dump_traceback_later(told or MOST_SECONDS[marked], file=STDERR, exit=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    _begin(item)
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    # when a test fails, pytest takes the limit away, for whoever looks into it with a debugger
    _begin(item)


class ByFile(LoadFileScheduling):
    """Files to workers."""

    def schedule(self) -> None:
        """Give out what waits. A worker begins a test only when it knows of a next one, or that there is none."""
        super().schedule()
        for node in self.nodes:
            while (
                self.workqueue and not node.shutting_down and self._pending_of(self.assigned_work[node]) < 2
            ):
                self._assign_work_unit(node)

    def remove_node(self, node: Any) -> str | None:
        """Take back what a worker had not done yet; the test it was at, if it died."""
        work = self.assigned_work[node]
        left = [(unit, name) for unit in work.values() for name, done in unit.items() if not done]
        if left:
            unit, name = left[0]
            unit[name] = True
        self.assigned_work[node] = {scope: unit for scope, unit in work.items() if not all(unit.values())}
        super().remove_node(node)
        return left[0][1] if left else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile | None:
    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None
