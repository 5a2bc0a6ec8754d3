"""How often names were taken out of a store, and whether statements can be kept in one turn of talk."""

from django.db import migrations, models

PLAIN = """
CREATE FUNCTION records_plain(at bigint, store bigint, uuids uuid[], activities bigint[], definitions bytea[]) RETURNS bigint LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
BEGIN
    -- Each query here sees what was committed before the lock was had: the statement around it sees only what was there when it began.
    -- The plans may be made while tables are empty, and are kept: each look-up can go one way only, by both columns of its index
    -- (a sub-select is no join; store_id + 0 leaves the indexes by store alone out).
    IF EXISTS (
            SELECT 1 FROM unnest(uuids) AS u WHERE (SELECT TRUE FROM records_identifier i WHERE i.store_id = store AND i.uuid = u)
        ) OR EXISTS (
            SELECT 1 FROM records_statement s WHERE s.store_id + 0 = store AND s.target IS NOT NULL AND s.target = ANY(uuids)
        ) OR EXISTS (
            SELECT 1 FROM unnest(activities, definitions) AS t(key, definition)
            WHERE t.definition <> (SELECT a.definition FROM records_activity a WHERE a.store_id = store AND a.key = t.key)
        ) THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT names_taken FROM records_store WHERE id = store);
END $$
"""


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(PLAIN)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION records_plain")


class Migration(migrations.Migration):
    dependencies = [("records", "0003_authority_of_what_is_referred_to")]
    operations = [
        migrations.AddField("store", "names_taken", models.PositiveBigIntegerField(default=0)),
        migrations.RemoveIndex("statement", "records_statement_target"),
        migrations.AddIndex(
            "statement",
            models.Index(fields=["target", "store"], condition=models.Q(target__isnull=False), name="records_statement_refers"),
        ),
        migrations.RunPython(forwards, backwards),
    ]
