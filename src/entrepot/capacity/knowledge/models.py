"""Practices and their adoption."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from entrepot.ground.keeping.api import Record

from .enums import PracticeState, Worked


def _known(column: str, choices: Any) -> Q:
    return Q(**{f"{column}__in": [choice.value for choice in choices]})


class Practice(Record):
    """What a Member did that others can use. `item` is the action item that it was drafted from, where there is one."""

    place = models.ForeignKey("region.Place", on_delete=models.PROTECT, related_name="practices")
    topic = models.ForeignKey("competencies.Topic", on_delete=models.PROTECT, related_name="practices")
    item = models.ForeignKey("evaluation.ActionItem", null=True, blank=True, on_delete=models.SET_NULL, related_name="practices")
    activity = models.ForeignKey("training.Activity", null=True, blank=True, on_delete=models.PROTECT, related_name="practices")
    title = models.CharField(max_length=200)
    problem = models.TextField(blank=True)
    context = models.TextField(blank=True)
    done = models.TextField(blank=True)
    resources = models.TextField(blank=True)
    results = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    lessons = models.TextField(blank=True)
    transfer = models.TextField(blank=True)
    contact = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, default=PracticeState.DRAFT)
    drafted_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_by = models.UUIDField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    review_by = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_known("state", PracticeState), name="knowledge_practice_state_known"),
            models.CheckConstraint(condition=~Q(state="published") | Q(cleared_at__isnull=False), name="knowledge_practice_cleared_first"),
        ]
        indexes = [models.Index(fields=["state", "published_at"], name="knowledge_practice_shown")]

    def __str__(self) -> str:
        return self.title


class Adoption(Record):
    """Another Member used a practice: what it did and what came of it."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="adoptions")
    place = models.ForeignKey("region.Place", on_delete=models.PROTECT, related_name="adoptions")
    at = models.DateTimeField()
    worked = models.CharField(max_length=6)
    result = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_known("worked", Worked), name="knowledge_adoption_worked_known"),
            models.UniqueConstraint(fields=["practice", "place"], name="knowledge_adoption_once"),
        ]

    def __str__(self) -> str:
        return f"{self.practice_id} at {self.place_id}"
