"""Work that a demo's invented past left is due since the demo was made; a job that meets outages for days has a fault of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("work", "0002_worker")]
    operations = [
        migrations.AddField("clockshift", "from_at", models.DateTimeField(null=True)),
        migrations.AddField("job", "outages", models.PositiveSmallIntegerField(default=0)),
    ]
