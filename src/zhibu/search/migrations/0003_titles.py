"""Titles by themselves, for PostgreSQL: what very many texts hold is asked for in titles first. FTS5 knows its columns."""

from django.db import migrations

THERE = "CREATE INDEX zb_text_titles ON zb_text USING gin (to_tsvector('simple', title_tokens))"
BACK = "DROP INDEX zb_text_titles"


def there(_apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute(THERE)


def back(_apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute(BACK)


class Migration(migrations.Migration):
    dependencies = [("search", "0002_index")]
    operations = [migrations.RunPython(there, back)]
