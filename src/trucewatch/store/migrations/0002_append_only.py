"""Decisions can be added and never changed or removed: said to the database itself, so that no code path can."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = """
CREATE TRIGGER decisions_no_update BEFORE UPDATE ON decisions
BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
CREATE TRIGGER decisions_no_delete BEFORE DELETE ON decisions
BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
CREATE TRIGGER decisions_in_order BEFORE INSERT ON decisions
WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM decisions)
BEGIN SELECT RAISE(ABORT, 'decisions are numbered without gaps'); END;
"""

POSTGRESQL = """
CREATE FUNCTION decisions_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'decisions are append-only'; END $$;
CREATE FUNCTION decisions_next() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM decisions) THEN
    RAISE EXCEPTION 'decisions are numbered without gaps';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER decisions_no_change BEFORE UPDATE OR DELETE ON decisions
FOR EACH ROW EXECUTE FUNCTION decisions_refuse();
CREATE TRIGGER decisions_no_truncate BEFORE TRUNCATE ON decisions
FOR EACH STATEMENT EXECUTE FUNCTION decisions_refuse();
CREATE TRIGGER decisions_in_order BEFORE INSERT ON decisions
FOR EACH ROW EXECUTE FUNCTION decisions_next();
"""


def protect(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    connection = schema_editor.connection
    if connection.vendor == "sqlite":
        for statement in SQLITE.split("END;\n"):
            if statement.strip():
                schema_editor.execute(statement + "END")
    elif connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL, params=None)


def lift(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    vendor = schema_editor.connection.vendor
    names = ("no_update", "no_delete", "in_order") if vendor == "sqlite" else ("no_change", "no_truncate", "in_order")
    for name in names:
        schema_editor.execute(f"DROP TRIGGER decisions_{name}" + ("" if vendor == "sqlite" else " ON decisions"))
    if vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION decisions_refuse; DROP FUNCTION decisions_next;")


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]
    operations = [migrations.RunPython(protect, lift)]
