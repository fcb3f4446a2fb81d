"""Records for the shipped rulebook, made up at random and written into Django's own tables."""

import random
from datetime import UTC, date, datetime
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import UniqueConstraint

from tests.scale.engines import stored
from tests.scale.generated import day
from tests.scale.history import add_past
from zhibu.core.calendar import Quarter
from zhibu.core.norms import ColumnOperator, ColumnType, Fact, Matching, Rulebook, Table

PERSONS = range(1, 9)
FIRST = 10
MOST = {"zb_session": 45, "zb_attendance": 60, "zb_agenda_item": 25, "zb_membership": 14}
FILL = {"CharField": "", "TextField": "", "DateTimeField": datetime(2026, 1, 1, tzinfo=UTC)}
Rows = dict[str, list[dict[str, Any]]]


def texts(book: Rulebook) -> dict[tuple[str, str], list[Any]]:
    """The words some fact asks for, by table of the database and column."""
    found: dict[tuple[str, str], set[Any]] = {}
    readers: list[Fact | Matching] = [
        *book.facts.values(),
        *(m for f in book.facts.values() for m in f.matching),
    ]
    for reader in readers:
        tests = [*reader.where, *(t for c in getattr(reader, "counts", ()) for t in c.when)]
        for test in tests:
            if test.operator in {ColumnOperator.ONE_OF, ColumnOperator.NOT_ONE_OF} and test.other is None:
                found.setdefault((book.tables[reader.table].table, test.column), set()).update(test.values)
    return {key: sorted(values, key=str) for key, values in found.items()}


class Maker:
    """Rows that keep the database's own rules: keys that exist, pairs that are unique, fen that add up."""

    def __init__(self, book: Rulebook, seed: int, branches: int) -> None:
        self.book = book
        self.chance = random.Random(seed)
        self.branches = range(FIRST, FIRST + branches)
        self.words = texts(book)
        self.rows: Rows = {"zb_organisation": self._tree()}
        self.models = {model._meta.db_table: model for model in apps.get_models()}
        past = random.Random(seed + 1)
        for node in self.rows["zb_organisation"]:
            node["known_at"] = past.choice([0, 0, 1_000, 2_000]) if node["id"] in self.branches else 0
        for table in sorted(book.tables.values(), key=lambda each: each.table != "zb_session"):
            if table.table not in self.rows:
                self.rows[table.table] = self._table(table)
        add_past(self.rows, book, past)

    def _tree(self) -> list[dict[str, Any]]:
        rows = [
            self._node(1, "0001", "primary_committee", None),
            self._node(2, "0002", "primary_committee", None),
        ]
        for i, branch in enumerate(self.branches):
            superior = 1 + i % 2
            path = f"{superior:04d}{i + 1:04d}"
            kind = self.chance.choice(
                ["branch", "branch", "joint_branch", "mobile_branch", "temporary_branch"]
            )
            born = self.chance.choice([None, date(2015, 1, 1), date(2015, 1, 1), day(self.chance)])
            gone = self.chance.choice([None, None, None, None, day(self.chance)])
            unit = self.chance.choice(["production", "organ", "retired"])
            rows.append(
                self._node(branch, path, kind, superior)
                | {"founded_on": born, "closed_on": gone, "unit_type": unit}
            )
            for group in range(self.chance.randrange(3)):
                node = self._node(1000 + branch * 10 + group, f"{path}{group + 1:04d}", "party_group", branch)
                rows.append(node | {"founded_on": day(self.chance)})
        return rows

    def _node(self, key: int, path: str, kind: str, parent: int | None) -> dict[str, Any]:
        common = {"id": key, "path": path, "kind": kind, "parent_id": parent, "unit_type": "other"}
        return {**common, "founded_on": None, "closed_on": None, "name": f"支部{key}", "code": str(key)}

    def _table(self, table: Table) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        seen: set[Any] = set()
        unique = self._unique(table)
        for branch in self.branches:
            most = MOST.get(table.table, 12)
            for _ in range(self.chance.choice([0, self.chance.randrange(most), most])):
                row = self._row(table, branch)
                pairs = {(each, *(row[column] for column in each)) for each in unique}
                if pairs & seen:
                    continue
                seen |= pairs
                found.append({"id": len(found) + 1, **row})
        return found

    def _unique(self, table: Table) -> list[tuple[str, ...]]:
        """What the database lets stand once, as far as facts may read it."""
        meta = self.models[table.table]._meta
        named = [
            each.fields
            for each in meta.constraints
            if isinstance(each, UniqueConstraint) and not each.condition
        ]
        found = [tuple(meta.get_field(name).column for name in names) for names in named]
        return [columns for columns in found if columns and set(columns) <= {*table.columns, table.branch}]

    def _row(self, table: Table, branch: int) -> dict[str, Any]:
        fields = {field.column: field for field in self.models[table.table]._meta.concrete_fields}
        row: dict[str, Any] = {}
        for name, column in table.columns.items():
            if name != table.key:
                row[name] = self._value(table, name, column.type, branch)
                if fields[name].null and self.chance.random() < 0.2:
                    row[name] = None
        row[table.branch] = branch
        if table.known:
            row[table.known] = self.chance.choice([0, 0, 1_000, 2_000])
        if table.table == "zb_dues_effect":
            row["received_fen"] = self.chance.choice([0, row["due_fen"] // 3, row["due_fen"]])
            row["in_time_fen"] = self.chance.choice([0, row["received_fen"]])
            row["month_on"] = row["month_on"].replace(day=1)
        return row

    def _value(self, table: Table, name: str, kind: ColumnType, branch: int) -> Any:
        match kind:
            case ColumnType.DAY:
                return day(self.chance)
            case ColumnType.FLAG:
                return self.chance.randrange(2)
            case ColumnType.FEN:
                return self.chance.choice([0, 1, 333, 10_001, 98_765_432_101])
            case ColumnType.INT:
                return self.chance.choice([0, 1, 2, 5, 6, 7, 8, 30, 90, 2000])
            case ColumnType.TEXT:
                return self.chance.choice([*self.words.get((table.table, name), []), "other"])
        if name == "case_id":
            return self.chance.choice([each["id"] for each in self.rows["zb_case"]])
        if name == "session_id":
            sessions = [each["id"] for each in self.rows["zb_session"] if each["organisation_id"] == branch]
            return self.chance.choice(sessions or [each["id"] for each in self.rows["zb_session"]])
        if name == "party_group_id":
            groups = [each["id"] for each in self.rows["zb_organisation"] if each["parent_id"] == branch]
            return self.chance.choice(groups or [None])
        return self.chance.choice(PERSONS)


def write(rows: Rows) -> None:
    """Insert the rows, and the persons they name, into Django's tables."""
    from zhibu.register.models import Person

    Person.objects.bulk_create([Person(id=key, name=f"党员{key}") for key in PERSONS])
    models = {model._meta.db_table: model for model in apps.get_models()}
    with connection.cursor() as cursor:
        for name in sorted(rows, key=lambda each: (each != "zb_organisation", each != "zb_session")):
            if not rows[name]:
                continue
            if name == "zb_dues_effect":
                voucher(rows)
            if name == "zb_study_plan_item":
                plan(rows)
            if name == "zb_missive":
                for row in rows[name]:
                    row["number"] = row["id"]
            if name == "zb_proposal":
                missives(rows[name])
            kept = {field.column for field in models[name]._meta.concrete_fields}
            columns = [column for column in rows[name][0] if column in kept]
            rest = constants(models[name], set(columns))
            marks = ", ".join(["%s"] * (len(columns) + len(rest)))
            quoted = ", ".join(f'"{column}"' for column in [*columns, *rest])
            text = f"INSERT INTO {name} ({quoted}) VALUES ({marks})"
            values = [[*(stored(row[column]) for column in columns), *rest.values()] for row in rows[name]]
            cursor.executemany(text, values)


def missives(rows: list[dict[str, Any]]) -> None:
    """The letter each suggestion came in; answered long before any quarter asked about."""
    from zhibu.letters.models import Missive

    came = date(1990, 1, 5)
    for row in rows:
        row["missive_id"] = 100_000 + row["id"]
    Missive.objects.bulk_create(
        Missive(
            id=row["missive_id"], organisation_id=row["organisation_id"], kind="suggestion",
            number=row["missive_id"], received_on=came, due_on=came,
        )
        for row in rows
    )  # fmt: skip


def plan(rows: Rows) -> None:
    """The one plan all its lines belong to."""
    from zhibu.study.models import StudyPlan

    StudyPlan.objects.create(id=1, organisation_id=rows["zb_organisation"][0]["id"], year=2026)


def voucher(rows: Rows) -> None:
    """The one voucher all rows of dues belong to."""
    from zhibu.dues.models import Voucher

    first = date(2025, 12, 1)
    Voucher.objects.create(
        id=1, organisation_id=rows["zb_organisation"][0]["id"], number=1, kind="charge", book_on=first, posted_on=first,
        lines=0, total_fen=0, actor_name="李书记", at=FILL["DateTimeField"],
    )  # fmt: skip


def constants(model: Any, given: set[str]) -> dict[str, Any]:
    """Values for the columns the rulebook does not know and the database demands."""
    found = {}
    for field in model._meta.concrete_fields:
        if field.column not in given and not field.null and not field.primary_key:
            unknown = FILL.get(field.get_internal_type(), 1)
            default = field.has_default()
            found[field.column] = (
                field.get_db_prep_save(field.get_default(), connection) if default else unknown
            )
    return found


def review(quarter: Quarter, given: dict[int, int | None], standard: str, part: str) -> None:
    """A run 1 of the quarter, with points by branch; None declares the part not applicable."""
    from django.utils import timezone

    from zhibu.assessment.models import Review, RulebookSnapshot, Run

    now = timezone.now()
    snapshot = RulebookSnapshot.objects.create(digest="x", content="", saved_at=now)
    run = Run.objects.create(
        id=1, organisation_id=1, quarter=quarter.key, rulebook=snapshot, known_by=0, computed_at=now
    )
    for branch, points in given.items():
        Review.objects.create(
            run=run,
            branch_id=branch,
            standard=standard,
            part=part,
            applicable=int(points is not None),
            points_micro=points or 0,
            by_name="孙干事",
            at=now,
        )
