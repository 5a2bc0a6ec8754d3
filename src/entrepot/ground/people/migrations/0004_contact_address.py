"""A contact address beside the one that signs in; and each address in one spelling, for the constraints that follow."""

import unicodedata

from django.db import migrations, models


def _plain(text):
    """As `core.plain_address` spelt it when this was written."""
    seen = "".join(char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf")
    name, _, domain = seen.strip().lower().rpartition("@")
    try:
        return f"{name}@{domain.encode('idna').decode('ascii')}".encode("ascii").decode()
    except UnicodeError:
        return None  # no mail could ever be sent there, and nobody sign in with it


def respell(apps, schema_editor):
    people = apps.get_model("people", "Person").objects.using(schema_editor.connection.alias)
    for person in people.filter(email__isnull=False).order_by("id").only("id", "email").iterator():
        plain = _plain(person.email)
        if plain == person.email:
            continue
        # Of two records that had one address in two spellings the second keeps it for mail; who signs in is the first.
        taken = plain and people.filter(email=plain).exists()
        people.filter(pk=person.pk).update(email=None if taken else plain, contact_email=plain if taken else "")


class Migration(migrations.Migration):
    dependencies = [("people", "0003_index_the_end_of_postings")]
    operations = [
        migrations.AddField(model_name="person", name="contact_email", field=models.EmailField(blank=True, max_length=254)),
        migrations.RunPython(respell, migrations.RunPython.noop),
    ]
