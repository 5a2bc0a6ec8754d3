"""The table of certificates."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from entrepot.ground.keeping.api import Record


class Certificate(Record):
    """That someone has completed an activity. What it says is kept with it: the activity may change, the certificate does not."""

    nomination = models.ForeignKey(
        "training.Nomination", on_delete=models.PROTECT, related_name="certificates", related_query_name="certificate"
    )
    replaced_by = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces")
    """The one that was issued in place of this, which is revoked."""
    code = models.CharField(max_length=14, unique=True)
    issued_at = models.DateTimeField()
    holder = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    version_label = models.CharField(max_length=20)
    hours = models.DecimalField(max_digits=6, decimal_places=2)
    outcomes = models.JSONField(default=list)
    starts_on = models.DateField()
    last_on = models.DateField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(hours__gt=0), name="credentials_certificate_hours"),
            models.CheckConstraint(condition=Q(revoked_at__isnull=True) | ~Q(reason=""), name="credentials_certificate_revoked_said"),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | Q(revoked_at__isnull=False), name="credentials_certificate_replaced_revoked"
            ),
            models.UniqueConstraint(fields=["nomination"], condition=Q(revoked_at__isnull=True), name="credentials_certificate_one_valid"),
        ]

    def __str__(self) -> str:
        return self.code
