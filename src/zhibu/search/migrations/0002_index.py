"""What is asked when somebody searches: made and kept by the database itself."""

from django.db import migrations

SQLITE = (
    "CREATE VIRTUAL TABLE zb_text_index USING fts5(title_tokens, body_tokens, content='zb_text', content_rowid='id',"
    " tokenize='unicode61 remove_diacritics 0')",
    "CREATE TRIGGER zb_text_added AFTER INSERT ON zb_text BEGIN"
    " INSERT INTO zb_text_index(rowid, title_tokens, body_tokens) VALUES (NEW.id, NEW.title_tokens, NEW.body_tokens);"
    " END",
    "CREATE TRIGGER zb_text_removed AFTER DELETE ON zb_text BEGIN"
    " INSERT INTO zb_text_index(zb_text_index, rowid, title_tokens, body_tokens)"
    " VALUES ('delete', OLD.id, OLD.title_tokens, OLD.body_tokens); END",
    "CREATE TRIGGER zb_text_changed AFTER UPDATE ON zb_text BEGIN"
    " INSERT INTO zb_text_index(zb_text_index, rowid, title_tokens, body_tokens)"
    " VALUES ('delete', OLD.id, OLD.title_tokens, OLD.body_tokens);"
    " INSERT INTO zb_text_index(rowid, title_tokens, body_tokens) VALUES (NEW.id, NEW.title_tokens, NEW.body_tokens);"
    " END",
)
SQLITE_BACK = (
    "DROP TRIGGER zb_text_added", "DROP TRIGGER zb_text_removed", "DROP TRIGGER zb_text_changed",
    "DROP TABLE zb_text_index",
)
POSTGRES = (
    "ALTER TABLE zb_text ADD COLUMN vector tsvector GENERATED ALWAYS AS"
    " (setweight(to_tsvector('simple', title_tokens), 'A') || setweight(to_tsvector('simple', body_tokens), 'D')) STORED",
    "CREATE INDEX zb_text_vector ON zb_text USING gin (vector)",
)
POSTGRES_BACK = ("ALTER TABLE zb_text DROP COLUMN vector",)


def there(_apps, editor):
    for statement in POSTGRES if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


def back(_apps, editor):
    for statement in POSTGRES_BACK if editor.connection.vendor == "postgresql" else SQLITE_BACK:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(there, back)]
