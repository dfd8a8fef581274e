"""What runs replace is kept, and the files they were made with: without them a past moment cannot be told again."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ID = 48  # as in models.columns
TABLES = ("formers", "kept_files")


def protect(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for table in TABLES:
        if schema_editor.connection.vendor == "sqlite":
            for act in ("update", "delete"):
                schema_editor.execute(
                    f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} are append-only'); END"
                )
        elif schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
                f"BEGIN RAISE EXCEPTION '{table} are append-only'; END $$; "
                f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse(); "
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse();",
                params=None,
            )


def lift(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for table in TABLES:
        if schema_editor.connection.vendor == "sqlite":
            for act in ("update", "delete"):
                schema_editor.execute(f"DROP TRIGGER {table}_no_{act}")
        elif schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"DROP TRIGGER {table}_no_change ON {table}; DROP TRIGGER {table}_no_truncate ON {table}; "
                f"DROP FUNCTION {table}_refuse"
            )


class Migration(migrations.Migration):
    dependencies = [("store", "0010_linked")]
    operations = [
        *(
            migrations.AddField(model, "read_at", models.CharField(max_length=40, null=True))
            for model in ("accountrow", "statementrow", "tallyrow")
        ),
        migrations.CreateModel(
            name="FormerRow",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=12)),
                ("subject_id", models.CharField(max_length=ID)),
                ("report_id", models.CharField(max_length=ID)),
                ("since_at", models.CharField(max_length=40, null=True)),
                ("until_at", models.CharField(max_length=40)),
                ("payload", models.TextField()),
            ],
            options={
                "db_table": "formers",
                "indexes": [models.Index(fields=["kind", "until_at", "since_at"], name="formers_stood")],
            },
        ),
        migrations.CreateModel(
            name="KeptFileRow",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("content", models.BinaryField()),
            ],
            options={"db_table": "kept_files"},
        ),
        migrations.RunPython(protect, lift),
    ]
