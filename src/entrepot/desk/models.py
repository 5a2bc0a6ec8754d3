"""What the API remembers of requests that may be repeated."""

from __future__ import annotations

from django.db import models


class Repeat(models.Model):
    """A request with an idempotency key, and its answer. A machine store: it keeps its own trail."""

    id = models.BigAutoField(primary_key=True)
    digest = models.CharField(max_length=64, unique=True)
    body = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.TextField()
    made_at = models.DateTimeField(db_index=True)
    scopes = models.JSONField(null=True)
    """What the token that asked first was issued for; empty for a signed-in browser, which is narrowed by nothing."""
    grants = models.JSONField(default=list)
    """The home and the roles that whoever asked first had, as digests: an answer may say what only they let know."""

    def __str__(self) -> str:
        return self.digest
