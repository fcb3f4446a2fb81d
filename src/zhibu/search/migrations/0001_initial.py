from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Text',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=300)),
                ('body', models.TextField(blank=True, default='')),
                ('title_tokens', models.TextField(blank=True, default='')),
                ('body_tokens', models.TextField(blank=True, default='')),
            ],
            options={
                'db_table': 'zb_text',
            },
        ),
    ]
