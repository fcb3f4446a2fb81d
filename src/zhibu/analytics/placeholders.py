"""The one thing engines spell differently: a placeholder. Texts are written with `:name`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

# a quoted text is taken whole, so that a colon or a percent sign within it is left alone or doubled
_TOKEN = re.compile(r"'(?:[^']|'')*'|%|:([a-z][a-z0-9]*)")


class Style(StrEnum):
    """How an engine's driver wants its placeholders."""

    COLON = "colon"
    PYFORMAT = "pyformat"
    DOLLAR = "dollar"


def binds_of(sql: str) -> frozenset[str]:
    """The names bound in a text."""
    return frozenset(match[1] for match in _TOKEN.finditer(sql) if match[1])


def render(sql: str, style: Style) -> str:
    """The text with the placeholders of a style: `:name`, `%(name)s` (Django's cursors) or `$name` (DuckDB)."""
    if style is Style.COLON:
        return sql

    def written(match: re.Match[str]) -> str:
        name = match[1]
        if name:
            return f"%({name})s" if style is Style.PYFORMAT else f"${name}"
        return match[0].replace("%", "%%") if style is Style.PYFORMAT else match[0]

    return _TOKEN.sub(written, sql)


def inlined(sql: str, literals: Mapping[str, str]) -> str:
    """The text with every placeholder replaced by a literal, for drivers that bind no names."""
    return _TOKEN.sub(lambda match: literals[match[1]] if match[1] else match[0], sql)
