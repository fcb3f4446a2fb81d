"""One word, five places: an act is its function, its verb in mandates.yaml, its entry in the record and its address.

A page without a door would be open to everyone, an act without a mandate closed to everyone; both are found here.
"""

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

from zhibu import rulebook
from zhibu.analytics import scans
from zhibu.record import past
from zhibu.record.fields import DayField

SOURCE = Path(__file__).parents[2] / "src" / "zhibu"
ROOMS = (
    "register",
    "accounts",
    "ballots",
    "dues",
    "notices",
    "undertakings",
    "life",
    "letters",
    "procedures",
    "pledges",
    "integrity",
    "study",
    "premises",
    "production",
    "concerns",
    "assessment",
)
# functions that act through another's word, or do nothing yet that needs a trace; the list only shrinks
OTHER_WORDS = {
    "register.found_first_committee": "records register.create_organisation",
    "life.stage_meetings": "a ledger laid aside to be looked at is no act; life.import_meetings is",
    "life.keep_draft": "what someone is still typing is neither record nor evidence",
    "life.attach": "record.attach writes the entry",
    "undertakings.attach": "record.attach writes the entry",
}
# addresses that belong to packages we use: they have doors of their own
OTHERS = ("account_", "mfa_", "set_language", "headless", "usersessions", "javascript-catalog", "jsi18n")


def acts(room: str) -> dict[str, object]:
    """The public functions of a room's actions that take an actor first."""
    module = import_module(f"zhibu.{room}.actions")
    found = {}
    for name, thing in vars(module).items():
        if (
            name.startswith("_")
            or not inspect.isfunction(thing)
            or not thing.__module__.startswith(f"zhibu.{room}.")
        ):
            continue
        if next(iter(inspect.signature(thing).parameters), "") == "actor":
            found[name] = thing
    return found


def granted() -> set[str]:
    """Every verb some post holds, as written."""
    return {
        verb for grants in rulebook.load(()).mandates.values() for grant in grants for verb in grant.verbs
    }


def is_granted(verb: str) -> bool:
    return any(verb == each or (each.endswith("*") and verb.startswith(each[:-1])) for each in granted())


def addresses(resolver: URLResolver | None = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            yield from addresses(each, f"{space}{each.namespace}:" if each.namespace else space)
        elif each.name:
            yield f"{space}{each.name}", each


@pytest.mark.parametrize("room", ROOMS)
def test_every_act_is_granted_to_someone(room):
    """Default deny: an act nobody may do is a mistake."""
    assert [name for name in acts(room) if not is_granted(f"{room}.{name}")] == []


@pytest.mark.parametrize("room", ROOMS)
def test_an_act_writes_its_own_word_into_the_record(room):
    """`record.write(actor, "life.close_minutes", …)` stands in the module of `close_minutes`."""
    written = set()
    for file in (SOURCE / room).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and node.value.startswith(f"{room}.")
            ):
                written.add(node.value)
    words = written | set(OTHER_WORDS)
    assert [name for name in acts(room) if f"{room}.{name}" not in words] == []


def test_every_verb_named_by_a_mandate_means_something():
    """A verb is an act, or a way of looking."""
    looks = {"view", "view_self", "oversee", "view_standards", "verify", "export", "anchor"}
    unknown = []
    for verb in granted():
        room, _dot, name = verb.partition(".")
        if name.endswith("*") or name in looks or room == "record":
            continue
        if name not in acts(room):
            unknown.append(verb)
    assert sorted(unknown) == []


def test_every_address_has_a_door():
    """A view without a declared verb is open to everyone."""
    open_ = []
    for name, pattern in addresses():
        if name.startswith(OTHERS):
            continue
        view = pattern.callback
        if not hasattr(view, "verb"):
            open_.append(name)
        elif view.verb is None and not getattr(view, "public", ""):
            open_.append(f"{name}: public without a reason")
    assert open_ == []


def test_a_door_asks_for_a_verb_that_someone_holds():
    """A misspelt verb would close a page to everyone."""
    asked = {getattr(pattern.callback, "verb", None) for _name, pattern in addresses()}
    assert sorted(verb for verb in asked if verb and verb != "own" and not is_granted(verb)) == []


def test_the_steps_of_standards_lead_to_pages():
    """`act: {name: life:record}` in a standard is an address of the platform."""
    names = {name for name, _pattern in addresses()}
    missing = {
        f"{standard.id}.{check.id}: {check.act.name}"
        for standard in rulebook.load(()).standards.values()
        for check in standard.checks
        if check.act is not None and check.act.name not in names
    }
    assert sorted(missing) == []


def test_evidence_tables_are_the_tables_of_the_models():
    """tables.yaml names real tables and columns, of the type it says; days are day fields, flags are integers."""
    by_table = {model._meta.db_table: model for model in apps.get_models()}
    wrong = []
    for table in rulebook.load(()).tables.values():
        fields = {field.column: field for field in by_table[table.table]._meta.concrete_fields}
        for column in table.columns.values():
            field = fields.get(column.name)
            if field is None:
                wrong.append(f"{table.id}.{column.name}: no such column")
            elif (column.type == "day") != isinstance(field, DayField):
                wrong.append(f"{table.id}.{column.name}: {type(field).__name__} is not {column.type}")
            elif column.type == "flag" and not isinstance(field, models.SmallIntegerField):
                wrong.append(f"{table.id}.{column.name}: a flag is a small integer")
            elif column.type == "text" and not isinstance(field, models.CharField | models.TextField):
                wrong.append(f"{table.id}.{column.name}: not a text")
        named = (table.branch, table.key, *([table.known] if table.known else []))
        wrong += [f"{table.id}: {name} is no column of {table.table}" for name in named if name not in fields]
    assert wrong == []


def test_every_evidence_table_has_its_past():
    """Earlier versions of a row carry all that facts compare, count, show and look for: a past quarter is re-run on them."""
    by_table = {model._meta.db_table: model for model in apps.get_models()}
    wrong = []
    for table in rulebook.load(()).tables.values():
        kept = past.pasts().get(by_table[table.table])
        if table.known != past.KNOWN or kept is None:
            wrong.append(f"{table.id}: no `known: known_at`, or no `past_of` beside its model")
            continue
        columns = {field.column for field in kept._meta.concrete_fields}
        wanted = {*table.columns, table.branch, table.key, past.KNOWN, past.SUPERSEDED}
        wrong += [f"{table.id}: {name} is not kept in {kept._meta.db_table}" for name in wanted - columns]
    assert wrong == []
    assert (scans.PAST, scans.SUPERSEDED) == (past.SUFFIX, past.SUPERSEDED)


def test_evidence_never_changes_without_saying_since_when():
    """Rule: an act that writes an evidence column of a row that stands moves `known_at` with it (record.past)."""
    evidence = {
        field.name.removesuffix("_id")
        for kept in past.pasts().values()
        for field in kept._meta.concrete_fields
    } - SHARED
    wrong = []
    for path in sorted(SOURCE.rglob("*.py")):
        if {"migrations", "demo", "assessment", "accounts"} & set(path.parts):
            continue
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = written(call)
            if not named & evidence or past.KNOWN in named:
                continue
            text = ast.unparse(call)
            if not text.startswith(NO_EVIDENCE):
                wrong.append(f"{path.relative_to(SOURCE)}:{call.lineno}: {text}")
    assert wrong == []


# words that are no evidence by themselves
SHARED = {"key", "version", "title", "name"}
# rows of tables no fact reads: spells away from the branch, where an organisation stood, imports
NO_EVIDENCE = (
    "Letter.objects",
    "PlanItem.objects",
    "letter.save(",
    "MobileSpell.",
    "StatementLine.objects",
    "current.save(update_fields=['until'])",
    "current.save(update_fields=['place', 'until'])",
    "last.save(update_fields=['until'])",
    "batch.save(",
)


def written(call: ast.AST) -> set[str]:
    """The columns that `.update(…)`, `.save(update_fields=[…])` or `.bulk_update(…, […])` writes."""
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return set()
    named = {word.arg for word in call.keywords if word.arg} if call.func.attr == "update" else set()
    lists = [word.value for word in call.keywords if call.func.attr == "save" and word.arg == "update_fields"]
    lists += call.args[1:2] if call.func.attr == "bulk_update" else []
    for each in lists:
        named |= {part.value for part in ast.walk(each) if isinstance(part, ast.Constant)}
    return named


def test_rows_of_evidence_can_be_opened():
    """A table that names a page names one that exists."""
    names = {name for name, _pattern in addresses()}
    assert [t.id for t in rulebook.load(()).tables.values() if t.view and t.view not in names] == []
