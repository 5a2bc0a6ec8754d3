"""Statements kept before now learn which clients brought what they refer to, down the chain."""

from django.db import migrations

HAND_ON = """
    INSERT INTO records_mark (store_id, role, key, position)
    WITH RECURSIVE chain (store_id, position, reached, depth) AS (
        SELECT s.store_id, s.position, i.position, 1
        FROM records_statement s JOIN records_identifier i ON i.store_id = s.store_id AND i.uuid = s.target
        WHERE s.target IS NOT NULL
        UNION
        SELECT c.store_id, c.position, i.position, c.depth + 1
        FROM chain c JOIN records_statement s ON s.position = c.reached
        JOIN records_identifier i ON i.store_id = s.store_id AND i.uuid = s.target
        WHERE s.target IS NOT NULL AND c.depth < 20
    )
    SELECT DISTINCT c.store_id, 8, t.key_id, c.position
    FROM chain c JOIN records_statement t ON t.position = c.reached
    WHERE c.reached <> c.position
    ON CONFLICT DO NOTHING
"""
INHERIT = "UPDATE records_statement SET inherits = %s WHERE position IN (SELECT position FROM records_mark WHERE role = 8) AND NOT inherits"


def hand_on(apps, schema_editor):
    """Mark each statement that refers to others with their clients."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(HAND_ON)
        cursor.execute(INHERIT, [True])


class Migration(migrations.Migration):
    dependencies = [("records", "0002_one_writer_per_store")]
    operations = [migrations.RunPython(hand_on, migrations.RunPython.noop, elidable=True)]
