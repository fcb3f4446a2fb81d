"""The rules a past quarter was assessed under are kept as text; a newer program must still read them."""

import json
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

from zhibu.core.norms import Rulebook

KEPT = Path(__file__).with_name("snapshot_fields.json")
"""The fields without a default that every kept text has. It may shrink; a field that comes later has a default."""


def shapes(kind: Any, found: dict[str, list[str]]) -> dict[str, list[str]]:
    """Every class a rulebook is made of, with the fields its text must have."""
    if isinstance(kind, type) and is_dataclass(kind):
        if kind.__name__ not in found:
            found[kind.__name__] = sorted(
                each.name
                for each in fields(kind)
                if each.default is MISSING and each.default_factory is MISSING and each.init
            )
            for hint in get_type_hints(kind).values():
                shapes(hint, found)
    else:
        for part in get_args(kind):
            shapes(part, found)
    return found


def test_what_a_kept_rulebook_lacks_has_a_default():
    """Without one the desk of everyone who ever published a quarter breaks with the upgrade."""
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    now = shapes(Rulebook, {})
    asked = {name: sorted(set(needed) - set(kept[name])) for name, needed in now.items() if name in kept}
    gone = {name: sorted(set(kept[name]) - set(needed)) for name, needed in now.items() if name in kept}
    # a field that has got a default since is still read; one that is gone is not
    unread = {name: [each for each in lost if each not in _names(name)] for name, lost in gone.items()}
    assert ({k: v for k, v in asked.items() if v}, {k: v for k, v in unread.items() if v}) == ({}, {})


def _names(name: str) -> set[str]:
    return next(
        {each.name for each in fields(kind)} for kind in _classes(Rulebook, set()) if kind.__name__ == name
    )


def _classes(kind: Any, found: set[type]) -> set[type]:
    if isinstance(kind, type) and is_dataclass(kind):
        if kind not in found:
            found.add(kind)
            for hint in get_type_hints(kind).values():
                _classes(hint, found)
    else:
        for part in get_args(kind):
            _classes(part, found)
    return found
