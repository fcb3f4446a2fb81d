"""Practices become bulletins of the kind `practice`: what was shared is published, what was not is a draft, what was taken back is withdrawn.

Who wrote one is in the record; the row never named anybody. Words are looked up by pairs of characters, as the index has them.
"""
import re
import unicodedata

from django.db import migrations

HAN = "\u3007\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(rf"([{HAN}]+)|([^\W_{HAN}]+)")
HEADINGS = (("problem", "一、解决什么问题"), ("method", "二、怎么做"), ("effect", "三、效果"))


def tokens(text):
    """Every two neighbouring characters, the last one, and words of letters."""
    found = []
    for run, letters in RUN.findall(unicodedata.normalize("NFKC", text).casefold()):
        found += [letters[:60]] if letters else [*(run[at : at + 2] for at in range(len(run) - 1)), run[-1]]
    return " ".join(found)


def become_bulletins(apps, schema_editor):
    practice_of, bulletin_of = apps.get_model("production", "Practice"), apps.get_model("letters", "Bulletin")
    text_of = apps.get_model("search", "Text")
    made = {}
    # one that was taken over is always older than the one that followed it
    for row in practice_of.objects.order_by("id").iterator(chunk_size=500):
        body = "\n".join(f"{heading}\n{getattr(row, name)}" for name, heading in HEADINGS if getattr(row, name))
        state = "withdrawn" if row.withdrawn else "published" if row.shared else "draft"
        text = None
        if state == "published":
            text = text_of.objects.create(
                title=row.title, body=body, title_tokens=tokens(row.title), body_tokens=tokens(body)
            )
        made[row.pk] = bulletin_of.objects.create(
            organisation_id=row.organisation_id, kind="practice", title=row.title, body=body, topic=row.field,
            follows=made.get(row.follows_id), state=state, author_user=0, text=text,
            published_on=None if state == "draft" else row.written_on, version=row.version,
        )


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0004_practices'),
        ('production', '0001_work'),
        ('search', '0003_titles'),
    ]

    operations = [
        migrations.RunPython(become_bulletins, migrations.RunPython.noop),
    ]
