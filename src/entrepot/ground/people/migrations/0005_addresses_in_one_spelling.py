from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Length, Lower


class Migration(migrations.Migration):
    dependencies = [("people", "0004_contact_address")]
    operations = [
        migrations.RemoveConstraint(model_name="person", name="people_person_erased_whole"),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(is_active=False, email__isnull=True, contact_email=""),
                name="people_person_erased_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=Q(email=Lower("email"), email__octets=Length("email")) | Q(email__isnull=True), name="people_person_email_plain"
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=Q(contact_email=Lower("contact_email"), contact_email__octets=Length("contact_email")),
                name="people_person_contact_plain",
            ),
        ),
    ]
