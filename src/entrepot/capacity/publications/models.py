"""Series, publications, their editions, what a Member lets be counted, and how often something was fetched."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from entrepot.ground.keeping.api import Record

from .enums import Form, Reach, SeriesKind


def _known(column: str, choices: Any) -> Q:
    return Q(**{f"{column}__in": [choice.value for choice in choices]})


class Series(Record):
    """Publications that are numbered together. `code` is part of their address and never changes."""

    region = models.ForeignKey("region.Place", on_delete=models.PROTECT, related_name="publication_series")
    code = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=120)
    about = models.TextField(blank=True)
    begun_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=_known("kind", SeriesKind), name="publications_series_kind_known")]

    def __str__(self) -> str:
        return self.code


class Publication(Record):
    """One number of a series: what it is called, its foreword by language, what it is compiled from. The annual's number is its year."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="publications")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    forewords = models.JSONField(default=dict)
    """By language: the languages in which there are editions."""
    reach = models.CharField(max_length=6, default=Reach.PUBLIC)
    practices = models.ManyToManyField("knowledge.Practice", related_name="publications", blank=True)
    activities = models.ManyToManyField("training.Activity", related_name="publications", blank=True)
    """Whose follow-up answers are counted, where the Members let them be."""
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="publications_publication_numbered"),
            models.CheckConstraint(condition=_known("reach", Reach), name="publications_publication_reach_known"),
        ]

    def __str__(self) -> str:
        return f"{self.series_id} {self.number}"


class Edition(Record):
    """A publication as it was published, in one language, frozen with a digest. A later ordinal supersedes it; it stays reachable.

    `parts` are [{key, title, blocks, facts, digest, taken_on}]: a part whose Member took it back keeps its key and digest only.
    `cells` are the figures about persons that it says, for the guard; they stay when a part is taken out, as readers keep copies.
    """

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="editions")
    ordinal = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=12)
    head = models.JSONField()
    parts = models.JSONField()
    digest = models.CharField(max_length=64)
    cells = models.JSONField(default=list)
    change = models.TextField(blank=True)
    """What changed from the edition before, in words."""
    published_at = models.DateTimeField()
    published_by = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["publication", "ordinal", "language"], name="publications_edition_once"),
            models.CheckConstraint(condition=Q(ordinal=1) | ~Q(change=""), name="publications_edition_says_what_changed"),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} {self.ordinal} {self.language}"


class Counting(Record):
    """That a Member lets the follow-up answers of its officers at one activity be counted in publications, for as long as it stands."""

    place = models.ForeignKey("region.Place", on_delete=models.PROTECT, related_name="countings")
    activity = models.ForeignKey("training.Activity", on_delete=models.CASCADE, related_name="countings")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "activity"], name="publications_counting_once")]

    def __str__(self) -> str:
        return f"{self.place_id} at {self.activity_id}"


class Fetch(models.Model):
    """How often people of one Member or body (none: not signed in) fetched a form of an edition. Counted, never listed by person."""

    id = models.BigAutoField(primary_key=True)
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="fetches")
    form = models.CharField(max_length=4)
    place = models.ForeignKey("region.Place", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    n = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_known("form", Form), name="publications_fetch_form_known"),
            models.UniqueConstraint(fields=["edition", "form", "place"], name="publications_fetch_once"),
            models.UniqueConstraint(fields=["edition", "form"], condition=Q(place__isnull=True), name="publications_fetch_once_outside"),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.form}"
