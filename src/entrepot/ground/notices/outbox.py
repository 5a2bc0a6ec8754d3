"""The outbox: mail waits here in the database and goes out afterwards, each with one Message-ID however often it is tried.

A mail is sent outside any transaction, so that a slow mail server locks nothing; should the worker be killed after the server took it
and before that was noted, it goes out again with the same Message-ID, by which mail programs drop the second.
"""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta
from email.errors import MessageError
from typing import Any
from urllib.parse import urlparse
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction

from entrepot.ground.people.api import person_rules
from entrepot.ground.work.api import enqueue
from entrepot.kernel.principals import SYSTEM

from .core import after_failure
from .enums import MailState
from .kinds import kind_of
from .models import Enclosure, Mail, Notice
from .queries import route_of, wishes_of
from .rendering import of_notice

KEPT = timedelta(days=400)
"""How long notices, and the bare rows of mails, are kept."""


def post(*, at: datetime, due: datetime, notice: Notice | None = None, **ready: Any) -> Mail:
    """Put a mail into the outbox, in the caller's transaction: of a notice, or ready-made (`to`, `subject`, `plain`, `html`, …)."""
    uuid = uuid4()
    host = urlparse(settings.ADDRESS).hostname or "localhost"
    mail = Mail.objects.create(uuid=uuid, message_id=f"<{uuid}@{host}>", notice=notice, made_at=at, due_at=due, **ready)
    _queue(mail)
    return mail


def _queue(mail: Mail) -> None:
    enqueue("notices.deliver", run_at=mail.due_at, key=f"notices.mail:{mail.uuid}:{mail.attempts}", mail=str(mail.uuid))


def deliver(uuid: str, *, at: datetime) -> None:
    """Try to send one mail, unless it is out already or should no longer go. Failures wait and are tried again."""
    mail = Mail.objects.select_related("notice__person__home").filter(uuid=uuid, state=MailState.WAITING).first()
    if mail is None:
        return
    person = mail.notice.person if mail.notice else None
    why = _why_not(mail, person)
    if why:
        _end(mail, MailState.DROPPED, at, why)
        return
    message = of_notice(mail) if mail.notice else _ready_made(mail)
    try:
        message.message().as_bytes()
        _transport(mail, person).send_messages([message])
    except (ValueError, IndexError, MessageError) as error:
        _unfit(mail, person, at, error)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
        _refused(mail, person, at, error)
    except OSError as error:
        _again(mail, at, error)
    else:
        _end(mail, MailState.SENT, at, "")


def _why_not(mail: Mail, person: Any) -> str:
    if person is None:
        return ""
    if not person.is_active or person.erased_at:
        return "the person is no longer there"
    wishes = wishes_of(person)
    if not route_of(person, mail.due_at, essential=mail.notice is None or kind_of(mail.notice.kind).essential).addresses:
        return "there is no address that works"
    return "switched off by the person" if mail.notice and wishes.silences(kind_of(mail.notice.kind)) else ""


def _transport(mail: Mail, person: Any) -> Any:
    """The mail server; for invented people always the folder, so that a demo with a mail server writes to nobody."""
    if person is None:
        person = person_rules.visible_to(SYSTEM).select_related("home").filter(email__in=mail.to.splitlines()).first()
    invented = person is not None and person.home.invented
    transport: dict[str, Any] = settings.MAIL_FOLDER if invented else settings.MAIL_TRANSPORT
    return get_connection(**transport)


def _ready_made(mail: Mail) -> EmailMultiAlternatives:
    headers = {**mail.headers, "Message-ID": mail.message_id}
    message = EmailMultiAlternatives(mail.subject, mail.plain, to=mail.to.splitlines(), headers=headers)
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _refused(mail: Mail, person: Any, at: datetime, error: smtplib.SMTPException) -> None:
    codes = [code for code, _ in error.recipients.values()] if isinstance(error, smtplib.SMTPRecipientsRefused) else []
    if not any(code >= 500 for code in codes):
        _again(mail, at, error)
        return
    from .actions import bounced  # noqa: PLC0415  (noting it is an action; actions post mail)

    with transaction.atomic():
        _end(mail, MailState.DROPPED, at, "the mail server does not know the address")
        if person:
            bounced(by=SYSTEM, at=at, person=person, address=route_of(person, at).addresses[0])


def _unfit(mail: Mail, person: Any, at: datetime, error: Exception) -> None:
    """No message can be made of this mail, today or later: an address or a line of its head is none. Nothing else waits for it."""
    from .actions import bounced  # noqa: PLC0415  (noting it is an action; actions post mail)

    with transaction.atomic():
        _end(mail, MailState.DROPPED, at, f"no mail can be made of it: its address or its head is none ({type(error).__name__})")
        if person and isinstance(error, UnicodeError):
            bounced(by=SYSTEM, at=at, person=person, address=route_of(person, at).addresses[0])


def _again(mail: Mail, at: datetime, error: Exception) -> None:
    mail.attempts += 1
    due = after_failure(at, mail.attempts)
    if due is None:
        _end(mail, MailState.GIVEN_UP, at, _said(error))
        return
    mail.due_at, mail.error = due, _said(error)
    with transaction.atomic():
        mail.save(update_fields=["attempts", "due_at", "error"])
        _queue(mail)


def _said(error: Exception) -> str:
    # What a mail server answers may name the address: only the kind of failure and its code are kept.
    return f"{type(error).__name__} {getattr(error, 'smtp_code', '') or getattr(error, 'errno', '') or ''}".strip()


def _end(mail: Mail, state: MailState, at: datetime, error: str) -> None:
    """Note how it ended, and wipe what it held: addresses, text, a link's secret, files."""
    with transaction.atomic():
        blank = {"to": "", "subject": "", "plain": "", "html": "", "href": "", "headers": {}}
        Mail.objects.filter(pk=mail.pk).update(**blank, state=state, ended_at=at, error=error)
        Enclosure.objects.filter(mail=mail).delete()


def clear(at: datetime) -> int:
    """Remove notices and rows of mail that are older than is kept; return how many notices went."""
    Mail.objects.filter(made_at__lt=at - KEPT).exclude(state=MailState.WAITING).delete()
    return Notice.objects.filter(at__lt=at - KEPT).delete()[0]
