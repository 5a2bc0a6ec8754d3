"""Profiles, alumni groups, who belongs to them, and what is said there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from entrepot.ground.keeping.api import Record

from .enums import Belonging, Sight


class Profile(Record):
    """What one person says of themself, and to whom. `shared_at`: when they last agreed that others see it."""

    person = models.OneToOneField("people.Person", on_delete=models.CASCADE, related_name="profile")
    sight = models.CharField(max_length=16, default=Sight.PRIVATE)
    headline = models.CharField(max_length=160, blank=True)
    about = models.TextField(blank=True)
    ask_me = models.CharField(max_length=300, blank=True)
    topics = models.ManyToManyField("competencies.Topic", related_name="profiles")
    shared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sight__in=[one.value for one in Sight]), name="community_profile_sight_known"),
            models.CheckConstraint(condition=Q(sight="private") | Q(shared_at__isnull=False), name="community_profile_by_consent"),
        ]

    def __str__(self) -> str:
        return self.headline


class Tongue(Record):
    """A language in which a person can be written to."""

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="tongues")
    language = models.CharField(max_length=12)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "language"], name="community_tongue_once")]
        indexes = [models.Index(fields=["language"], name="community_tongue_language")]

    def __str__(self) -> str:
        return self.language


class Group(Record):
    """The alumni of one completed activity: those who took part and those who taught."""

    activity = models.OneToOneField("training.Activity", on_delete=models.CASCADE, related_name="alumni")
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.uuid)


class Fellow(Record):
    """One person and one group. Others see them there only while they have joined."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="fellows")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="fellowships")
    taught = models.BooleanField(default=False)
    belonging = models.CharField(max_length=8, default=Belonging.ASKED)
    hears = models.BooleanField(default=True)
    """Whether they want to be told of what is said there."""
    asked_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "person"], name="community_fellow_once"),
            models.CheckConstraint(condition=Q(belonging__in=[one.value for one in Belonging]), name="community_fellow_belonging_known"),
            models.CheckConstraint(condition=~Q(belonging="joined") | Q(joined_at__isnull=False), name="community_fellow_by_consent"),
        ]

    def __str__(self) -> str:
        return self.belonging


class Post(Record):
    """Something said in a group, or in answer to what was. Taken out, its words are gone and its place stays, with the reason."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="posts")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="posts")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="answers")
    at = models.DateTimeField()
    text = models.TextField(blank=True)
    out_at = models.DateTimeField(null=True, blank=True)
    out_by = models.UUIDField(null=True, blank=True)
    out_because = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["group", "at"], name="community_post_group")]
        constraints = [models.CheckConstraint(condition=Q(out_at__isnull=True) | Q(text=""), name="community_post_out_whole")]

    def __str__(self) -> str:
        return self.text[:60]


class Letter(Record):
    """That one person wrote to another; the words are in the other's notices and nowhere else."""

    sender = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="letters_sent")
    to = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="letters_got")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["sender", "at"], name="community_letter_sent")]

    def __str__(self) -> str:
        return str(self.uuid)
