"""The database itself refuses to change or delete what was recorded.

SQLite drops the triggers of a table that a later migration rebuilds: such a migration must make them again
(`zhibu record verify` reports a missing trigger). TRUNCATE is refused on PostgreSQL too; the command `flush`, which
tests use between cases, takes the triggers away and puts them back, and refuses to run anywhere else.
"""
from django.db import migrations

KEPT = ("zb_entry", "zb_anchor")

POSTGRES = """
CREATE FUNCTION zb_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER zb_chain_head_forward BEFORE UPDATE ON zb_chain_head FOR EACH ROW
    WHEN (NEW.sequence < OLD.sequence OR NEW.organisation_id <> OLD.organisation_id)
    EXECUTE FUNCTION zb_refuse_change();
CREATE TRIGGER zb_chain_head_keep BEFORE DELETE ON zb_chain_head FOR EACH ROW EXECUTE FUNCTION zb_refuse_change();
CREATE TRIGGER zb_chain_head_whole BEFORE TRUNCATE ON zb_chain_head EXECUTE FUNCTION zb_refuse_change();
"""
POSTGRES_TABLE = """
CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION zb_refuse_change();
CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} EXECUTE FUNCTION zb_refuse_change();
"""
SQLITE = [
    "CREATE TRIGGER zb_chain_head_forward BEFORE UPDATE ON zb_chain_head"
    " WHEN NEW.sequence < OLD.sequence OR NEW.organisation_id <> OLD.organisation_id"
    " BEGIN SELECT RAISE(ABORT, 'zb_chain_head only moves forward'); END",
    "CREATE TRIGGER zb_chain_head_keep BEFORE DELETE ON zb_chain_head"
    " BEGIN SELECT RAISE(ABORT, 'zb_chain_head is append-only: DELETE refused'); END",
]
SQLITE_TABLE = (
    "CREATE TRIGGER {table}_keep_{event} BEFORE {event} ON {table}"
    " BEGIN SELECT RAISE(ABORT, '{table} is append-only: {event} refused'); END"
)


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES, params=None)
        for table in KEPT:
            schema_editor.execute(POSTGRES_TABLE.format(table=table), params=None)
    else:
        for statement in SQLITE:
            schema_editor.execute(statement)
        for table in KEPT:
            for event in ("UPDATE", "DELETE"):
                schema_editor.execute(SQLITE_TABLE.format(table=table, event=event))


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION zb_refuse_change() CASCADE")
    else:
        names = ["zb_chain_head_forward", "zb_chain_head_keep"]
        names += [f"{table}_keep_{event}" for table in KEPT for event in ("UPDATE", "DELETE")]
        for name in names:
            schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard, elidable=False)]
