"""What counted failed sign-ins before kept the addresses that were typed, and from where. Nothing reads it any more, so it goes."""

from django.db import migrations

TABLES = ("axes_accessattemptexpiration", "axes_accessattempt", "axes_accesslog", "axes_accessfailurelog")


def drop(apps, schema_editor):
    """Tables and migrations of django-axes, where they are."""
    for table in TABLES:
        schema_editor.execute(f"DROP TABLE IF EXISTS {table}")
    schema_editor.execute("DELETE FROM django_migrations WHERE app = 'axes'")


class Migration(migrations.Migration):
    dependencies = [("limits", "0001_levels")]
    operations = [migrations.RunPython(drop, migrations.RunPython.noop)]
