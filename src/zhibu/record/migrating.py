"""A change to a table that leaves the guards of the table alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.migrations.operations import AlterField
from django.db.models import Index

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState


class DropIndex(AlterField):
    """A field loses the index of its own, because a longer one begins with it: `db_index=False`, nothing else changes.

    `AlterField` would do the same, on SQLite by writing the table anew without its triggers: what keeps it append-only,
    and its past, would be gone.
    """

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        columns = [model._meta.get_field(self.name).column]
        declared = {each.name for each in model._meta.indexes}
        with schema_editor.connection.cursor() as cursor:
            there = schema_editor.connection.introspection.get_constraints(cursor, model._meta.db_table)
        for name, found in there.items():
            if (
                found["columns"] == columns
                and found["index"]
                and not found["unique"]
                and name not in declared
            ):
                schema_editor.remove_index(model, Index(fields=[self.name], name=name))

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        column = model._meta.get_field(self.name).column
        schema_editor.add_index(model, Index(fields=[self.name], name=f"{model._meta.db_table}_{column}"))

    def describe(self) -> str:
        """What it does, in a line."""
        return f"Drop the index of {self.name} on {self.model_name}: a longer one begins with it"
