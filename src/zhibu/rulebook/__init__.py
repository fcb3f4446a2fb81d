"""The norms as data, and the way in: `load` gives the effective rulebook, `check` everything wrong with one.

Overlays are directories laid out like this one, later over earlier. They may add norms, tighten the dated numbers of
norms that are not national, and disable those with a reason.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from zhibu.core.norms import Rulebook

from .reader import Problem, Report, RulebookError, effective, read

__all__ = ["Problem", "Report", "Rulebook", "RulebookError", "check", "configured", "forget", "load"]

OVERLAYS_VARIABLE = "ZHIBU_OVERLAYS"
"""Environment variable naming the overlay directories of a deployment, parted like PATH."""


def configured() -> tuple[Path, ...]:
    """The overlay directories this deployment names in its environment, in order."""
    return tuple(Path(each) for each in os.environ.get(OVERLAYS_VARIABLE, "").split(os.pathsep) if each)


def load(overlays: Sequence[Path] | None = None) -> Rulebook:
    """The effective rulebook: shipped, with these overlays over it (None: those of the deployment).

    Read once per process and choice of overlays; `forget` makes the next call read again. Raises RulebookError.
    """
    return _loaded(configured() if overlays is None else tuple(overlays))


def check(overlays: Sequence[Path] | None = None) -> Report:
    """Read everything anew and tell all that is wrong or worth knowing, without raising."""
    return read(configured() if overlays is None else tuple(overlays))


def forget() -> None:
    """Drop what was loaded, so that changed files are read."""
    _loaded.cache_clear()


@lru_cache(maxsize=8)
def _loaded(overlays: tuple[Path, ...]) -> Rulebook:
    return effective(overlays)
