"""Bulletins can be added and never changed or removed: what was published stays as it was read."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = (
    "CREATE TRIGGER bulletins_no_update BEFORE UPDATE ON bulletins "
    "BEGIN SELECT RAISE(ABORT, 'bulletins are append-only'); END",
    "CREATE TRIGGER bulletins_no_delete BEFORE DELETE ON bulletins "
    "BEGIN SELECT RAISE(ABORT, 'bulletins are append-only'); END",
)
POSTGRESQL = """
CREATE FUNCTION bulletins_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'bulletins are append-only'; END $$;
CREATE TRIGGER bulletins_no_change BEFORE UPDATE OR DELETE ON bulletins
FOR EACH ROW EXECUTE FUNCTION bulletins_refuse();
CREATE TRIGGER bulletins_no_truncate BEFORE TRUNCATE ON bulletins
FOR EACH STATEMENT EXECUTE FUNCTION bulletins_refuse();
"""


def protect(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for statement in SQLITE:
            schema_editor.execute(statement)
    elif schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL, params=None)


def lift(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    vendor = schema_editor.connection.vendor
    for name in ("no_update", "no_delete") if vendor == "sqlite" else ("no_change", "no_truncate"):
        schema_editor.execute(f"DROP TRIGGER bulletins_{name}" + ("" if vendor == "sqlite" else " ON bulletins"))
    if vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION bulletins_refuse")


class Migration(migrations.Migration):
    dependencies = [("store", "0003_report_added_at")]
    operations = [migrations.RunPython(protect, lift)]
