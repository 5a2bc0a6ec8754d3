"""Django's way of sending mail, led into the outbox: what libraries send (a forgotten password) waits, retries and is kept like ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from entrepot.ground.work.api import now

from .outbox import post


class OutboxBackend(BaseEmailBackend):
    """`settings.EMAIL_BACKEND`. A message is ready-made: it goes out as it is, at once, whatever the hour."""

    taken_back_by_rollback = True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Put them into the outbox."""
        for message in email_messages:
            alternatives: list[Any] = getattr(message, "alternatives", [])
            html = next((content for content, kind in alternatives if kind == "text/html"), "")
            at, to = now(), "\n".join(message.recipients())
            post(at=at, due=at, to=to, subject=message.subject, plain=message.body, html=html, headers=message.extra_headers)
        return len(email_messages)
