"""Indicators, the series of a place, its values, and what a value was before it was corrected."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from entrepot.ground.keeping.api import Record

from .enums import Direction, Every


class Indicator(Record):
    """What is measured, and how. `place` keeps the definition: a region for all its Members, or one Member for itself."""

    place = models.ForeignKey("region.Place", on_delete=models.PROTECT, related_name="indicators")
    code = models.CharField(max_length=24)
    title = models.CharField(max_length=160)
    definition = models.TextField()
    unit = models.CharField(max_length=40)
    direction = models.CharField(max_length=8)
    every = models.CharField(max_length=8)
    about_people = models.BooleanField(default=False)
    """Each value then carries n, and under five people it is shown to nobody outside its place."""
    baseline = models.DecimalField(max_digits=19, decimal_places=6, null=True, blank=True)
    baseline_note = models.CharField(max_length=160, blank=True)
    source = models.CharField(max_length=300)
    defined_at = models.DateTimeField()
    defined_by = models.UUIDField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "code"], name="indicators_indicator_code_once"),
            models.CheckConstraint(condition=Q(direction__in=[d.value for d in Direction]), name="indicators_indicator_direction_known"),
            models.CheckConstraint(condition=Q(every__in=[e.value for e in Every]), name="indicators_indicator_every_known"),
        ]

    def __str__(self) -> str:
        return self.title


class Series(Record):
    """An indicator's values at one place, and whether the place has shared them with the regional office."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="series")
    place = models.ForeignKey("region.Place", on_delete=models.PROTECT, related_name="series")
    shared_at = models.DateTimeField(null=True, blank=True)
    shared_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["indicator", "place"], name="indicators_series_once")]

    def __str__(self) -> str:
        return f"{self.indicator_id} at {self.place_id}"


class Value(Record):
    """The figure of one period, known by its first day. `n`: the people or cases that it rests on."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="values")
    starts_on = models.DateField()
    value = models.DecimalField(max_digits=19, decimal_places=6)
    n = models.PositiveIntegerField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "starts_on"], name="indicators_value_once")]

    def __str__(self) -> str:
        return f"{self.value:f}"


class Former(Record):
    """What a value was before a correction, who replaced it, when and why."""

    of = models.ForeignKey(Value, on_delete=models.CASCADE, related_name="formers")
    value = models.DecimalField(max_digits=19, decimal_places=6)
    n = models.PositiveIntegerField(null=True, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.UUIDField()
    replaced_at = models.DateTimeField()
    replaced_by = models.UUIDField()
    reason = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.value:f}"
