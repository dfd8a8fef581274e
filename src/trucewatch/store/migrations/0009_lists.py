"""Lists of 100,000 incidents: indexes that hold all a list filters by, names apart from incidents, words by trigrams."""

from django.apps.registry import Apps
from django.db import migrations, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.deletion import CASCADE
from django.db.utils import Error

PARTY_NAMES = """
CREATE UNIQUE INDEX party_names_once ON party_names (role, key, name);
INSERT INTO party_names (role, key, name) SELECT DISTINCT role, key, name FROM incident_parties ORDER BY 1, 2, 3;
"""

# The index of words is of trigrams alone (detail=none): what has them all is then looked at itself. `incident_words`
# gives the index numbers that VACUUM does not change.
SQLITE = (
    "CREATE TABLE party_names (number integer PRIMARY KEY AUTOINCREMENT, role varchar(8) NOT NULL, "
    "key varchar(300) NOT NULL, name varchar(300) NOT NULL)",
    *[line for line in PARTY_NAMES.strip().split("\n")],
    "CREATE TRIGGER party_names_filled AFTER INSERT ON incident_parties BEGIN "
    "INSERT OR IGNORE INTO party_names (role, key, name) VALUES (NEW.role, NEW.key, NEW.name); END",
    "CREATE TABLE incident_words (number integer PRIMARY KEY, incident_id varchar(48) NOT NULL UNIQUE)",
    "CREATE VIRTUAL TABLE incident_trigrams USING fts5(words, content='', detail='none', tokenize='trigram')",
    "INSERT INTO incident_words (incident_id) SELECT incident_id FROM incidents ORDER BY 1",
    "INSERT INTO incident_trigrams (rowid, words) "
    "SELECT number, words FROM incident_words JOIN incidents USING (incident_id) ORDER BY 1",
    "CREATE TRIGGER incident_words_added AFTER INSERT ON incidents BEGIN "
    "INSERT INTO incident_words (incident_id) VALUES (NEW.incident_id); "
    "INSERT INTO incident_trigrams (rowid, words) "
    "SELECT number, NEW.words FROM incident_words WHERE incident_id = NEW.incident_id; END",
    "CREATE TRIGGER incident_words_changed AFTER UPDATE OF words ON incidents WHEN OLD.words <> NEW.words BEGIN "
    "INSERT INTO incident_trigrams (incident_trigrams, rowid, words) "
    "SELECT 'delete', number, OLD.words FROM incident_words WHERE incident_id = OLD.incident_id; "
    "INSERT INTO incident_trigrams (rowid, words) "
    "SELECT number, NEW.words FROM incident_words WHERE incident_id = NEW.incident_id; END",
    "CREATE TRIGGER incident_words_gone AFTER DELETE ON incidents BEGIN "
    "INSERT INTO incident_trigrams (incident_trigrams, rowid, words) "
    "SELECT 'delete', number, OLD.words FROM incident_words WHERE incident_id = OLD.incident_id; "
    "DELETE FROM incident_words WHERE incident_id = OLD.incident_id; END",
)

POSTGRESQL = f"""
CREATE TABLE party_names (number bigserial PRIMARY KEY, role varchar(8) NOT NULL,
  key varchar(300) NOT NULL, name varchar(300) NOT NULL);
{PARTY_NAMES}
CREATE FUNCTION party_names_fill() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO party_names (role, key, name) SELECT DISTINCT role, key, name FROM added
  WHERE NOT EXISTS (SELECT FROM party_names n WHERE (n.role, n.key, n.name) = (added.role, added.key, added.name))
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER party_names_filled AFTER INSERT ON incident_parties
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION party_names_fill();
"""
TRIGRAMS = "CREATE INDEX incidents_words ON incidents USING gin (words gin_trgm_ops)"


def make(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for statement in SQLITE:
            schema_editor.execute(statement)
        return
    schema_editor.execute(POSTGRESQL, params=None)
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            schema_editor.execute(TRIGRAMS)
    except Error:  # not installed, or this user may not: words are found all the same, by looking through every row
        pass


def unmake(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for name in ("party_names_filled", "incident_words_added", "incident_words_changed", "incident_words_gone"):
            schema_editor.execute(f"DROP TRIGGER {name}")
        for name in ("incident_trigrams", "incident_words", "party_names"):
            schema_editor.execute(f"DROP TABLE {name}")
        return
    schema_editor.execute("DROP TRIGGER party_names_filled ON incident_parties; DROP FUNCTION party_names_fill")
    schema_editor.execute("DROP INDEX IF EXISTS incidents_words; DROP TABLE party_names")


class Migration(migrations.Migration):
    dependencies = [("store", "0008_incident_areas")]
    operations = [
        migrations.RemoveIndex("incidentrow", "incidents_earliest"),
        migrations.RemoveIndex("incidentrow", "incidents_latest"),
        migrations.RemoveIndex("incidentrow", "incidents_type"),
        migrations.RemoveIndex("incidentrow", "incidents_point"),
        migrations.AddIndex(
            "incidentrow",
            models.Index(
                fields=["earliest", "incident_id", "latest", "type", "state", "lat", "lon"], name="incidents_listed"
            ),
        ),
        migrations.AddIndex(
            "incidentrow",
            models.Index(
                fields=["lat", "lon", "incident_id", "earliest", "latest", "type", "state"], name="incidents_point"
            ),
        ),
        migrations.CreateModel(
            name="PostingRow",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("payload", models.TextField()),
                (
                    "incident",
                    models.OneToOneField(on_delete=CASCADE, related_name="posting", to="store.incidentrow"),
                ),
            ],
            options={"db_table": "postings"},
        ),
        migrations.CreateModel(
            name="PartyNameRow",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("role", models.CharField(max_length=8)),
                ("key", models.CharField(max_length=300)),
                ("name", models.CharField(max_length=300)),
            ],
            options={"db_table": "party_names", "managed": False},
        ),
        migrations.RunPython(make, unmake),
    ]
