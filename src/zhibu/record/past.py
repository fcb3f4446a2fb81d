"""Evidence as it stood: every version of an evidence row that was replaced stays readable.

An evidence row says since when it reads as it does (`known_at`, epoch milliseconds). An act that changes it moves
`known_at` to its own instant, and the database itself keeps the version before in the table's past:

    zb_session        id=7  held_on=3 April   known_at=200
    zb_session_past   id=7  held_on=2 April   known_at=100  superseded_at=200

So the rows as of an instant are those of the table known by then, and those of its past known by then and replaced
later. What is read live never looks into the past. A row that is taken back leaves its last version there
(`take_back`).

    PastTalk = past_of(Talk, "organisation person kind held_on entered_on")

The triggers are made after every `migrate`, because SQLite drops those of a table that a migration rebuilds.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, models, transaction

from zhibu.record.fields import DayField

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

Model = type[models.Model]

SUFFIX = "_past"
KNOWN, SUPERSEDED = "known_at", "superseded_at"
_PASTS: dict[Model, Model] = {}
# any number will do, as long as nothing else of ours uses it for pg_advisory_xact_lock
_CUT_LOCK = 7_246_110


def past_of(model: Model, columns: str) -> Model:
    """The model of the table that keeps earlier versions of `model`'s evidence; `columns` are its fields that count.

    Plain numbers and texts without foreign keys: a version outlives what it points at.
    """
    meta = model._meta
    named = ["id", *columns.split(), KNOWN]
    fields: dict[str, Any] = {_name(meta.get_field(name)): _plain(meta.get_field(name)) for name in named}
    branch = "organisation_id" if "organisation_id" in fields else "parent_id"
    options = type(
        "Meta",
        (),
        {
            "db_table": meta.db_table + SUFFIX,
            "indexes": (models.Index(fields=[branch, SUPERSEDED], name=f"{meta.db_table}_then"),),
        },
    )
    body = {
        "__module__": model.__module__,
        "__doc__": f"Earlier versions of the evidence of {model.__name__}; written by the database itself.",
        "version_id": models.BigAutoField(primary_key=True),
        **fields,
        SUPERSEDED: models.BigIntegerField(),
        "Meta": options,
    }
    made = type(f"Past{model.__name__}", (models.Model,), body)
    _PASTS[model] = made
    return made


def pasts() -> dict[Model, Model]:
    """Every evidence model with the model of its past."""
    return dict(_PASTS)


def _name(field: Any) -> str:
    return "key" if field.primary_key else field.attname


def _plain(field: Any) -> models.Field[Any, Any]:
    """A column of the same type without keys, defaults and choices."""
    if field.primary_key:
        return models.BigIntegerField(db_column=field.column)
    if field.is_relation:
        return models.BigIntegerField(null=field.null)
    if isinstance(field, models.CharField):
        return models.CharField(max_length=field.max_length, default="")
    made = DayField if isinstance(field, DayField) else type(field)
    return made(null=field.null)


# --- instants -----------------------------------------------------------------------------------------------


def milliseconds(now: datetime) -> int:
    """An instant as evidence rows keep it: milliseconds since 1970, UTC."""
    return int(now.timestamp() * 1000)


def instant(now: datetime) -> int:
    """The instant from which an evidence row reads as this act leaves it: now, and always after the last cut.

    Asked inside the act's transaction, so that a cut waits for acts that have already asked.
    """
    from zhibu.record.models import Cut  # noqa: PLC0415 - the models of this room are loaded after this module

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_CUT_LOCK])
    last = Cut.objects.values_list("at", flat=True).first()
    return milliseconds(now) if last is None else max(milliseconds(now), last + 1)


@transaction.atomic
def cut(now: datetime) -> int:
    """An instant with nothing uncertain before it: what was known by it is written, what comes is known later.

    For whoever reads evidence as of an instant and keeps it. Called before the transaction that reads, so that no
    act has to wait for the reading.
    """
    from zhibu.record.models import Cut  # noqa: PLC0415 - see above

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CUT_LOCK])
    row, made = Cut.objects.select_for_update().get_or_create(pk=1, defaults={"at": milliseconds(now)})
    if not made:
        # strictly forward, so that whatever was written since the last one lies before this one
        row.at = max(milliseconds(now), row.at + 1)
        row.save(update_fields=["at"])
    return row.at


def take_back(rows: models.QuerySet[Any], known_at: int) -> None:
    """Delete evidence rows as they are; their last versions stay in the past, replaced by nothing at `known_at`."""
    rows.filter(**{f"{KNOWN}__lt": known_at}).update(**{KNOWN: known_at})
    rows._raw_delete(rows.db)  # noqa: SLF001 - the public one asks for every row first


# --- triggers -----------------------------------------------------------------------------------------------


def establish(database: BaseDatabaseWrapper) -> None:
    """Make the triggers that keep earlier versions, of every evidence table that is there; anew, as they should be."""
    with database.cursor() as cursor:
        tables = set(database.introspection.table_names(cursor))
        for model, past in _PASTS.items():
            if {model._meta.db_table, past._meta.db_table} <= tables:
                for statement in _statements(database.vendor, model, past):
                    cursor.execute(statement)


def _statements(vendor: str, model: Model, past: Model) -> Iterator[str]:
    table, kept = model._meta.db_table, past._meta.db_table
    columns = [str(field.column) for field in past._meta.concrete_fields if not field.primary_key]
    old = ", ".join(f"OLD.{name}" if name != SUPERSEDED else f"NEW.{KNOWN}" for name in columns)
    insert = f"INSERT INTO {kept} ({', '.join(columns)}) VALUES ({old})"  # noqa: S608 - names of our own tables
    when = f"NEW.{KNOWN} > OLD.{KNOWN}"
    if vendor == "postgresql":
        yield (
            f"CREATE OR REPLACE FUNCTION {table}_keep_past() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {insert}; RETURN NULL; END $$"
        )
        yield f"DROP TRIGGER IF EXISTS {kept}_kept ON {table}"
        yield (
            f"CREATE TRIGGER {kept}_kept AFTER UPDATE ON {table} FOR EACH ROW"
            f" WHEN ({when}) EXECUTE FUNCTION {table}_keep_past()"
        )
    else:
        yield f"DROP TRIGGER IF EXISTS {kept}_kept"
        yield f"CREATE TRIGGER {kept}_kept AFTER UPDATE OF {KNOWN} ON {table} WHEN {when} BEGIN {insert}; END"


def missing(database: BaseDatabaseWrapper) -> list[str]:
    """Evidence tables whose earlier versions would not be kept, because their trigger is gone."""
    with database.cursor() as cursor:
        if database.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        found = {row[0] for row in cursor.fetchall()}
    return sorted(
        model._meta.db_table for model, past in _PASTS.items() if f"{past._meta.db_table}_kept" not in found
    )
