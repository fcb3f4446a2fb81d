from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("life", "0032_newest_first")]
    operations = [
        migrations.AlterField(
            model_name="attendance",
            name="state",
            field=models.CharField(
                choices=[
                    ("present", "实到"),
                    ("excused", "请假"),
                    ("absent", "缺席"),
                    ("exempt", "可不到会"),
                    ("observer", "列席"),
                ],
                max_length=10,
            ),
        )
    ]
