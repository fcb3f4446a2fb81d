"""The database itself keeps the ledger: nothing is changed or deleted, nothing enters a closed month, and a reversal is
the exact opposite of what it reverses.

SQLite drops the triggers of a table that a later migration rebuilds: such a migration must make them again
(`zhibu record verify` reports a missing trigger).
"""
from django.db import migrations

KEPT = ("zb_dues_voucher", "zb_dues_posting", "zb_dues_effect", "zb_dues_closing")

CLOSED = (
    "EXISTS (SELECT 1 FROM zb_dues_closing c WHERE c.organisation_id = NEW.organisation_id AND c.month_on >= NEW.book_on)"
)
STRAY = (
    "NOT EXISTS (SELECT 1 FROM zb_dues_voucher v WHERE v.id = NEW.voucher_id"
    " AND v.organisation_id = NEW.organisation_id AND v.book_on = NEW.book_on AND NEW.line <= v.lines)"
)
CROOKED = (
    "NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM zb_dues_posting p WHERE p.id = NEW.reverses_id"
    " AND p.organisation_id = NEW.organisation_id AND p.debit = NEW.credit AND p.credit = NEW.debit"
    " AND p.fen = NEW.fen AND coalesce(p.person_id, 0) = coalesce(NEW.person_id, 0)"
    " AND coalesce(p.month_on, 0) = coalesce(NEW.month_on, 0) AND p.reverses_id IS NULL)"
)
ENTERING = (
    ("zb_dues_voucher", "closed", CLOSED, "the month is closed"),
    ("zb_dues_posting", "closed", CLOSED, "the month is closed"),
    ("zb_dues_posting", "stray", STRAY, "a posting belongs to the voucher it was made with"),
    ("zb_dues_posting", "crooked", CROOKED, "a reversal is the exact opposite of one posting"),
)
POSTGRES = """
CREATE FUNCTION zb_dues_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""
POSTGRES_KEPT = """
CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION zb_dues_refuse_change();
CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} EXECUTE FUNCTION zb_dues_refuse_change();
"""
POSTGRES_ENTERING = """
CREATE FUNCTION {table}_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {when} THEN
        RAISE EXCEPTION '{table}: {because}' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER {table}_{name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_{name}();
"""
SQLITE_KEPT = (
    "CREATE TRIGGER {table}_keep_{event} BEFORE {event} ON {table}"
    " BEGIN SELECT RAISE(ABORT, '{table} is append-only: {event} refused'); END"
)
SQLITE_ENTERING = (
    "CREATE TRIGGER {table}_{name} BEFORE INSERT ON {table} WHEN {when}"
    " BEGIN SELECT RAISE(ABORT, '{table}: {because}'); END"
)


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES, params=None)
        for table in KEPT:
            schema_editor.execute(POSTGRES_KEPT.format(table=table), params=None)
        for table, name, when, because in ENTERING:
            text = POSTGRES_ENTERING.format(table=table, name=name, when=when, because=because)
            schema_editor.execute(text, params=None)
        return
    for table in KEPT:
        for event in ("UPDATE", "DELETE"):
            schema_editor.execute(SQLITE_KEPT.format(table=table, event=event))
    for table, name, when, because in ENTERING:
        schema_editor.execute(SQLITE_ENTERING.format(table=table, name=name, when=when, because=because))


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION zb_dues_refuse_change() CASCADE")
        for table, name, _when, _because in ENTERING:
            schema_editor.execute(f"DROP FUNCTION {table}_{name}() CASCADE")
        return
    names = [f"{table}_keep_{event}" for table in KEPT for event in ("UPDATE", "DELETE")]
    names += [f"{table}_{name}" for table, name, _when, _because in ENTERING]
    for name in names:
        schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("dues", "0003_ledger")]
    operations = [migrations.RunPython(guard, unguard, elidable=False)]
