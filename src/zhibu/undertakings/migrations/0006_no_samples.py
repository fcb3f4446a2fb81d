"""PostgreSQL keeps samples of every column for its planner, and a deleted help plan would live on in them: none are taken of words."""
from django.db import migrations

WORDS = {
    "Undertaking": ("text", "problem", "resolution", "whom", "source_told", "result"),
    "Step": ("text",),
}


def take_no_samples(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    quote = schema_editor.quote_name
    for name, columns in WORDS.items():
        meta = apps.get_model("undertakings", name)._meta
        for column in columns:
            kind = meta.get_field(column).db_type(schema_editor.connection)
            # the same type again: that alone throws away the samples taken so far
            schema_editor.execute(f"ALTER TABLE {quote(meta.db_table)} ALTER COLUMN {quote(column)} TYPE {kind}")
            schema_editor.execute(f"ALTER TABLE {quote(meta.db_table)} ALTER COLUMN {quote(column)} SET STATISTICS 0")


class Migration(migrations.Migration):

    dependencies = [
        ('undertakings', '0005_whom'),
    ]

    operations = [
        migrations.RunPython(take_no_samples, migrations.RunPython.noop),
    ]
