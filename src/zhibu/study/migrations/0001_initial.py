import django.db.models.deletion
import zhibu.record.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('life', '0010_planned'),
        ('record', '0004_outbox'),
        ('register', '0004_dues_collector'),
        ('search', '0002_index'),
    ]

    operations = [
        migrations.CreateModel(
            name='Material',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('article', '文章'), ('document', '文件'), ('link', '网页'), ('video', '视频'), ('exemplar', '身边典型')], max_length=10)),
                ('subject', models.CharField(choices=[('theory', '政治理论'), ('constitution', '党章党规'), ('history', '党史'), ('law', '法律法规'), ('science', '科技知识'), ('skill', '操作技能'), ('management', '经营管理'), ('safety', '安全生产'), ('other', '其他')], default='other', max_length=14)),
                ('audience', models.CharField(choices=[('committee', '仅支委会（本级工作人员）'), ('branch', '本组织及下级党员'), ('public', '公开')], default='branch', max_length=10)),
                ('title', models.CharField(max_length=120)),
                ('summary', models.CharField(blank=True, default='', max_length=300)),
                ('content', models.TextField(blank=True, default='')),
                ('link', models.CharField(blank=True, default='', max_length=500)),
                ('minutes', models.PositiveSmallIntegerField(default=0, help_text='how long it takes, minutes')),
                ('published_on', zhibu.record.fields.DayField()),
                ('author_name', models.CharField(blank=True, default='', max_length=60)),
                ('withdrawn', models.SmallIntegerField(default=0)),
                ('withdrawn_because', models.CharField(blank=True, default='', max_length=200)),
                ('address', models.CharField(help_text='on the public portal', max_length=12, null=True, unique=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('attachment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.attachment')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.organisation')),
                ('text', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='search.text')),
            ],
            options={
                'db_table': 'zb_material',
            },
        ),
        migrations.CreateModel(
            name='MaterialTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=20)),
                ('material', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tags', to='study.material')),
            ],
            options={
                'db_table': 'zb_material_tag',
            },
        ),
        migrations.CreateModel(
            name='PastStudyRecord',
            fields=[
                ('key', models.BigIntegerField(db_column='id')),
                ('organisation_id', models.BigIntegerField()),
                ('person_id', models.BigIntegerField()),
                ('kind', models.CharField(default='', max_length=12)),
                ('studied_on', zhibu.record.fields.DayField()),
                ('minutes', models.PositiveIntegerField()),
                ('title', models.CharField(default='', max_length=120)),
                ('entered_on', zhibu.record.fields.DayField()),
                ('known_at', models.BigIntegerField()),
                ('version_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('superseded_at', models.BigIntegerField()),
            ],
            options={
                'db_table': 'zb_study_record_past',
                'indexes': [models.Index(fields=['organisation_id', 'superseded_at'], name='zb_study_record_then')],
            },
        ),
        migrations.CreateModel(
            name='SelfTest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('questions', models.JSONField(default=list)),
                ('opened_on', zhibu.record.fields.DayField()),
                ('closed_on', zhibu.record.fields.DayField(null=True)),
                ('material', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='study.material')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.organisation')),
            ],
            options={
                'db_table': 'zb_self_test',
            },
        ),
        migrations.CreateModel(
            name='SelfTestResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answers', models.JSONField(default=list)),
                ('right', models.PositiveSmallIntegerField()),
                ('taken_on', zhibu.record.fields.DayField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.person')),
                ('test', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='study.selftest')),
            ],
            options={
                'db_table': 'zb_self_test_result',
            },
        ),
        migrations.CreateModel(
            name='StudyPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('goal', models.CharField(blank=True, default='', max_length=300)),
                ('adopted_on', zhibu.record.fields.DayField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('document', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='life.fileddocument')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.organisation')),
                ('party_group', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.organisation')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.person')),
            ],
            options={
                'db_table': 'zb_study_plan',
            },
        ),
        migrations.CreateModel(
            name='StudyPlanItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month_on', zhibu.record.fields.DayField(help_text='first day of the month')),
                ('content', models.CharField(max_length=160)),
                ('way', models.CharField(choices=[('together', '集中学习'), ('lesson', '党课'), ('themed_day', '主题党日'), ('self_study', '自学'), ('training', '培训')], default='together', max_length=12)),
                ('minutes', models.PositiveSmallIntegerField(default=0)),
                ('effect', models.CharField(blank=True, default='', help_text='what it is to bring about', max_length=160)),
                ('outcome', models.CharField(blank=True, default='', help_text='what came of it', max_length=300)),
                ('outcome_on', zhibu.record.fields.DayField(null=True)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='study.studyplan')),
            ],
            options={
                'db_table': 'zb_study_plan_item',
            },
        ),
        migrations.CreateModel(
            name='StudyRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('self_study', '自学'), ('training', '集中培训'), ('online', '网络培训')], max_length=12)),
                ('studied_on', zhibu.record.fields.DayField()),
                ('minutes', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=120)),
                ('platform', models.CharField(blank=True, default='', help_text='where it was exported from', max_length=60)),
                ('entered_on', zhibu.record.fields.DayField()),
                ('import_key', models.CharField(max_length=64, null=True, unique=True)),
                ('known_at', models.BigIntegerField(default=0)),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.importbatch')),
                ('material', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='study.material')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.person')),
            ],
            options={
                'db_table': 'zb_study_record',
            },
        ),
        migrations.CreateModel(
            name='TutorTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month_on', zhibu.record.fields.DayField(help_text='first day of the month')),
                ('topic', models.CharField(blank=True, default='', max_length=120)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.person')),
            ],
            options={
                'db_table': 'zb_tutor_turn',
            },
        ),
        migrations.AddIndex(
            model_name='material',
            index=models.Index(fields=['organisation', 'withdrawn', 'published_on'], name='zb_material_place_day'),
        ),
        migrations.AddIndex(
            model_name='material',
            index=models.Index(fields=['audience', 'withdrawn', 'published_on'], name='zb_material_open_day'),
        ),
        migrations.AddIndex(
            model_name='materialtag',
            index=models.Index(fields=['word'], name='zb_material_tag_word'),
        ),
        migrations.AddConstraint(
            model_name='materialtag',
            constraint=models.UniqueConstraint(fields=('material', 'word'), name='zb_material_tag_once'),
        ),
        migrations.AddIndex(
            model_name='selftest',
            index=models.Index(fields=['organisation', 'opened_on'], name='zb_self_test_day'),
        ),
        migrations.AddConstraint(
            model_name='selftestresult',
            constraint=models.UniqueConstraint(fields=('test', 'person'), name='zb_self_test_result_once'),
        ),
        migrations.AddIndex(
            model_name='studyplan',
            index=models.Index(fields=['organisation', 'year'], name='zb_study_plan_year'),
        ),
        migrations.AddIndex(
            model_name='studyplanitem',
            index=models.Index(fields=['plan', 'month_on'], name='zb_study_plan_item_month'),
        ),
        migrations.AddIndex(
            model_name='studyrecord',
            index=models.Index(fields=['organisation', 'studied_on'], name='zb_study_branch_day'),
        ),
        migrations.AddIndex(
            model_name='studyrecord',
            index=models.Index(fields=['person', 'studied_on'], name='zb_study_person_day'),
        ),
        migrations.AddConstraint(
            model_name='tutorturn',
            constraint=models.UniqueConstraint(fields=('organisation', 'month_on'), name='zb_tutor_turn_month'),
        ),
    ]
