"""Documents of an office's keys are its own. Who wrote those that stand already is not known: they stay with the whole store."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0006_horizon_of_what_was_stored"), ("region", "0003_past_events")]
    operations = [
        migrations.AddField(
            "document",
            "place",
            models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="region.place"
            ),
        )
    ]
