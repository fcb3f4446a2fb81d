"""Processes of their own on the very database of a test, with the durability of an installation."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection

PRELUDE = """
import os
import sys
from datetime import date, datetime, UTC
import django
from zhibu.project import settings as ours
ours.DATABASES = {{"default": {database!r}}}
os.environ["DJANGO_SETTINGS_MODULE"] = "zhibu.project.settings"
django.setup()
from zhibu.core.authority import Actor, Mandate, Reach
from zhibu.dues import actions
from zhibu.register.models import Organisation
now = datetime(2026, 7, 20, 2, tzinfo=UTC)
def tell(what):
    # one short write is whole or not at all
    os.write(1, f"{{what}}\\n".encode())
def holder(place, number=1):
    return Actor(number, number, "收缴人", (Mandate("secretary", place.pk, place.path, frozenset({{"dues.*"}}), Reach.BELOW),))
"""


def process(script: str, *arguments: object) -> subprocess.Popen[str]:
    """Run a script after the prelude; it is spoken to line by line."""
    database = {key: value for key, value in connection.settings_dict.items() if key != "TEST"}
    database["OPTIONS"] = dict(database["OPTIONS"])
    if connection.vendor == "sqlite":
        database["OPTIONS"]["init_command"] = database["OPTIONS"]["init_command"].replace("=OFF", "=FULL")
    return subprocess.Popen(
        [sys.executable, "-c", PRELUDE.format(database=database) + script, *map(str, arguments)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        env={**os.environ, "ZHIBU_HOME": str(settings.ZHIBU_HOME), "PYTHONPATH": str(Path(__file__).parents[3] / "src")},
    )  # fmt: skip
