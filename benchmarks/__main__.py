"""Measure Zhibu: `python -m benchmarks [module …] [--json FILE] [--large]`.

Every module of this package that has a function `run(report)` is a benchmark. Machines differ and are noisy, so what
counts are ratios measured within one run; absolute times only give the order of size. A benchmark works in a home of
its own in a temporary directory and leaves nothing behind.
"""

import argparse
import os
import pkgutil
import shutil
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from benchmarks.report import Report


def modules(wanted: list[str]) -> list[str]:
    found = [
        each.name
        for each in pkgutil.iter_modules([str(Path(__file__).parent)])
        if not each.name.startswith("_")
    ]
    unknown = sorted(set(wanted) - set(found))
    if unknown:
        sys.exit(f"No such benchmark: {', '.join(unknown)}; there are {', '.join(found)}.")
    return [name for name in found if name in wanted or not wanted]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure Zhibu.")
    parser.add_argument("module", nargs="*", help="only these modules")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--large", action="store_true", help="the sizes that take minutes too")
    given = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="zhibu-bench-"))
    os.environ.update({"ZHIBU_HOME": str(home), "ZHIBU_DEBUG": "0", "ZHIBU_LOG_LEVEL": "ERROR"})
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhibu.project.settings")
    report = Report(home=home, large=given.large)
    try:
        for name in modules(given.module):
            module = import_module(f"benchmarks.{name}")
            if hasattr(module, "run"):
                report.begin(name)
                module.run(report)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    if given.json:
        report.write(given.json)


if __name__ == "__main__":
    main()
