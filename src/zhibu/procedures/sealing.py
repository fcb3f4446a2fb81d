"""Sensitive fields of a case and of its steps: kept apart, sealed, never in the record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from zhibu.core.norms.procedures import Field, FieldKind
from zhibu.core.procedure import Value
from zhibu.record import vault

CASE = "zb_case.sealed"
STEP = "zb_step.sealed"


def parted(values: Mapping[str, Value], fields: Iterable[Field], context: str) -> tuple[dict[str, Any], str]:
    """(what may lie open, what is sealed) of values, days as ISO text."""
    secret = {each.id for each in fields if each.sensitive}
    written = {name: _written(value) for name, value in values.items() if value is not None and value != ""}
    hidden = {name: value for name, value in written.items() if name in secret}
    plain = {name: value for name, value in written.items() if name not in secret}
    return plain, vault.seal(json.dumps(hidden, ensure_ascii=False), context) if hidden else ""


def whole(plain: Mapping[str, Any], sealed: str, fields: Iterable[Field], context: str) -> dict[str, Value]:
    """The values as the engine takes them, days as days."""
    found: dict[str, Any] = dict(plain)
    if sealed:
        found |= json.loads(vault.open_sealed(sealed, context))
    days = {each.id for each in fields if each.kind is FieldKind.DAY}
    return {name: date.fromisoformat(value) if name in days else value for name, value in found.items()}


def _written(value: Value) -> Any:
    return value.isoformat() if isinstance(value, date) else value
