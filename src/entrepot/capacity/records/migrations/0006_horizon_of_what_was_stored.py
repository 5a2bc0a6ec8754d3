"""PostgreSQL: where a clock ran ahead for a while, what was stored then can be read, although the clock is not there yet."""

from django.db import migrations

# What is handed out next is behind both the clock and the last position. Both are read before it is looked who writes: whoever has one of
# these positions and is not seen as a writer has committed it.
NEW = """
CREATE OR REPLACE FUNCTION records_horizon(store bigint, ahead bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    seen bigint := greatest(
        (SELECT last_value FROM records_position), (extract(epoch FROM clock_timestamp()) * 1000000)::bigint + ahead
    );
BEGIN
    IF EXISTS (
        SELECT 1 FROM pg_locks
        WHERE locktype = 'advisory' AND classid = 731 AND objid = store::int::oid AND objsubid = 2 AND pid <> pg_backend_pid()
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    ) THEN
        RETURN coalesce((SELECT max(position) FROM records_statement WHERE store_id = store), 0);
    END IF;
    RETURN seen;
END $$;
"""


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(NEW)


class Migration(migrations.Migration):
    dependencies = [("records", "0005_last_refusal")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
