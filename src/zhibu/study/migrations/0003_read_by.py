from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('study', '0002_lines_of_plans_are_evidence'),
    ]

    operations = [
        migrations.AddField(
            model_name='material',
            name='read_by',
            field=models.PositiveSmallIntegerField(default=0, help_text='which way of reading files took the words of this one; 0: none yet'),
        ),
    ]
