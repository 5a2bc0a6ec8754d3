"""Practices with their versions, translations, reviews, questions and adoption; what centres tell before a meeting; the index of words."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from entrepot.ground.keeping.api import Record

from .enums import CostClass, Opinion, PracticeKind, PracticeState, RetiredBecause, Sight, Supplier, Worked


def _known(column: str, choices: Any, *more: str) -> Q:
    return Q(**{f"{column}__in": [*more, *[choice.value for choice in choices]]})


class Round(Record):
    """What all training centres of a region are asked to tell before one meeting."""

    region = models.ForeignKey("region.Place", on_delete=models.PROTECT, related_name="rounds")
    title = models.CharField(max_length=200)
    meeting_on = models.DateField()
    due_on = models.DateField()
    opened_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(due_on__lte=models.F("meeting_on")), name="knowledge_round_due_before_meeting")]

    def __str__(self) -> str:
        return self.title


class Initiative(Record):
    """What one centre tells in a round."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="initiatives")
    place = models.ForeignKey("region.Place", on_delete=models.PROTECT, related_name="initiatives")
    title = models.CharField(max_length=200)
    purpose = models.TextField()
    method = models.TextField(blank=True)
    results = models.TextField(blank=True)
    lessons = models.TextField(blank=True)
    materials = models.TextField(blank=True)
    said_at = models.DateTimeField()
    said_by = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "place"], name="knowledge_initiative_once")]

    def __str__(self) -> str:
        return self.title


class Practice(Record):
    """What a Member did that others can use. `item` is the action item that it was drafted from, `parent` the practice it grew from.

    `number` is the version of its text: a review counts for the number that was read.
    """

    place = models.ForeignKey("region.Place", on_delete=models.PROTECT, related_name="practices")
    topic = models.ForeignKey("competencies.Topic", on_delete=models.PROTECT, related_name="practices")
    item = models.ForeignKey("evaluation.ActionItem", null=True, blank=True, on_delete=models.SET_NULL, related_name="practices")
    activity = models.ForeignKey("training.Activity", null=True, blank=True, on_delete=models.PROTECT, related_name="practices")
    initiative = models.ForeignKey(Initiative, null=True, blank=True, on_delete=models.SET_NULL, related_name="practices")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="offspring")
    kind = models.CharField(max_length=10, default=PracticeKind.PRACTICE)
    language = models.CharField(max_length=12, default="en")
    title = models.CharField(max_length=200)
    problem = models.TextField(blank=True)
    context = models.TextField(blank=True)
    done = models.TextField(blank=True)
    steps = models.TextField(blank=True)
    resources = models.TextField(blank=True)
    results = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    lessons = models.TextField(blank=True)
    transfer = models.TextField(blank=True)
    contact = models.CharField(max_length=200, blank=True)
    system = models.TextField(blank=True)
    supplier = models.CharField(max_length=8, blank=True)
    data = models.TextField(blank=True)
    workflow = models.TextField(blank=True)
    cost_class = models.CharField(max_length=8, blank=True)
    failed = models.TextField(blank=True)
    risks = models.TextField(blank=True)
    claims = models.JSONField(default=list, blank=True)
    """[{"claim", "source", "dated"}]: without a source it is the Member's own statement, and says so."""
    demonstration = models.CharField(max_length=200, blank=True)
    """A path of this product where the thing can be tried."""
    state = models.CharField(max_length=10, default=PracticeState.DRAFT)
    sight = models.CharField(max_length=6, default=Sight.PUBLIC)
    number = models.PositiveIntegerField(default=1)
    drafted_at = models.DateTimeField()
    drafted_by = models.UUIDField(null=True, blank=True)
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_by = models.UUIDField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    review_by = models.DateField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_because = models.CharField(max_length=8, blank=True)
    retired_words = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_words = models.TextField(blank=True)
    used = models.PositiveIntegerField(default=0)
    """How many other Members have said that they used it; kept by the action that records it."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_known("state", PracticeState), name="knowledge_practice_state_known"),
            models.CheckConstraint(condition=~Q(state="published") | Q(cleared_at__isnull=False), name="knowledge_practice_cleared_first"),
            models.CheckConstraint(condition=_known("kind", PracticeKind), name="knowledge_practice_kind_known"),
            models.CheckConstraint(condition=_known("sight", Sight), name="knowledge_practice_sight_known"),
            models.CheckConstraint(condition=_known("supplier", Supplier, ""), name="knowledge_practice_supplier_known"),
            models.CheckConstraint(condition=_known("cost_class", CostClass, ""), name="knowledge_practice_cost_known"),
            models.CheckConstraint(condition=_known("retired_because", RetiredBecause, ""), name="knowledge_practice_reason_known"),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | Q(withdrawn_at__isnull=False, cleared_at__isnull=True),
                name="knowledge_practice_withdrawn_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "published_at"], name="knowledge_practice_shown"),
            # Everything that a search counts and sorts by: the rows themselves are wide, and would have to be walked.
            models.Index(
                fields=["state", "sight", "place", "topic", "language", "kind", "used", "published_at", "id"],
                name="knowledge_practice_found",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Version(Record):
    """The text of a practice as it was under one number."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by_uuid = models.UUIDField()
    values = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "number"], name="knowledge_version_once")]

    def __str__(self) -> str:
        return f"{self.practice_id} {self.number}"


class Translation(Record):
    """A practice told in another language, made from its text under `of_number`. Seen by others once the Member has cleared it."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(max_length=12)
    of_number = models.PositiveIntegerField()
    values = models.JSONField()
    at = models.DateTimeField()
    by_uuid = models.UUIDField()
    cleared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "language"], name="knowledge_translation_once")]

    def __str__(self) -> str:
        return f"{self.practice_id} {self.language}"


class Review(Record):
    """What one person, asked as a reviewer, says of the text under one number."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="reviews")
    number = models.PositiveIntegerField()
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="practice_reviews")
    asked_at = models.DateTimeField()
    opinion = models.CharField(max_length=8, blank=True)
    words = models.TextField(blank=True)
    said_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "number", "person"], name="knowledge_review_once"),
            models.CheckConstraint(condition=_known("opinion", Opinion, ""), name="knowledge_review_opinion_known"),
            models.CheckConstraint(condition=Q(opinion="") | Q(said_at__isnull=False), name="knowledge_review_said"),
        ]
        indexes = [models.Index(fields=["person", "opinion"], name="knowledge_review_person")]

    def __str__(self) -> str:
        return f"{self.practice_id} {self.number}"


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


class Question(Record):
    """A question or comment to those behind a practice or an initiative. Shown with the asker's administration, never the name."""

    practice = models.ForeignKey(Practice, null=True, blank=True, on_delete=models.CASCADE, related_name="questions")
    initiative = models.ForeignKey(Initiative, null=True, blank=True, on_delete=models.CASCADE, related_name="questions")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="practice_questions")
    place = models.ForeignKey("region.Place", on_delete=models.PROTECT, related_name="practice_questions")
    at = models.DateTimeField()
    text = models.TextField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(practice__isnull=True, initiative__isnull=False) | Q(practice__isnull=False, initiative__isnull=True),
                name="knowledge_question_about_one",
            ),
            models.CheckConstraint(condition=Q(answer="") | Q(answered_at__isnull=False), name="knowledge_question_answered"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Token(models.Model):
    """A word or gram under which practices are found."""

    id = models.BigAutoField(primary_key=True)
    text = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        return self.text


class Mention(models.Model):
    """That a token stands in a practice, in the text of any language; `title` where it stands in a title. Made anew with each text."""

    id = models.BigAutoField(primary_key=True)
    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="mentions", db_index=False)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="mentions")
    title = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "practice"], name="knowledge_mention_once")]
        indexes = [models.Index(fields=["token", "title", "practice"], name="knowledge_mention_in_title")]

    def __str__(self) -> str:
        return f"{self.token_id} in {self.practice_id}"


class Meaning(models.Model):
    """Where a practice lies for one model of meaning: its vector, two bytes a number. Made anew with each text."""

    id = models.BigAutoField(primary_key=True)
    practice = models.OneToOneField(Practice, on_delete=models.CASCADE, related_name="meaning")
    model = models.CharField(max_length=16)
    numbers = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.practice_id} by {self.model}"
