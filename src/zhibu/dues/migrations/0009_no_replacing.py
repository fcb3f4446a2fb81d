"""INSERT OR REPLACE of SQLite deletes the row it replaces without a word to the triggers that refuse DELETE.

So an insertion is refused where it would replace a row that is kept. PostgreSQL has no such statement: its
ON CONFLICT DO UPDATE is an UPDATE to the triggers.
"""
from django.db import migrations

REPLACING = {
    "zb_dues_voucher": (
        "organisation_id = NEW.organisation_id AND number = NEW.number",
        "NEW.reference IS NOT NULL AND reference = NEW.reference",
    ),
    "zb_dues_posting": (
        "NEW.reverses_id IS NOT NULL AND reverses_id = NEW.reverses_id",
        "NEW.debit = 'receivable' AND NEW.credit = 'dues' AND debit = 'receivable' AND credit = 'dues'"
        " AND person_id = NEW.person_id AND month_on = NEW.month_on AND turn = NEW.turn",
    ),
    "zb_dues_effect": (),
    "zb_dues_closing": ("organisation_id = NEW.organisation_id AND month_on = NEW.month_on",),
}


def guard(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    for table, same in REPLACING.items():
        when = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {each})" for each in ("id = NEW.id", *same))
        schema_editor.execute(
            f"CREATE TRIGGER {table}_replacing BEFORE INSERT ON {table} WHEN {when}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only: REPLACE refused'); END"
        )


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    for table in REPLACING:
        schema_editor.execute(f"DROP TRIGGER {table}_replacing")


class Migration(migrations.Migration):
    dependencies = [("dues", "0008_waiting_bases_and_told_amounts")]
    operations = [migrations.RunPython(guard, unguard, elidable=False)]
