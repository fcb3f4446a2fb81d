"""Frozen values to plain JSON and back, exactly: so that a past quarter re-runs under the rules of its time."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

KIND = "is"
"""The key that names the class where a field may hold one of several."""


_SIMPLE = frozenset({str, int, bool, float})


@cache
def _named(kind: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


def plain(value: object) -> Any:
    """A frozen value as dicts, lists, texts and numbers. Mappings keep their order; days become ISO texts."""
    if value is None or type(value) in _SIMPLE:
        return value
    if is_dataclass(value):
        kind: Any = type(value)
        return {KIND: kind.__name__} | {name: plain(getattr(value, name)) for name in _named(kind)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(each) for each in value]
    return value


def restored(kind: Any, value: Any) -> Any:
    """What `plain` was given, from its result and the type it had. Raises TypeError for a shape it does not know."""
    if value is None:
        return None
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _one_of(get_args(kind), value)
    if origin is tuple:
        return _tuple(get_args(kind), value)
    if origin is not None and issubclass(origin, Mapping):
        key, each = get_args(kind)
        return {key(name): restored(each, one) for name, one in value.items()}
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: restored(hints[name], one) for name, one in value.items() if name != KIND})
    if kind is date:
        return date.fromisoformat(value)
    return value if kind in (str, int, bool) else kind(value)


def _tuple(kinds: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(restored(kinds[0], each) for each in value)
    return tuple(restored(kind, each) for kind, each in zip(kinds, value, strict=True))


def _one_of(kinds: tuple[Any, ...], value: Any) -> Any:
    if isinstance(value, dict) and KIND in value:
        for kind in kinds:
            if getattr(kind, "__name__", None) == value[KIND]:
                return restored(kind, value)
    for kind in kinds:
        if not is_dataclass(kind) and kind is not type(None):
            # a text or a number: of the unions in use (`int | str`, `date | None`) the value itself tells which
            return value if isinstance(value, int) or str in kinds else restored(kind, value)
    raise TypeError(f"none of {kinds} fits {value!r}")


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
