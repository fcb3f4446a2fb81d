"""What the benchmarks found: printed as they go, and written as JSON."""

import json
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One measured number, with its goal when there is one; `met` says whether it was reached."""

    benchmark: str
    name: str
    value: float
    unit: str
    goal: str = ""
    met: bool | None = None


@dataclass
class Report:
    """Figures of one run. `home` is a directory to work in, `large` asks for the sizes that take minutes."""

    home: Path
    large: bool = False
    figures: list[Figure] = field(default_factory=list)
    _name: str = ""

    def begin(self, name: str) -> None:
        self._name = name
        print(f"\n{name}\n{'-' * len(name)}", flush=True)

    def add(
        self,
        name: str,
        value: float,
        unit: str,
        *,
        at_least: float | None = None,
        at_most: float | None = None,
    ) -> None:
        """Record a figure; with a goal, whether it was reached."""
        goal, met = "", None
        if at_least is not None:
            goal, met = f">= {at_least:g}", value >= at_least
        if at_most is not None:
            goal, met = f"<= {at_most:g}", value <= at_most
        self.figures.append(Figure(self._name, name, value, unit, goal, met))
        mark = {None: "", True: "reached", False: "MISSED"}[met]
        print(f"{name:<64} {value:>12.4g} {unit:<14} {goal:<10} {mark}", flush=True)

    def write(self, path: Path) -> None:
        machine = {"python": platform.python_version(), "machine": platform.machine()}
        content = {"machine": machine, "figures": [asdict(each) for each in self.figures]}
        path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def seconds(work: Callable[[], Any]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def best(work: Callable[[], Any], times: int = 5) -> float:
    """The least wall time of several calls: the one least disturbed by neighbours."""
    return min(seconds(work) for _ in range(times))


def median(work: Callable[[], Any], times: int = 100) -> float:
    """The median wall time of many calls."""
    return statistics.median(seconds(work) for _ in range(times))
