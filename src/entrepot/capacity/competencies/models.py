"""Topics and competencies."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from entrepot.ground.keeping.api import Record

from .enums import Group


class Topic(Record):
    """A field of customs work that training is about."""

    code = models.CharField(max_length=12, unique=True)
    title = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.title


class Competency(Record):
    """Something an officer can do, at a level."""

    code = models.CharField(max_length=16, unique=True)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="competencies")
    group = models.CharField(max_length=12)
    title = models.CharField(max_length=200)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(group__in=[g.value for g in Group]), name="competencies_competency_group_known")]

    def __str__(self) -> str:
        return self.title
