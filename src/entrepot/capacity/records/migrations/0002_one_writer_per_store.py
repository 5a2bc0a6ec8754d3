"""PostgreSQL: how a writer gets its positions, and up to where readers see everything. SQLite has one writer and needs neither."""

from django.db import migrations
from django.utils import timezone

from entrepot.capacity.records.models.partitions import make_partitions

# 731: one writer per store, until its transaction ends, so that within a store positions rise as transactions are committed.
# 733: held for the moment of reserving, so that positions differ over all stores.
FUNCTIONS = """
CREATE SEQUENCE records_position MINVALUE 0 START 0;
CREATE FUNCTION records_reserve(store bigint, n bigint, ahead bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    first bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(731, store::int);
    PERFORM pg_advisory_lock(733, 0);
    first := greatest((SELECT last_value FROM records_position) + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint + ahead);
    PERFORM setval('records_position', first + n - 1);
    PERFORM pg_advisory_unlock(733, 0);
    RETURN first;
END $$;
CREATE FUNCTION records_horizon(store bigint, ahead bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    seen bigint := (extract(epoch FROM clock_timestamp()) * 1000000)::bigint + ahead;
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
        schema_editor.execute(FUNCTIONS)
        make_partitions(timezone.now())


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION records_horizon, records_reserve; DROP SEQUENCE records_position")


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
