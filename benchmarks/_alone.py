"""One assessment from files in a process of its own, so that its memory is its own: `_alone DIRECTORY INTO QUARTER`."""

import json
import resource
import sys
import time
from pathlib import Path

import django


def highest() -> int:
    """Kilobytes of memory at the highest. Linux hands ru_maxrss on to a child, so its own count is asked first."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="ascii", errors="replace").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    django.setup()
    from zhibu import rulebook
    from zhibu.analytics.batch import assess
    from zhibu.core.calendar import Quarter

    directory, into, code = sys.argv[1:]
    book, quarter = rulebook.load(()), Quarter.parse(code)
    wall, processor = [], []
    for _ in range(3):
        before = time.perf_counter(), time.process_time()
        branches = assess(book, quarter, directory, into, rank_from=3)
        wall.append(time.perf_counter() - before[0])
        processor.append(time.process_time() - before[1])
    memory = highest() / 1024
    print(
        json.dumps({"branches": branches, "wall": min(wall), "processor": min(processor), "memory": memory})
    )


if __name__ == "__main__":
    main()
