"""How often a job met an outage: one that meets them for days has a fault of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("work", "0003_since_the_clock_was_moved")]
    operations = [migrations.AddField("job", "outages", models.PositiveSmallIntegerField(default=0))]
