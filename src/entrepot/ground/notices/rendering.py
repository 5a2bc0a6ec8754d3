"""A notice as a mail, in its person's language and time zone."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from entrepot.ground.people.enums import MailVia
from entrepot.shell.words import say

from .kinds import kind_of
from .models import Mail
from .queries import route_of, zone_of

SALT = "entrepot.notices.unsubscribe"


def unsubscribe_secret(person_uuid: object, kind: str) -> str:
    """The secret of the link that switches a kind's mail off for one person. It is signed, kept nowhere, and has no end."""
    return signing.dumps([str(person_uuid), kind], salt=SALT)


def read_unsubscribe_secret(secret: str) -> tuple[str, str]:
    """(uuid of the person, kind) of a secret. Raises `signing.BadSignature`."""
    person, kind = signing.loads(secret, salt=SALT)
    return str(person), str(kind)


def of_notice(mail: Mail) -> EmailMultiAlternatives:
    """The message: plain text, the same as HTML, the files, and the headers that mail programs act on."""
    notice = mail.notice
    assert notice is not None
    person, kind = notice.person, kind_of(notice.kind)
    route = route_of(person, mail.due_at)
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    off = ""
    if not kind.essential:
        off = settings.ADDRESS + reverse("notices:off", args=[unsubscribe_secret(person.uuid, kind.code)])
        headers |= {"List-Unsubscribe": f"<{off}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    language = person.language if person.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(zone_of(person)):
        title = say(notice.title)
        words = {
            "title": title,
            "body": say(notice.body),
            "name": person.full_name,
            "href": settings.ADDRESS + mail.href if mail.href else "",
            "off": off,
            "settings": settings.ADDRESS + reverse("notices:settings"),
            "invented": person.home.invented,
            "shared": route.via is not MailVia.SIGN_IN,
        }
        if words["shared"]:
            title = gettext("For %(name)s: %(title)s") % {"name": person.full_name, "title": title}
        subject = " ".join(title.split())[:300]
        plain, html = (render_to_string(f"notices/mail.{form}", words) for form in ("txt", "html"))
    message = EmailMultiAlternatives(subject, plain, to=list(route.addresses), headers=headers)
    message.attach_alternative(html, "text/html")
    for file in mail.enclosures.order_by("id"):
        message.attach(file.name, bytes(file.content), file.content_type)
    return message
