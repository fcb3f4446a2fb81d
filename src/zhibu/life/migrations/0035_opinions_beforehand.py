"""A member's opinion before a meeting is a voice of its own kind."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("life", "0034_one_index_less")]
    operations = [
        migrations.AlterField(
            model_name="voice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("question", "问一问"),
                    ("opinion", "提意见"),
                    ("finding", "见闻和经验"),
                    ("beforehand", "会前意见"),
                ],
                max_length=10,
            ),
        )
    ]
