"""On PostgreSQL the database itself refuses overlapping facts of one kind about one thing; on SQLite the action does, under its lock."""

from django.db import migrations

ADD = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE region_standing ADD CONSTRAINT region_standing_no_overlap
EXCLUDE USING gist (kind WITH =, place_id WITH =, daterange(from_on, to_on) WITH &&) WHERE (kind <> 'vice_chair');
ALTER TABLE region_standing ADD CONSTRAINT region_term_no_overlap
EXCLUDE USING gist (other_id WITH =, daterange(from_on, to_on) WITH &&) WHERE (kind = 'vice_chair');
"""


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(ADD)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE region_standing DROP CONSTRAINT region_standing_no_overlap")
        schema_editor.execute("ALTER TABLE region_standing DROP CONSTRAINT region_term_no_overlap")


class Migration(migrations.Migration):
    dependencies = [("region", "0001_initial")]
    operations = [migrations.RunPython(add, drop)]
