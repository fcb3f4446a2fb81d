"""The command `zhibu`: Django's manage.py, installed with the package."""

import os
import sys
from collections.abc import Sequence

from django.core.management import execute_from_command_line

# a Python keyword cannot be the name of the module that holds a command
SPOKEN_NAMES = {"import": "import_ledger"}


def spoken_to_module(arguments: Sequence[str]) -> list[str]:
    """Replace the words people type by the names of the modules that answer them."""
    program, *rest = arguments
    if rest and rest[0] == "help":
        return [program, "help", *(SPOKEN_NAMES.get(word, word) for word in rest[1:])]
    return [program, *(SPOKEN_NAMES.get(word, word) for word in rest[:1]), *rest[1:]]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhibu.project.settings")
    execute_from_command_line(spoken_to_module(sys.argv))
