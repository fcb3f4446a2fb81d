"""Running commands of `zhibu` in this process, as the command line runs them."""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands, load_command_class

from tests.rooms.assessment.company import NOW, QUARTER, TODAY, company
from zhibu.assessment import actions
from zhibu.project.cli import spoken_to_module

DATA = Path(__file__).parents[2] / "data"


@dataclass(frozen=True)
class Said:
    """How a command ended: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """stdout as a whole, which must be one JSON document."""
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        """The error, which must be all that stderr holds."""
        return json.loads(self.err)["error"]


def spoken(*words: object) -> Said:
    """Run `zhibu words…` within the test's transaction; connections stay open."""
    typed = ["zhibu", *map(str, words)]
    arguments = spoken_to_module(typed)
    out, err = io.StringIO(), io.StringIO()
    code, argv = 0, sys.argv
    sys.argv = typed
    try:
        with redirect_stdout(out), redirect_stderr(err):
            command = load_command_class(get_commands()[arguments[1]], arguments[1])
            command._called_from_command_line = True
            parser = command.create_parser("zhibu", arguments[1])
            options = vars(parser.parse_args(arguments[2:]))
            command.execute(**options)
    except SystemExit as left:
        code = left.code
    finally:
        sys.argv = argv
    return Said(code, out.getvalue(), err.getvalue())


@pytest.fixture
def zhibu():
    return spoken


@pytest.fixture
def firm(db, settings):
    """The group company of the assessment's tests, on its day."""
    settings.ZHIBU_TODAY = TODAY
    return company()


@pytest.fixture
def opened(firm):
    """Its quarter, opened."""
    run, _cautions = actions.open_run(
        firm.actor("officer"), organisation=firm.group, quarter=QUARTER, today=TODAY, now=NOW
    )
    return run


@pytest.fixture
def frozen(firm, opened):
    """Its quarter, published and frozen."""
    actions.publish(firm.actor("officer"), run=opened, today=TODAY, now=NOW)
    return actions.freeze(firm.actor("officer"), run=opened, now=NOW)
