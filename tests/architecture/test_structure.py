"""The house's rules about names, sizes and arrows, as far as reading the source can keep them."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "zhibu"
LAYERS = [
    {"core"},
    {"rulebook", "record", "analytics", "ui", "search"},
    {"register"},
    {"accounts", "ballots", "notices", "dues", "undertakings"},
    {"life", "letters"},
    {"procedures", "study", "premises", "production", "concerns", "integrity"},
    {"pledges"},
    {"assessment"},
    {"project"},
]
HEIGHT = {room: height for height, rooms in enumerate(LAYERS) for room in rooms}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "base", "tools"}
LONGEST_FILE = 400
# files that may be longer, with their length: a number here may fall, never rise; no file may be added
LONGER_FILES: dict[str, int] = {}


def python_files() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("zhibu.")]


def test_every_room_has_its_layer():
    """Rule: rooms in nine layers; a new room is a decision, not a folder."""
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert rooms - set(HEIGHT) == set()


def test_names_say_the_business():
    """Rule 1: name the business, not the pattern; what seems general belongs to a room."""
    paths = [path for path in PACKAGE.rglob("*") if path.suffix == ".py" or path.is_dir()]
    in_templates = [path for path in paths if "templates" in path.parts or "frontend" in path.parts]
    bad = {name_of(path) for path in paths if path.stem.strip("_") in FORBIDDEN_NAMES}
    assert bad - {name_of(path) for path in in_templates} == set()


def test_files_stay_small():
    """Rule 13: a file has at most 400 lines; the list of exceptions only shrinks."""
    lengths = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in python_files()
        if "locale" not in path.parts
    }
    long = {name: length for name, length in lengths.items() if length > LONGEST_FILE}
    grown = {name: length for name, length in long.items() if length > LONGER_FILES.get(name, LONGEST_FILE)}
    assert grown == {}, "split it into a package of the same name"
    assert set(LONGER_FILES) - set(long) == set(), "no longer too long: take it off the list"


def test_views_ask_queries():
    """Rule 6: objects come through doors that check; a view never reaches into a table."""
    views = [path for path in python_files() if path.stem == "views" or path.parent.name == "views"]
    templates = [path for path in PACKAGE.rglob("*.html") if "templates" in path.parts]
    reaching = [
        f"{name_of(path)}:{number}"
        for path in views + templates
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"\b(_default_manager|_base_manager|objects)\b[.|]", line)
    ]
    assert reaching == []


CLOCKS = {"now", "today", "utcnow", "time_ns", "monotonic", "localtime", "fromtimestamp", "localdate"}


def readings_of_the_clock(source: str) -> list[int]:
    """Lines on which `source` calls something that reads the clock."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    called = [(call.lineno, ast.unparse(call.func)) for call in calls]
    return [line for line, name in called if name.split(".")[-1] in CLOCKS or name == "time.time"]


def test_the_clock_reader_is_seen():
    good = "def due(today: date) -> date:\n    return today + timedelta(days=1)\n"
    bad = "def due():\n    return date.today(), datetime.now(), now()\n"
    assert (readings_of_the_clock(good), readings_of_the_clock(bad)) == ([], [2, 2, 2])


@pytest.mark.parametrize("room", ["core", "rulebook"])
def test_time_comes_in_by_the_door(room):
    """Rule 8: the rooms that judge never read the clock; `today` is a parameter."""
    reading = {
        name_of(path): lines
        for path in (PACKAGE / room).rglob("*.py")
        if (lines := readings_of_the_clock(path.read_text(encoding="utf-8")))
    }
    assert reading == {}


def test_the_core_runs_without_django():
    """Rule: the core is pure; importing all of it loads neither framework nor engine."""
    names = [
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted((PACKAGE / "core").rglob("*.py"))
    ]
    code = (
        f"import sys, importlib; [importlib.import_module(name) for name in {names!r}];"
        "print(*sorted({'django', 'yaml', 'duckdb', 'pyarrow'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr.strip()) == ("", "")


def imported_names(source: str) -> set[str]:
    """Everything `source` imports, as dotted names; a relative import begins with a dot."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            names |= {f"{module}.{alias.name}" for alias in node.names}
    return names


# fields are part of a table's shape, and some changes need a word of their own; migrations cannot be written without them
FOR_TABLES = ("zhibu.record.fields", "zhibu.record.migrating")


def test_migrations_import_no_application_code():
    """Rule: a migration describes tables; code it imported would change under it, but for the words of the description."""
    importing = {
        name_of(path): bad
        for path in PACKAGE.rglob("migrations/*.py")
        if (
            bad := {
                name
                for name in imported_names(path.read_text(encoding="utf-8"))
                if name.startswith(("zhibu", ".")) and not name.startswith(FOR_TABLES)
            }
        )
    }
    assert importing == {}


def test_tables_are_named_without_the_room():
    """Rule: db_table is zb_<noun>, so that a model may move to another room without moving its rows."""
    names = {model._meta.label: model._meta.db_table for model in our_models() if model._meta.managed}
    assert {label: name for label, name in names.items() if not name.startswith("zb_")} == {}


def test_foreign_keys_point_downwards():
    """Rule 2: arrows point down; import-linter cannot see a foreign key written as a string."""
    climbing, accessible, cascading = [], [], []
    for model in our_models():
        for field in model._meta.get_fields():
            if not (isinstance(field, models.ForeignKey | models.ManyToManyField) and field.concrete):
                continue
            there = field.related_model._meta.app_label
            here = model._meta.app_label
            if there == here or there not in HEIGHT or field.name.endswith("_ptr"):
                continue
            name = f"{model._meta.label}.{field.name}"
            if HEIGHT[there] >= HEIGHT[here]:
                climbing.append(name)
            if not field.remote_field.hidden:
                accessible.append(name)
            if getattr(field.remote_field, "on_delete", None) is models.CASCADE:
                cascading.append(name)
    assert climbing == [], "a room knows only the rooms below it"
    assert accessible == [], 'write related_name="+": no accessor climbs up'
    assert cascading == [], "write PROTECT or SET_NULL: deleting below never deletes above"


SIGNALS = re.compile(r"\bsignals?\b|django\.dispatch|\.(receiver|Signal)$")


def test_nothing_is_done_behind_the_back():
    """Rule: zero signals; an act does what it says where it says it."""
    listening = [
        name_of(path)
        for path in python_files()
        if {name for name in imported_names(path.read_text(encoding="utf-8")) if SIGNALS.search(name)}
    ]
    assert listening == []
