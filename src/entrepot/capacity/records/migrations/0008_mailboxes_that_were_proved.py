"""A mailbox that nobody proved is its person's in the stores of their own administration alone; what was matched beyond them is let go."""

from django.db import migrations, models
from django.db.models import F


def let_go(apps, _editor):
    identities = apps.get_model("records", "PersonIdentity").objects
    identities.filter(email="").update(everywhere=True)
    agents = apps.get_model("records", "Agent").objects
    beyond = agents.filter(person__isnull=False).exclude(store__place=F("person__home"))
    for agent in beyond.iterator():
        if not identities.filter(person_id=agent.person_id, key=agent.key, everywhere=True).exists():
            agents.filter(pk=agent.pk).update(person=None)


class Migration(migrations.Migration):
    dependencies = [("records", "0007_documents_of_an_office"), ("people", "0008_who_stands_for_an_address")]
    operations = [
        migrations.AddField("personidentity", "everywhere", models.BooleanField(default=False)),
        migrations.RunPython(let_go, migrations.RunPython.noop),
    ]
