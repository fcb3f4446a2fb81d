"""The list of meetings is read in its order. Lists put empty days last; only PostgreSQL wants an index told so."""

import django.db.models.functions.comparison
from django.db import migrations, models

SQL = "CREATE INDEX zb_session_newest ON zb_session ((COALESCE(held_on, planned_on)) DESC{last}, id DESC{last})"


def there(_apps, editor):
    editor.execute(SQL.format(last=" NULLS LAST" if editor.connection.vendor == "postgresql" else ""))


def back(_apps, editor):
    editor.execute("DROP INDEX zb_session_newest")


class Migration(migrations.Migration):
    dependencies = [("life", "0031_lines_without_a_meeting")]
    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunPython(there, back)],
            [
                migrations.AddIndex(
                    model_name="session",
                    index=models.Index(
                        models.OrderBy(
                            django.db.models.functions.comparison.Coalesce("held_on", "planned_on"),
                            descending=True,
                        ),
                        models.OrderBy(models.F("id"), descending=True),
                        name="zb_session_newest",
                    ),
                )
            ],
        )
    ]
