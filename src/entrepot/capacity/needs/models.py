"""The table of needs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from entrepot.capacity.competencies.enums import Level
from entrepot.ground.keeping.api import Record

from .enums import Mode, NeedState, Urgency


class Need(Record):
    """One Member's need for one competency at a level, for a number of officers."""

    place = models.ForeignKey("region.Place", on_delete=models.PROTECT, related_name="needs")
    competency = models.ForeignKey("competencies.Competency", on_delete=models.PROTECT, related_name="needs")
    level = models.CharField(max_length=8)
    officers = models.PositiveIntegerField()
    urgency = models.CharField(max_length=8)
    mode = models.CharField(max_length=10, blank=True)
    language = models.CharField(max_length=12, blank=True)
    evidence = models.TextField(blank=True)
    state = models.CharField(max_length=10, default=NeedState.OPEN)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__in=[v.value for v in Level]), name="needs_need_level_known"),
            models.CheckConstraint(condition=Q(urgency__in=[v.value for v in Urgency]), name="needs_need_urgency_known"),
            models.CheckConstraint(condition=Q(mode__in=["", *[v.value for v in Mode]]), name="needs_need_mode_known"),
            models.CheckConstraint(condition=Q(state__in=[v.value for v in NeedState]), name="needs_need_state_known"),
            models.CheckConstraint(condition=Q(officers__gte=1), name="needs_need_for_someone"),
        ]
        indexes = [
            models.Index(fields=["recorded_at", "id"], name="needs_need_recorded"),
            models.Index(fields=["state", "competency"], name="needs_need_open"),
        ]

    def __str__(self) -> str:
        return f"{self.competency_id} at {self.place_id}"
