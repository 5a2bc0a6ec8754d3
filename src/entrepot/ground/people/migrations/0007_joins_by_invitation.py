"""Whoever was registered by a link or a token gets a first password by a keeper's invitation only."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0006_credentials_version")]
    operations = [migrations.AddField("person", "joins_by_invitation", models.BooleanField(default=False, editable=False))]
