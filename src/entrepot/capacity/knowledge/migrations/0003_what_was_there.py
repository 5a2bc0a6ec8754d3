"""Practices that were there before get their first version, their count of uses and their words in the index."""

from django.db import migrations

from entrepot.capacity.knowledge.core import tokens

# The names as they were when this was written: a migration does not follow the code.
VERSIONED = (
    "title", "problem", "context", "done", "steps", "resources", "results", "evidence", "lessons", "transfer",
    "system", "data", "workflow", "failed", "risks", "contact", "supplier", "cost_class", "claims", "demonstration", "language", "kind",
)
TOLD = VERSIONED[:15]
NOBODY = "00000000-0000-0000-0000-000000000001"


def keep(apps, schema_editor):
    practices, versions = apps.get_model("knowledge", "Practice"), apps.get_model("knowledge", "Version")
    tokens_table, mentions = apps.get_model("knowledge", "Token"), apps.get_model("knowledge", "Mention")
    for practice in practices.objects.iterator():
        values = {name: getattr(practice, name) for name in VERSIONED}
        versions.objects.get_or_create(
            practice=practice, number=practice.number, defaults={"at": practice.drafted_at, "by_uuid": NOBODY, "values": values}
        )
        practices.objects.filter(pk=practice.pk).update(used=practice.adoptions.count())
        found = {}
        for name in TOLD:
            for token in tokens(str(getattr(practice, name))):
                found[token] = found.get(token, False) or name == "title"
        for token, title in found.items():
            row, _ = tokens_table.objects.get_or_create(text=token)
            mentions.objects.get_or_create(token=row, practice=practice, defaults={"title": title})


class Migration(migrations.Migration):

    dependencies = [("knowledge", "0002_texts_reviews_and_words")]

    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
