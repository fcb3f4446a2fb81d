"""The calendar of a committee with 484 branches, beside a bare list of fifty rows and the bare list of meetings."""

import json
import os
import subprocess
import sys
from datetime import date

from benchmarks.pages import BARE, BRANCHES, RATIO, SERVER, alone, rate, served
from benchmarks.report import Report

REQUESTS = 80


def run(report: Report) -> None:
    """Serve 484 branches with a year of meetings and plans, and ask for the calendar in turn with the bare list."""
    environment = {
        **os.environ,
        "ZHIBU_HOME": str(report.home / "calendar"),
        "DJANGO_SETTINGS_MODULE": "benchmarks._bare",
        "ZHIBU_DEBUG": "0",
    }
    python = [sys.executable, "-m", "django"]
    subprocess.run([*python, "migrate", "--verbosity", "0"], env=environment, check=True)
    subprocess.run([*python, "collectstatic", "--noinput", "--verbosity", "0"], env=environment, check=True)
    made = subprocess.run(
        [sys.executable, "-m", "benchmarks._calendar_data", str(BRANCHES)],
        env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    found = json.loads(made.stdout)
    report.add("meetings and lines of plans", found["sessions"] + found["lines"], "")
    today = date.today()
    pages = {
        "month and its agenda": "/life/calendar/",
        "agenda alone": "/life/calendar/?view=agenda",
        "one day": f"/life/calendar/?day={today.isoformat()}",
        "one kind": "/life/calendar/?kind=committee_meeting",
        "list of meetings (not a calendar)": "/life/",
        "plans of the year": "/life/plans/",
    }
    with served(environment):
        for path in (*pages.values(), BARE):
            rate(path, found["cookie"], 16)
        for page, path in pages.items():
            bare, _ = rate(BARE, found["cookie"], REQUESTS)
            fast, inside = rate(path, found["cookie"], REQUESTS)
            again, _ = rate(BARE, found["cookie"], REQUESTS)
            report.add(
                f"{page}: a bare list of 50 rows is so many times faster",
                (bare + again) / 2 / fast,
                "x",
                at_most=RATIO,
            )
            report.add(f"{page}: requests a second", fast, "1/s")
            report.add(f"{page}: inside the server, under this load", inside, "ms")
            report.add(
                f"{page}: inside the server, alone", alone(path, found["cookie"]), "ms", at_most=SERVER
            )
