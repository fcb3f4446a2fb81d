"""How a process holds its memory: a server, a command, a run of the tests."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress

# numbers of glibc's mallopt(3)
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
KEPT = 16 << 20
MAPPED = 4 << 20


def keep() -> None:
    """Keep what was freed for the next question, and look for garbage seldom.

    A text of the facts fills fifty small tables of SQLite, four megabytes, and frees them. By itself glibc gives them
    back to the system and asks for them again at the next text: 2,100 page faults, six of its seven milliseconds.
    Elsewhere than with glibc nothing is done about that.
    """
    # what is loaded stays: looking through it every 700 objects is a tenth of the time
    gc.set_threshold(50_000, 20, 50)
    # a Python that is one static file knows no library of the process
    with suppress(OSError, TypeError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(TRIM_THRESHOLD, KEPT)
        mallopt(MMAP_THRESHOLD, MAPPED)
