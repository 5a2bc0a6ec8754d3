"""On PostgreSQL the database itself refuses overlapping postings; on SQLite the action does, under its lock."""

from django.db import migrations

ADD = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE people_posting ADD CONSTRAINT people_posting_no_overlap
EXCLUDE USING gist (person_id WITH =, role WITH =, place_id WITH =, daterange(from_on, to_on) WITH &&);
"""


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(ADD)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE people_posting DROP CONSTRAINT people_posting_no_overlap")


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunPython(add, drop)]
