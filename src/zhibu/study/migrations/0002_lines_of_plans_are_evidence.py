import django.db.models.deletion
import zhibu.record.fields
from django.db import migrations, models


def of_branches(apps, _schema_editor):
    """Lines of plans that branches have adopted become evidence; until now nothing read them, so as if always known."""
    plans = apps.get_model("study", "StudyPlan").objects.filter(
        adopted_on__isnull=False, party_group__isnull=True, person__isnull=True
    )
    place = plans.filter(pk=models.OuterRef("plan_id")).values("organisation_id")[:1]
    lines = apps.get_model("study", "StudyPlanItem").objects.filter(plan__in=plans)
    lines.update(organisation_id=models.Subquery(place))


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0004_dues_collector'),
        ('study', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='PastStudyPlanItem',
            fields=[
                ('key', models.BigIntegerField(db_column='id')),
                ('organisation_id', models.BigIntegerField(null=True)),
                ('month_on', zhibu.record.fields.DayField()),
                ('outcome_on', zhibu.record.fields.DayField(null=True)),
                ('known_at', models.BigIntegerField()),
                ('version_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('superseded_at', models.BigIntegerField()),
            ],
            options={
                'db_table': 'zb_study_plan_item_past',
            },
        ),
        migrations.AddField(
            model_name='studyplanitem',
            name='known_at',
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='studyplanitem',
            name='organisation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.organisation'),
        ),
        migrations.AddIndex(
            model_name='studyplanitem',
            index=models.Index(fields=['organisation', 'month_on'], name='zb_study_plan_item_branch'),
        ),
        migrations.AddIndex(
            model_name='paststudyplanitem',
            index=models.Index(fields=['organisation_id', 'superseded_at'], name='zb_study_plan_item_then'),
        ),
        migrations.RunPython(of_branches, migrations.RunPython.noop, elidable=True),
    ]
