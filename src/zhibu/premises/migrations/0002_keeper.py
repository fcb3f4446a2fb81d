import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('premises', '0001_home'),
        ('register', '0004_dues_collector'),
    ]

    operations = [
        migrations.AddField(
            model_name='fixture',
            name='keeper',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.person'),
        ),
    ]
