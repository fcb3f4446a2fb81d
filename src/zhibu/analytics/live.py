"""Running a compiled text on Django's own connection, SQLite or PostgreSQL.

PostgreSQL plans a text of this size for about 10 ms and runs it for one branch in one; so texts that are asked for
single branches are prepared once per connection, with a plan that does not depend on the values bound.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection, transaction

from .compiler import Compiled
from .placeholders import Style

Binds = Mapping[str, int | str]

# a session keeps a plan for each; beyond this many texts the rest is planned each time
_MOST_PREPARED = 100
_TEXT_BINDS = frozenset({"lo", "hi"})
_prepared: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


def run(compiled: Compiled, binds: Binds, *, often: bool = False) -> list[tuple[Any, ...]]:
    """All rows of a text. `often`: it is asked again and again for few branches, so preparing it pays."""
    given = {name: binds[name] for name in sorted(compiled.binds)}
    if connection.vendor != "postgresql":
        return _run_plainly(compiled, given)
    if often and not connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
        name = _prepare(compiled)
        if name is not None:
            return _execute(name, given)
    with transaction.atomic():
        with connection.cursor() as cursor:
            # compiling hundreds of expressions to machine code takes longer than running them once
            cursor.execute("SET LOCAL jit = off")
        return _run_plainly(compiled, given)


def _run_plainly(compiled: Compiled, given: Binds) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite" and not connection.queries_logged:
            # Django would write a text of hundreds of lines anew each time; this one is in SQLite's own style already
            # (where queries are logged, it must read the text to tell what was asked)
            cursor.cursor.convert_query = _as_it_is
            cursor.execute(compiled.texts[Style.COLON], given)
        else:
            cursor.execute(compiled.texts[Style.PYFORMAT], given)
        return cursor.fetchall()


def _as_it_is(query: str, *, param_names: list[str] | None = None) -> str:
    return query


def _execute(name: str, given: Binds) -> list[tuple[Any, ...]]:
    places = ", ".join(["%s"] * len(given))
    with connection.cursor() as cursor:
        cursor.execute(f"EXECUTE {name} ({places})", list(given.values()))
        return cursor.fetchall()


def _prepare(compiled: Compiled) -> str | None:
    """The name under which this session knows the text; None when it knows too many."""
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    session = connection.connection
    known = _prepared.setdefault(session, set())
    name = "zhibu_" + hashlib.sha256(compiled.sql.encode()).hexdigest()[:24]
    if name in known:
        return name
    if len(known) >= _MOST_PREPARED:
        return None
    ordered = sorted(compiled.binds)
    types = ", ".join("text" if bind in _TEXT_BINDS else "bigint" for bind in ordered)
    with connection.wrap_database_errors, session.cursor() as cursor:
        # no one else prepares on this connection: Django binds values on the client's side
        cursor.execute("SET plan_cache_mode = force_generic_plan")
        cursor.execute("SET jit = off")
        cursor.execute(f"PREPARE {name} ({types}) AS {_numbered(compiled, ordered)}")
    known.add(name)
    return name


def _numbered(compiled: Compiled, ordered: list[str]) -> str:
    # pyformat knows quoted texts already; PREPARE takes $1 … and single percent signs
    places = {bind: f"${number}" for number, bind in enumerate(ordered, 1)}
    return compiled.texts[Style.PYFORMAT] % places
