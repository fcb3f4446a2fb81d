from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('procedures', '0002_facts'),
    ]

    operations = [
        migrations.AddField(
            model_name='steptaken',
            name='caution_words',
            field=models.JSONField(default=list, help_text='what each of them said, Chinese and English'),
        ),
        migrations.AddField(
            model_name='steptaken',
            name='paper_delay',
            field=models.IntegerField(default=0, help_text='days between the entry and the filing of the last paper it asked for'),
        ),
        migrations.AddField(
            model_name='paststeptaken',
            name='paper_delay',
            field=models.IntegerField(default=0),
            preserve_default=False,
        ),
    ]
