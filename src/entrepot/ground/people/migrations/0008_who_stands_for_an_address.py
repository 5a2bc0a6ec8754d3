"""Who stands for it that an address is its person's. Of those that there are, their administration: nobody was asked to prove one."""

from django.db import migrations, models


def stand_for_what_there_is(apps, _editor):
    apps.get_model("people", "Person")._base_manager.filter(email__isnull=False).update(email_backed="home")


class Migration(migrations.Migration):
    dependencies = [("people", "0007_joins_by_invitation")]
    operations = [
        migrations.AddField("person", "email_backed", models.CharField(blank=True, default="", editable=False, max_length=8)),
        migrations.RunPython(stand_for_what_there_is, migrations.RunPython.noop),
        migrations.AddConstraint(
            "person",
            models.CheckConstraint(
                condition=models.Q(email_backed__in=["", "home", "proved"]), name="people_person_email_backing_known"
            ),
        ),
    ]
