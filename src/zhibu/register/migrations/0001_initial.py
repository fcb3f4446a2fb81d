
import django.db.models.deletion
import zhibu.record.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('short_name', models.CharField(blank=True, default='', max_length=60)),
                ('kind', models.CharField(choices=[('primary_committee', '基层党委'), ('general_branch', '党总支'), ('branch', '党支部'), ('joint_branch', '联合党支部'), ('temporary_branch', '临时党支部'), ('mobile_branch', '流动党员党支部'), ('party_group', '党小组')], max_length=20)),
                ('unit_type', models.CharField(choices=[('production', '生产单位'), ('research', '科研单位'), ('organ', '机关'), ('service', '后勤服务'), ('school', '学校'), ('retired', '离退休'), ('community', '社区（村）'), ('other', '其他')], default='other', max_length=20)),
                ('path', models.CharField(max_length=80, unique=True)),
                ('founded_on', zhibu.record.fields.DayField(null=True)),
                ('closed_on', zhibu.record.fields.DayField(help_text='first day on which it no longer exists', null=True)),
                ('can_approve', models.SmallIntegerField(default=0, help_text='may approve probationary members (1/0)')),
                ('pinyin', models.CharField(blank=True, default='', max_length=240)),
                ('initials', models.CharField(blank=True, default='', max_length=60)),
                ('version', models.PositiveIntegerField(default=1)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='register.organisation')),
            ],
            options={
                'db_table': 'zb_organisation',
                'ordering': ('path',),
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('pinyin', models.CharField(blank=True, default='', help_text='every reading, blank between', max_length=240)),
                ('initials', models.CharField(blank=True, default='', max_length=60)),
                ('sex', models.CharField(choices=[('1', '男'), ('2', '女'), ('0', '未知')], default='0', max_length=1)),
                ('born_on', zhibu.record.fields.DayField(null=True)),
                ('nation', models.CharField(blank=True, default='', max_length=20)),
                ('education', models.CharField(blank=True, default='', max_length=20)),
                ('position', models.CharField(blank=True, default='', max_length=60)),
                ('id_sealed', models.TextField(blank=True, default='')),
                ('id_index', models.CharField(max_length=64, null=True, unique=True)),
                ('phone_sealed', models.TextField(blank=True, default='')),
                ('phone_index', models.CharField(blank=True, db_index=True, default='', max_length=64)),
                ('joined_on', zhibu.record.fields.DayField(help_text='admission meeting (入党日期)', null=True)),
                ('full_since', zhibu.record.fields.DayField(help_text='conversion (转正日期); standing counts from here', null=True)),
                ('note', models.CharField(blank=True, default='', max_length=200)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'db_table': 'zb_person',
                'indexes': [models.Index(fields=['name'], name='zb_person_name'), models.Index(fields=['initials'], name='zb_person_initials')],
            },
        ),
        migrations.CreateModel(
            name='MobileSpell',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(blank=True, default='', max_length=120)),
                ('since', zhibu.record.fields.DayField()),
                ('until', zhibu.record.fields.DayField(null=True)),
                ('since_known', models.SmallIntegerField(default=1, help_text='0: the roster did not say since when')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mobile_spells', to='register.person')),
            ],
            options={
                'db_table': 'zb_mobile_spell',
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(choices=[('applicant', '入党申请人'), ('activist', '入党积极分子'), ('prospect', '发展对象'), ('probationary_member', '预备党员'), ('full_member', '正式党员')], max_length=20)),
                ('since', zhibu.record.fields.DayField()),
                ('until', zhibu.record.fields.DayField(null=True)),
                ('since_known', models.SmallIntegerField(default=1, help_text='0: the roster did not say since when')),
                ('began_because', models.CharField(choices=[('recorded', '登记'), ('imported', '名册导入'), ('stage', '身份变化'), ('transfer', '组织关系转入'), ('group', '调整党小组')], default='recorded', max_length=20)),
                ('ended_because', models.CharField(blank=True, choices=[('stage', '身份变化'), ('transfer', '转到本系统其他支部'), ('group', '调整党小组'), ('transferred_away', '组织关系转出'), ('deceased', '去世'), ('expelled', '出党'), ('cancelled', '取消资格')], default='', max_length=20)),
                ('remark', models.CharField(blank=True, default='', help_text='where from, where to, number of the letter', max_length=200)),
                ('dues_monthly_fen', models.IntegerField(help_text='as stated in the roster; fen', null=True)),
                ('known_at', models.BigIntegerField(default=0)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='register.organisation')),
                ('party_group', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='register.person')),
            ],
            options={
                'db_table': 'zb_membership',
            },
        ),
        migrations.CreateModel(
            name='PhoneToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(db_index=True, max_length=24)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='phone_tokens', to='register.person')),
            ],
            options={
                'db_table': 'zb_phone_token',
            },
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('since', zhibu.record.fields.DayField()),
                ('until', zhibu.record.fields.DayField(null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='register.organisation')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.organisation')),
            ],
            options={
                'db_table': 'zb_placement',
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('secretary', '书记'), ('deputy_secretary', '副书记'), ('organisation_officer', '组织委员'), ('publicity_officer', '宣传委员'), ('discipline_officer', '纪检委员'), ('committee_member', '委员'), ('group_leader', '党小组长'), ('committee_secretary', '党委书记'), ('committee_officer', '党务工作者')], max_length=24)),
                ('in_committee', models.SmallIntegerField(default=0, help_text='1: a seat of the branch committee')),
                ('has_duties', models.SmallIntegerField(default=0, help_text='1: duties are written down')),
                ('duties', models.CharField(blank=True, default='', max_length=300)),
                ('since', zhibu.record.fields.DayField()),
                ('until', zhibu.record.fields.DayField(null=True)),
                ('since_known', models.SmallIntegerField(default=1, help_text='0: the roster did not say since when')),
                ('known_at', models.BigIntegerField(default=0)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='register.organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='register.person')),
            ],
            options={
                'db_table': 'zb_post',
            },
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(default=1)),
                ('elected_on', zhibu.record.fields.DayField()),
                ('expires_on', zhibu.record.fields.DayField()),
                ('shifted_to', zhibu.record.fields.DayField(help_text='approved shift of the election, at most a year', null=True)),
                ('valid_until', zhibu.record.fields.DayField(help_text='expires_on, or the approved later day')),
                ('seats', models.PositiveSmallIntegerField(default=0)),
                ('ended_on', zhibu.record.fields.DayField(null=True)),
                ('known_at', models.BigIntegerField(default=0)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='register.organisation')),
            ],
            options={
                'db_table': 'zb_term',
            },
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(fields=['parent'], name='zb_organisation_parent'),
        ),
        migrations.AddIndex(
            model_name='mobilespell',
            index=models.Index(fields=['organisation', 'until'], name='zb_mobile_spell_branch'),
        ),
        migrations.AddIndex(
            model_name='membership',
            index=models.Index(fields=['organisation', 'until', 'stage'], name='zb_membership_branch'),
        ),
        migrations.AddIndex(
            model_name='membership',
            index=models.Index(fields=['person', 'since'], name='zb_membership_person'),
        ),
        migrations.AddIndex(
            model_name='membership',
            index=models.Index(fields=['party_group'], name='zb_membership_group'),
        ),
        migrations.AddIndex(
            model_name='post',
            index=models.Index(fields=['organisation', 'until'], name='zb_post_branch'),
        ),
        migrations.AddIndex(
            model_name='post',
            index=models.Index(fields=['person', 'until'], name='zb_post_person'),
        ),
        migrations.AddIndex(
            model_name='term',
            index=models.Index(fields=['organisation', 'elected_on'], name='zb_term_branch'),
        ),
    ]
