"""Taking a person out of what was told: their own notices and mail, what others were told of them, and files in the mail folder."""

from __future__ import annotations

import email
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from entrepot.ground.people.api import GONE, person_rules, traces_of
from entrepot.kernel.principals import SYSTEM

from .models import Mail, Notice, Wishes

_SEPARATOR = b"\n" + b"-" * 79 + b"\n"
"""What Django's folder of mails puts after each mail of a file."""


def erase(person_id: int, _at: datetime) -> None:
    """Inside the erasure of a person. Files go at once: were the rest undone, only copies of mails long sent would be missing."""
    uuid = person_rules.visible_to(SYSTEM).values_list("uuid", flat=True).get(pk=person_id)
    own, others = Notice.objects.filter(person_id=person_id), list(_of_others(uuid).exclude(person_id=person_id))
    sent = set(Mail.objects.filter(Q(notice__in=own) | Q(notice__in=[one.pk for one in others])).values_list("message_id", flat=True))
    own.delete()
    Wishes.objects.filter(person_id=person_id).delete()
    for notice in others:
        notice.title_packed, notice.body_packed = (_blanked(one, str(uuid)) for one in (notice.title_packed, notice.body_packed))
        notice.save(update_fields=["title_packed", "body_packed"])
    found = traces_of(person_id)
    for address in found.addresses:
        Mail.objects.filter(to__icontains=address).delete()
    _out_of_folder(lambda mail: str(mail["Message-ID"]).strip() in sent or found.stand_in(_told(mail)))


def _of_others(uuid: UUID) -> QuerySet[Notice]:
    """What others were told of this person: it keeps its sense, without their name and words."""
    packed = {f"{name}_text": Cast(name, TextField()) for name in ("title_packed", "body_packed")}
    return Notice.objects.alias(**packed).filter(Q(title_packed_text__contains=str(uuid)) | Q(body_packed_text__contains=str(uuid)))


def _blanked(value: Any, who: str) -> Any:
    if not isinstance(value, dict):
        return value
    if value.get("who") == who and "personal" in value:
        return {**value, "personal": GONE}
    return {name: _blanked(one, who) for name, one in value.items()}


def _out_of_folder(tells_of_them: Callable[[EmailMessage], bool]) -> None:
    folder = Path(str(settings.MAIL_FOLDER.get("file_path", "")) or "-")
    for file in sorted(folder.glob("*")) if folder.is_dir() else ():
        mails = file.read_bytes().split(_SEPARATOR)
        kept = [mail for mail in mails if not tells_of_them(email.message_from_bytes(mail, policy=default))]  # type: ignore[arg-type]
        if not any(mail.strip() for mail in kept):
            file.unlink(missing_ok=True)
        elif kept != mails:
            file.write_bytes(_SEPARATOR.join(kept))


def _told(mail: EmailMessage) -> str:
    """All that can be read in a mail: its heads, its texts, and texts enclosed."""
    heads = [f"{name}: {value}" for name, value in mail.items()]
    bodies = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]  # type: ignore[attr-defined]
    return "\n".join([*heads, *map(str, bodies)])
