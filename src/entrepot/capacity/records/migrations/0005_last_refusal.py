"""What a relay could not carry is said, and not only counted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0004_plain")]
    operations = [migrations.AddField("relay", "last_refusal", models.CharField(blank=True, default="", max_length=500))]
