"""Forms and their versions, what was asked of whom, action items, who taught whom, reports."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from entrepot.ground.keeping.api import Record

from .enums import DropReason, FormKind, ItemState


def _known(column: str, choices: Any, *more: str) -> Q:
    return Q(**{f"{column}__in": [*more, *[choice.value for choice in choices]]})


class Form(Record):
    """One version of the questions that an activity asks at one time. Once someone has answered it is frozen: a change makes the next one.

    `number` counts the versions of one kind; the `current` one is asked. `seconds` is our estimate of the time that it takes.
    """

    activity = models.ForeignKey("training.Activity", on_delete=models.CASCADE, related_name="forms")
    kind = models.CharField(max_length=10)
    number = models.PositiveSmallIntegerField(default=1)
    current = models.BooleanField(default=True)
    language = models.CharField(max_length=12, default="en")
    """The language of the questions' own text; others are kept beside it."""
    questions = models.JSONField(default=list)
    seconds = models.PositiveIntegerField(default=0)
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_known("kind", FormKind), name="evaluation_form_kind_known"),
            models.UniqueConstraint(fields=["activity", "kind", "number"], name="evaluation_form_version_once"),
            models.UniqueConstraint(fields=["activity", "kind"], condition=Q(current=True), name="evaluation_form_one_current"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Ask(Record):
    """A form put to one person: about a participant (themself, or their officer), about a Member as a whole, or about the activity.

    `place` is the Member that the question is about, `seconds` the time that the answer took where that is known, `language` the one it
    was answered in. `cleared` holds the questions whose answers the Member lets the region publish.
    """

    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="asks")
    nomination = models.ForeignKey("training.Nomination", null=True, blank=True, on_delete=models.CASCADE, related_name="asks")
    place = models.ForeignKey("region.Place", null=True, blank=True, on_delete=models.PROTECT, related_name="asks")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="asks")
    asked_at = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answers = models.JSONField(default=dict)
    language = models.CharField(max_length=12, blank=True)
    seconds = models.PositiveIntegerField(null=True, blank=True)
    right = models.PositiveSmallIntegerField(null=True, blank=True)
    of = models.PositiveSmallIntegerField(null=True, blank=True)
    despite = models.CharField(max_length=300, blank=True)
    """Why it was asked although the Member's burden was past the ceiling."""
    cleared = models.JSONField(default=list)
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form", "nomination"], name="evaluation_ask_once"),
            models.UniqueConstraint(
                fields=["form", "place"], condition=Q(nomination__isnull=True, place__isnull=False), name="evaluation_ask_member_once"
            ),
            models.UniqueConstraint(
                fields=["form", "person"], condition=Q(nomination__isnull=True, place__isnull=True), name="evaluation_ask_other_once"
            ),
            models.CheckConstraint(condition=Q(right__isnull=True) | Q(right__lte=F("of")), name="evaluation_ask_score"),
        ]
        indexes = [
            models.Index(fields=["person", "answered_at"], name="evaluation_ask_person"),
            models.Index(fields=["due_on"], name="evaluation_ask_due"),
            models.Index(fields=["asked_at", "place"], name="evaluation_ask_burden"),
        ]

    def __str__(self) -> str:
        return f"{self.form_id} of {self.person_id}"


class Amendment(Record):
    """An answer was given again: what stood before, until when, and who changed it."""

    ask = models.ForeignKey(Ask, on_delete=models.CASCADE, related_name="amendments")
    at = models.DateTimeField()
    by_uuid = models.UUIDField()
    before = models.JSONField()
    since = models.DateTimeField(null=True, blank=True)
    """When what stood before was given; what was amended by earlier versions does not say."""

    def __str__(self) -> str:
        return f"{self.ask_id} at {self.at}"


class ActionItem(Record):
    """What a participant will do back home. `owner` is whoever does it, where that is not the participant."""

    nomination = models.ForeignKey("training.Nomination", on_delete=models.CASCADE, related_name="items")
    what = models.CharField(max_length=300)
    why = models.CharField(max_length=300, blank=True)
    owner = models.CharField(max_length=120, blank=True)
    support = models.CharField(max_length=300, blank=True)
    indicator = models.CharField(max_length=200, blank=True)
    due_on = models.DateField()
    state = models.CharField(max_length=8, default=ItemState.PLANNED)
    dropped_because = models.CharField(max_length=12, blank=True)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    """When owner and coordinator were told that it is overdue."""
    endorsed_at = models.DateTimeField(null=True, blank=True)
    endorsed_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_known("state", ItemState), name="evaluation_actionitem_state_known"),
            models.CheckConstraint(condition=_known("dropped_because", DropReason, ""), name="evaluation_actionitem_reason_known"),
            models.CheckConstraint(condition=~Q(state="dropped") | ~Q(dropped_because=""), name="evaluation_actionitem_dropped_said"),
            models.CheckConstraint(condition=~Q(state="done") | Q(done_at__isnull=False), name="evaluation_actionitem_done_when"),
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


class Lesson(Record):
    """Someone taught colleagues what they brought back: a participant, or a colleague who was taught before (`after`).

    `claimed` is how many they say; what is confirmed, colleagues say themselves.
    """

    nomination = models.ForeignKey("training.Nomination", on_delete=models.CASCADE, related_name="lessons")
    after = models.ForeignKey("evaluation.Taught", null=True, blank=True, on_delete=models.CASCADE, related_name="lessons")
    on = models.DateField()
    what = models.CharField(max_length=200)
    claimed = models.PositiveSmallIntegerField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(claimed__gte=1), name="evaluation_lesson_someone")]

    def __str__(self) -> str:
        return self.what


class Taught(Record):
    """A colleague who is asked whether they were taught, and what they said. Nobody says it for them."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="taught")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="taught")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    confirmed = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lesson", "person"], name="evaluation_taught_once"),
            models.CheckConstraint(
                condition=Q(confirmed__isnull=True, answered_at__isnull=True) | Q(confirmed__isnull=False, answered_at__isnull=False),
                name="evaluation_taught_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} by {self.lesson_id}"


class Report(Record):
    """The published report of an activity: its figures and text as they were, and their digest."""

    activity = models.OneToOneField("training.Activity", on_delete=models.PROTECT, related_name="report")
    published_at = models.DateTimeField()
    by_uuid = models.UUIDField()
    body = models.JSONField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.digest


class Compilation(Record):
    """The follow-up report over a region's activities closed in a period, compiled from their answers in the background.

    `done` of `of` answers are read. What is compiled stands until it is compiled anew, and says when that was.
    """

    region = models.ForeignKey("region.Place", on_delete=models.PROTECT, related_name="compilations")
    from_on = models.DateField()
    to_on = models.DateField()
    """The first day after it."""
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    body = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "from_on", "to_on"], name="evaluation_compilation_once"),
            models.CheckConstraint(condition=Q(to_on__gt=F("from_on")), name="evaluation_compilation_ends_after"),
        ]

    def __str__(self) -> str:
        return f"{self.from_on} to {self.to_on}"
