"""A base that waits no longer replaces the one in force; an order keeps what the platform said was paid."""
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dues", "0007_past_effects")]
    operations = [
        migrations.AddField(
            "payorder", "told_fen",
            models.BigIntegerField(help_text="what the platform said was paid", null=True),
        ),
        migrations.RemoveConstraint("base", "zb_dues_base_once"),
        migrations.AddConstraint(
            "base",
            models.UniqueConstraint(
                condition=models.Q(("confirmed_on__isnull", False), ("replaced", 0)), fields=("person", "since_on"),
                name="zb_dues_base_in_force_once",
            ),
        ),
        migrations.AddConstraint(
            "base",
            models.UniqueConstraint(
                condition=models.Q(("confirmed_on__isnull", True), ("replaced", 0)), fields=("person", "since_on"),
                name="zb_dues_base_waiting_once",
            ),
        ),
    ]  # fmt: skip
