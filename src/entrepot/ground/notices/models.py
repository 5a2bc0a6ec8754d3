"""Notices, the outbox, and each person's wishes. Notices and mail are machine stores: the act that sends one is what the journal keeps."""

from __future__ import annotations

import uuid
from datetime import time
from typing import Any

from django.db import models
from django.db.models import Q

from entrepot.ground.keeping.api import Record
from entrepot.kernel.texts import Text

from .enums import MailState


class Notice(models.Model):
    """Something told to one person. `href` leads to a page of the product, and never holds a link's secret."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=160, blank=True)
    title_packed = models.JSONField()
    body_packed = models.JSONField()
    href = models.CharField(max_length=500, blank=True)
    by_uuid = models.UUIDField()
    at = models.DateTimeField(db_index=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], condition=~Q(key=""), name="notices_notice_once")]
        indexes = [
            models.Index(fields=["person", "id"], name="notices_notice_person"),
            models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="notices_notice_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"

    @property
    def title(self) -> Text:
        """What is told, in a line."""
        return Text.unpacked(self.title_packed)

    @property
    def body(self) -> Text:
        """The rest of it."""
        return Text.unpacked(self.body_packed)


class Mail(models.Model):
    """One mail of the outbox: of a notice, rendered when it is sent, or ready-made. Once it is out, what it held is wiped.

    `href` is the address in the mail, with a link's secret where there is one: it stands here and nowhere else, until the mail is out.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    message_id = models.CharField(max_length=160, unique=True)
    notice = models.OneToOneField(Notice, null=True, on_delete=models.CASCADE, related_name="mail")
    to = models.TextField(blank=True)
    subject = models.CharField(max_length=400, blank=True)
    plain = models.TextField(blank=True)
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    href = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=8, default=MailState.WAITING)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in MailState]), name="notices_mail_state_known"),
            models.CheckConstraint(condition=Q(state=MailState.WAITING) | Q(href="", plain="", html="", to=""), name="notices_mail_wiped"),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="notices_mail_due")]

    def __str__(self) -> str:
        return f"{self.message_id} ({self.state})"


class Enclosure(models.Model):
    """A file that goes with a mail; it is removed once the mail is out."""

    id = models.BigAutoField(primary_key=True)
    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="enclosures")
    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=100)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.name


class Wishes(Record):
    """What one person wants: hours without mail, kinds without mail. `bounced` is the address that the mail server refused."""

    QUIET_FROM, QUIET_TO = time(20), time(7)

    person = models.OneToOneField("people.Person", on_delete=models.CASCADE, related_name="wishes")
    quiet_from = models.TimeField(default=QUIET_FROM)
    quiet_to = models.TimeField(default=QUIET_TO)
    silenced = models.JSONField(default=list)
    bounced = models.EmailField(blank=True)

    def __str__(self) -> str:
        return f"wishes of {self.person_id}"

    def silences(self, kind: Any) -> bool:
        """Whether mail of this kind (a `NoticeKind`) is switched off."""
        return not kind.essential and kind.code in self.silenced
