import django.db.models.deletion
import zhibu.record.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('register', '0004_dues_collector'),
        ('search', '0002_index'),
    ]

    operations = [
        migrations.CreateModel(
            name='Bulletin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('news', '支部动态'), ('policy', '政策解读'), ('exemplar', '身边典型'), ('outcome', '工作成果')], max_length=10)),
                ('title', models.CharField(max_length=120)),
                ('body', models.TextField()),
                ('state', models.CharField(choices=[('draft', '草稿'), ('submitted', '待审'), ('published', '已发布'), ('withdrawn', '已撤下')], default='draft', max_length=10)),
                ('author_user', models.BigIntegerField(help_text='who wrote it may not review it')),
                ('remark', models.CharField(blank=True, default='', help_text='what the reviewer asked for', max_length=300)),
                ('published_on', zhibu.record.fields.DayField(null=True)),
                ('address', models.CharField(max_length=12, null=True, unique=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.person')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.organisation')),
                ('text', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='search.text')),
            ],
            options={
                'db_table': 'zb_bulletin',
                'indexes': [models.Index(fields=['organisation', 'state', 'published_on'], name='zb_bulletin_shown')],
            },
        ),
        migrations.CreateModel(
            name='Missive',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('question', '咨询'), ('suggestion', '建议'), ('complaint', '反映问题'), ('comment', '评论')], max_length=12)),
                ('number', models.PositiveIntegerField()),
                ('receipt', models.CharField(max_length=64, null=True, unique=True)),
                ('received_on', zhibu.record.fields.DayField()),
                ('due_on', zhibu.record.fields.DayField(help_text='last day to answer')),
                ('signed', models.SmallIntegerField(default=0)),
                ('text_sealed', models.TextField()),
                ('name_sealed', models.TextField(blank=True, default='')),
                ('contact_sealed', models.TextField(blank=True, default='')),
                ('state', models.CharField(choices=[('received', '待答复'), ('answered', '已答复')], default='received', max_length=10)),
                ('answered_on', zhibu.record.fields.DayField(null=True)),
                ('answer_sealed', models.TextField(blank=True, default='')),
                ('about_table', models.CharField(blank=True, default='', max_length=63)),
                ('about_id', models.BigIntegerField(null=True)),
                ('address', models.CharField(help_text='where it is published', max_length=12, null=True, unique=True)),
                ('asked', models.CharField(blank=True, default='', max_length=300)),
                ('answer', models.TextField(blank=True, default='')),
                ('published_on', zhibu.record.fields.DayField(null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.organisation')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.person')),
                ('text', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='search.text')),
            ],
            options={
                'db_table': 'zb_missive',
                'indexes': [models.Index(fields=['organisation', 'state', 'due_on'], name='zb_missive_waiting'), models.Index(fields=['organisation', 'published_on'], name='zb_missive_published')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'number'), name='zb_missive_number')],
            },
        ),
    ]
