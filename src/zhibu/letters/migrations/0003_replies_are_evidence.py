import zhibu.record.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0002_suggestions'),
    ]

    operations = [
        migrations.AddField(
            model_name='missive',
            name='known_at',
            field=models.BigIntegerField(default=0),
        ),
        migrations.CreateModel(
            name='PastMissive',
            fields=[
                ('key', models.BigIntegerField(db_column='id')),
                ('organisation_id', models.BigIntegerField()),
                ('kind', models.CharField(default='', max_length=12)),
                ('due_on', zhibu.record.fields.DayField()),
                ('answered_on', zhibu.record.fields.DayField(null=True)),
                ('known_at', models.BigIntegerField()),
                ('version_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('superseded_at', models.BigIntegerField()),
            ],
            options={
                'db_table': 'zb_missive_past',
                'indexes': [models.Index(fields=['organisation_id', 'superseded_at'], name='zb_missive_then')],
            },
        ),
    ]
