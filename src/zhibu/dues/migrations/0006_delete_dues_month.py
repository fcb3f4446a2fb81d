from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dues", "0005_totals_become_openings")]
    operations = [migrations.DeleteModel(name="DuesMonth"), migrations.DeleteModel(name="PastDuesMonth")]
