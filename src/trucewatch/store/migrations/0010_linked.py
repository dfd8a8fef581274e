"""How linking and judging last saw what there is, so that a run works only on what has changed since."""

from typing import Any

from django.db import migrations, models

ID = 48  # as in models.columns


def take_over(apps: Any, schema_editor: Any) -> None:
    """Accounts belong to the incidents they are in. Their days are filled in by the next run, which links everything."""
    linked, members = apps.get_model("store", "LinkedRow"), apps.get_model("store", "IncidentAccountRow")
    rows = members.objects.order_by("pk").values_list("account_id", "account__report_id", "incident_id")
    batch = []
    for account, report, incident in rows.iterator(2000):
        batch.append(linked(account_id=account, report_id=report, incident_id=incident, marks=b""))
        if len(batch) == 500:
            linked.objects.bulk_create(batch)
            batch = []
    linked.objects.bulk_create(batch)


class Migration(migrations.Migration):
    dependencies = [("store", "0009_lists")]
    operations = [
        migrations.AddField("reportrow", "linked_with", models.CharField(default="", max_length=64)),
        migrations.AddField("reportrow", "signature", models.BinaryField(null=True)),
        migrations.AddIndex(
            "reportrow", models.Index(fields=["linked_with", "report_id"], name="reports_linked_with")
        ),
        # by hand: SQLite would make the table anew for Django, and lose the triggers that keep its trigrams
        migrations.RunSQL(
            "ALTER TABLE incidents ADD COLUMN judged_with varchar(64) NOT NULL DEFAULT ''",
            "ALTER TABLE incidents DROP COLUMN judged_with",
            state_operations=[
                migrations.AddField("incidentrow", "judged_with", models.CharField(default="", max_length=64))
            ],
        ),
        migrations.AddIndex(
            "incidentrow", models.Index(fields=["judged_with", "incident_id"], name="incidents_judged_with")
        ),
        migrations.CreateModel(
            name="LinkedRow",
            fields=[
                ("account_id", models.CharField(max_length=ID, primary_key=True, serialize=False)),
                ("report_id", models.CharField(db_index=True, max_length=ID)),
                ("incident_id", models.CharField(db_index=True, default="", max_length=ID)),
                ("first", models.IntegerField(null=True)),
                ("last", models.IntegerField(null=True)),
                ("marks", models.BinaryField()),
            ],
            options={
                "db_table": "linked",
                "indexes": [models.Index(fields=["first", "last"], name="linked_days")],
            },
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
    ]
