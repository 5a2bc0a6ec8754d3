"""What was made under rules that no longer hold ends: invitations over a password, and former addresses that allauth had noted."""

from django.db import migrations
from django.db.models import F


def end(apps, schema_editor):
    alias = schema_editor.connection.alias
    links = apps.get_model("access", "Link").objects.using(alias)
    links.filter(purpose="people.join", used_at__isnull=True).update(used_at=F("made_at"))
    apps.get_model("account", "EmailAddress").objects.using(alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [("access", "0002_maker_and_credentials_version"), ("account", "0009_emailaddress_unique_primary_email")]
    operations = [migrations.RunPython(end, migrations.RunPython.noop)]
