"""The order of the review queue, kept beside incidents with an index of its own."""

from typing import Any

from django.db import migrations, models

# As `store.turns` says it, for every incident that is there.
FILL = """
UPDATE incidents SET
  at_stake = n_origins * COALESCE((SELECT MAX(probability) FROM findings WHERE findings.incident_id =
    incidents.incident_id AND outcome IN ('breach_if_true', 'undetermined', 'contested_reading')), 0),
  unsure = CASE WHEN reality = 'asserted' THEN 4.0 ELSE 0.0 END + CASE WHEN contested THEN 2.0 ELSE 0.0 END
    + COALESCE(1.0 - confidence, 1.5)
"""


def _column(name: str) -> Any:
    # by hand: SQLite would make the table anew for Django, and lose the triggers that keep its trigrams
    return migrations.RunSQL(
        f"ALTER TABLE incidents ADD COLUMN {name} double precision NOT NULL DEFAULT 0",
        f"ALTER TABLE incidents DROP COLUMN {name}",
        state_operations=[migrations.AddField("incidentrow", name, models.FloatField(default=0.0))],
    )


class Migration(migrations.Migration):
    dependencies = [("store", "0011_formers")]
    operations = [
        _column("at_stake"),
        _column("unsure"),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RemoveIndex("incidentrow", "incidents_state"),
        migrations.AddIndex(
            "incidentrow",
            models.Index(fields=["state", "-at_stake", "-unsure", "incident_id"], name="incidents_queue"),
        ),
    ]
