"""Tokens, signed links and switches."""

from __future__ import annotations

from django.db import models

from entrepot.ground.keeping.api import Record


class Token(Record):
    """A personal key for programs. Only its digest is kept: it is long and random, so that a fast digest is enough.

    It is over as soon as its person's `credentials_version` is another than the one it was made under.
    """

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    credentials_version = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Link(Record):
    """A signed link: one person, one purpose, one thing, for a time. Using it does not sign anyone in.

    `made_by` is who had it made, where that was a person. An invitation counts only while they could still make it, and under the
    `credentials_version` it was made under.
    """

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="links")
    made_by = models.ForeignKey("people.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    credentials_version = models.PositiveIntegerField(default=0)
    purpose = models.CharField(max_length=40)
    thing = models.UUIDField()
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    coded = models.BooleanField(default=False)
    """Whether it opens with the person's short code only: the mail that it went out in is read by others too."""

    def __str__(self) -> str:
        return self.purpose


class ShortCode(models.Model):
    """How often a person's short code was changed. No row: never. The code itself is reckoned, and kept nowhere."""

    id = models.BigAutoField(primary_key=True)
    person = models.OneToOneField("people.Person", on_delete=models.CASCADE, related_name="short_code")
    serial = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.person_id}: {self.serial}"


class Switch(Record):
    """A module that a Member has switched off."""

    place = models.ForeignKey("region.Place", on_delete=models.CASCADE, related_name="switches")
    module = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "module"], name="access_switch_once")]

    def __str__(self) -> str:
        return self.module
