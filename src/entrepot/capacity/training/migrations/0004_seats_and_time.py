"""Deadlines of one Member's own, whose seat came free, who took over from whom, and numbers of appointments."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F


def count_on(apps: Any, _schema: Any) -> None:
    """Appointments went out under the activity's version: what follows is numbered above it."""
    apps.get_model("training", "Activity").objects.update(appointment_number=F("version"))


class Migration(migrations.Migration):
    dependencies = [("training", "0003_spent")]

    operations = [
        migrations.AddField("activity", "first_refusal_days", models.PositiveSmallIntegerField(default=3)),
        migrations.AddField("activity", "appointment_number", models.PositiveIntegerField(default=0)),
        migrations.AddField("invitation", "nominate_by", models.DateField(blank=True, null=True)),
        migrations.AddField("nomination", "first_submitted_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "nomination",
            "replaces",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="replaced_by",
                to="training.nomination",
            ),
        ),
        migrations.AddField(
            "offer",
            "freed_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="freed_offers",
                to="training.nomination",
            ),
        ),
        migrations.RunPython(count_on, migrations.RunPython.noop),
    ]
