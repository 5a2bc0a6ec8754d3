"""Stories, their links and who backs them, plans written down first, who looked when, and what was found."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from entrepot.ground.keeping.api import Record

from .enums import Grade, Method, Step, Verdict


class Story(Record):
    """One activity and one indicator, and the question that ties them. Published, its body is frozen with a digest."""

    activity = models.ForeignKey("training.Activity", on_delete=models.PROTECT, related_name="stories")
    indicator = models.ForeignKey("indicators.Indicator", on_delete=models.PROTECT, related_name="stories")
    title = models.CharField(max_length=160)
    question = models.CharField(max_length=300)
    told_at = models.DateTimeField()
    told_by = models.UUIDField()
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.UUIDField(null=True, blank=True)
    body = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "indicator"], name="impact_story_once")]
        indexes = [models.Index(fields=["told_at", "id"], name="impact_story_told")]

    def __str__(self) -> str:
        return self.title


class Link(Record):
    """One tie of a story, at one place, as someone said it; its grade is what backs it up to now."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="links")
    place = models.ForeignKey("region.Place", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey("evaluation.ActionItem", null=True, blank=True, on_delete=models.SET_NULL, related_name="links")
    step = models.CharField(max_length=8)
    said = models.CharField(max_length=400)
    said_at = models.DateTimeField()
    said_by = models.UUIDField()
    grade = models.CharField(max_length=12, default=Grade.CLAIMED)
    measured = models.JSONField(default=dict)
    """The figure before and after, where it is measured: periods and values as they were."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(step__in=[s.value for s in Step]), name="impact_link_step_known"),
            models.CheckConstraint(condition=Q(grade__in=[g.value for g in Grade]), name="impact_link_grade_known"),
        ]

    def __str__(self) -> str:
        return self.said


class Backing(Record):
    """A second person says so too. `for_member`: the Member's own coordinator did, so that the link may be published."""

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="backings")
    said = models.CharField(max_length=400)
    at = models.DateTimeField()
    by_uuid = models.UUIDField()
    for_member = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "by_uuid"], name="impact_backing_once")]

    def __str__(self) -> str:
        return self.said


class Plan(Record):
    """What was fixed before the analysis opened. Never changed: a new plan has the next number.

    `body` holds all of it, `digest` its SHA-256. `known_after`: figures from after the first beginning that stood here already on that day.
    `looked_first`: the analysis had been opened before.
    """

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="plans")
    number = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=12)
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    promise = models.JSONField(default=dict)
    registered_at = models.DateTimeField()
    registered_by = models.UUIDField()
    known_after = models.PositiveIntegerField()
    looked_first = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["story", "number"], name="impact_plan_once"),
            models.CheckConstraint(condition=Q(method__in=[m.value for m in Method]), name="impact_plan_method_known"),
        ]

    def __str__(self) -> str:
        return self.digest


class Look(Record):
    """Someone opened the analysis: with a plan, or without one."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="looks")
    plan = models.ForeignKey(Plan, null=True, blank=True, on_delete=models.CASCADE, related_name="looks")
    at = models.DateTimeField()
    by_uuid = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"


class Finding(Record):
    """What the plan found in the figures as they were (their digest); reckoned anew, the former finding stays."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="findings")
    verdict = models.CharField(max_length=12)
    body = models.JSONField()
    figures_digest = models.CharField(max_length=64)
    reckoned_at = models.DateTimeField()
    reckoned_by = models.UUIDField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(verdict__in=[v.value for v in Verdict]), name="impact_finding_verdict_known")]

    def __str__(self) -> str:
        return self.verdict
