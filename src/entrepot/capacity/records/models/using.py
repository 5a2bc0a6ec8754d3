"""Stores, and who may use them: written by journalled actions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from entrepot.ground.keeping.api import Record

from ..enums import Direction


class Store(Record):
    """The record store of one administration or body. Identifiers are unique in it, and nothing reaches from one into another."""

    place = models.OneToOneField("region.Place", on_delete=models.PROTECT, related_name="record_store")
    keep_days = models.PositiveIntegerField(null=True, blank=True)
    """For how many days statements are kept; None: for good."""
    names_taken = models.PositiveBigIntegerField(default=0)
    """How often actors were taken out of it: each process that knows its names from before looks again."""

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(keep_days__isnull=True) | Q(keep_days__gte=1), name="records_store_keeps_a_day")]

    def __str__(self) -> str:
        return str(self.place_id)


class Key(Record):
    """A client's way in: what it may do, for which place. Of the secret only a digest is kept: it is random, so a fast one is enough."""

    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="keys")
    place = models.ForeignKey("region.Place", on_delete=models.PROTECT, related_name="record_keys")
    name = models.CharField(max_length=80)
    key = models.CharField(max_length=40, unique=True)
    digest = models.CharField(max_length=64)
    previous_digest = models.CharField(max_length=64, blank=True)
    """The secret before the last rotation, good until `previous_until`, so that a client can be moved over without a gap."""
    previous_until = models.DateTimeField(null=True, blank=True)
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    """To within ten minutes."""

    def __str__(self) -> str:
        return self.name


class Relay(Record):
    """Statements carried on to another record store, or fetched from one. `cursor` is how far it has come."""

    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="relays")
    direction = models.CharField(max_length=8)
    name = models.CharField(max_length=80)
    endpoint = models.URLField(max_length=300)
    user = models.CharField(max_length=200)
    sealed_secret = models.BinaryField()
    """The other store's secret, encrypted with this installation's key: it has to be sent, so a digest will not do."""
    key = models.ForeignKey(Key, null=True, blank=True, on_delete=models.PROTECT, related_name="relays")
    """In whose name pulled statements are kept."""
    cursor = models.TextField(blank=True)
    carried = models.PositiveBigIntegerField(default=0)
    refused = models.PositiveBigIntegerField(default=0)
    made_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    """Why the last run ended before its time, empty where it did not."""
    last_refusal = models.CharField(max_length=500, blank=True, default="")
    """The last statement that could not be carried, and why."""
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(direction__in=[d.value for d in Direction]), name="records_relay_direction_known"),
            models.CheckConstraint(condition=Q(direction=Direction.FORWARD) | Q(key__isnull=False), name="records_relay_pull_has_key"),
            models.UniqueConstraint(fields=["store", "name"], name="records_relay_named_once"),
        ]

    def __str__(self) -> str:
        return self.name
