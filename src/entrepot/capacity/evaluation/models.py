"""Forms, what was asked of whom, action items, reports."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from entrepot.ground.keeping.api import Record

from .enums import DropReason, FormKind, ItemState


def _known(column: str, choices: Any, *more: str) -> Q:
    return Q(**{f"{column}__in": [*more, *[choice.value for choice in choices]]})


class Form(Record):
    """The questions that an activity asks at one time. Once someone has answered, the questions stay as they are."""

    activity = models.ForeignKey("training.Activity", on_delete=models.CASCADE, related_name="forms")
    kind = models.CharField(max_length=10)
    questions = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_known("kind", FormKind), name="evaluation_form_kind_known"),
            models.UniqueConstraint(fields=["activity", "kind"], name="evaluation_form_once"),
        ]

    def __str__(self) -> str:
        return self.kind


class Ask(Record):
    """A form put to one person about one participant (themself, or their officer), and the answer once there is one."""

    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="asks")
    nomination = models.ForeignKey("training.Nomination", on_delete=models.CASCADE, related_name="asks")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="asks")
    asked_at = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answers = models.JSONField(default=dict)
    right = models.PositiveSmallIntegerField(null=True, blank=True)
    of = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form", "nomination"], name="evaluation_ask_once"),
            models.CheckConstraint(condition=Q(right__isnull=True) | Q(right__lte=F("of")), name="evaluation_ask_score"),
        ]
        indexes = [
            models.Index(fields=["person", "answered_at"], name="evaluation_ask_person"),
            models.Index(fields=["due_on"], name="evaluation_ask_due"),
        ]

    def __str__(self) -> str:
        return f"{self.form_id} of {self.person_id}"


class ActionItem(Record):
    """What a participant will do back home."""

    nomination = models.ForeignKey("training.Nomination", on_delete=models.CASCADE, related_name="items")
    what = models.CharField(max_length=300)
    why = models.CharField(max_length=300, blank=True)
    support = models.CharField(max_length=300, blank=True)
    indicator = models.CharField(max_length=200, blank=True)
    due_on = models.DateField()
    state = models.CharField(max_length=8, default=ItemState.PLANNED)
    dropped_because = models.CharField(max_length=12, blank=True)
    made_at = models.DateTimeField()
    endorsed_at = models.DateTimeField(null=True, blank=True)
    endorsed_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_known("state", ItemState), name="evaluation_actionitem_state_known"),
            models.CheckConstraint(condition=_known("dropped_because", DropReason, ""), name="evaluation_actionitem_reason_known"),
            models.CheckConstraint(condition=~Q(state="dropped") | ~Q(dropped_because=""), name="evaluation_actionitem_dropped_said"),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="evaluation_actionitem_due")]

    def __str__(self) -> str:
        return self.what


class ItemUpdate(Record):
    """What was said of an item, when, by whom."""

    item = models.ForeignKey(ActionItem, on_delete=models.CASCADE, related_name="updates")
    at = models.DateTimeField()
    by_uuid = models.UUIDField()
    state = models.CharField(max_length=8)
    note = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.state


class Report(Record):
    """The published report of an activity: its figures and text as they were, and their digest."""

    activity = models.OneToOneField("training.Activity", on_delete=models.PROTECT, related_name="report")
    published_at = models.DateTimeField()
    by_uuid = models.UUIDField()
    body = models.JSONField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.digest
