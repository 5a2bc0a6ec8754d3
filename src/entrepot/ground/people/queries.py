"""Finding people and postings. Callers start from what the rules let the principal see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet

from entrepot.kernel.roles import Role

from .core import fold, plain_address
from .enums import MailVia
from .models import NameWord, Person, Posting


def named(people: QuerySet[Person], text: str) -> QuerySet[Person]:
    """Those of `people` whose names have, for each word of `text`, a word that begins with it."""
    for word in fold(text).split()[:5]:
        people = people.filter(pk__in=NameWord.objects.filter(word__under=word[:60]).values("person_id"))
    return people


def person_by_address(address: str) -> Person:
    """Who signs in with this address, however it is written. Raises `Person.DoesNotExist`, for someone who is no longer there too."""
    return Person.objects.filter(is_active=True).get(email=_plain_or_none(address))


def _plain_or_none(address: str) -> str:
    try:
        return plain_address(address)
    except ValueError:
        return ""


def may_sign_in(person: Person) -> bool:
    """Whether a person is somebody here. Invented people are in a demo alone: everyone knows the password that they are made with, and
    a demo's visitors could have made themselves tokens and keys as them."""
    return person.is_active and (settings.DEMO or not person.home.invented)


def in_force(day: date) -> QuerySet[Posting]:
    """The postings that run on `day`."""
    return Posting.objects.filter(Q(to_on__isnull=True) | Q(to_on__gt=day), from_on__lte=day)


def with_postings(people: QuerySet[Person], day: date) -> QuerySet[Person]:
    """`people` with their home and, as `current`, the postings that run on `day`: two queries whatever their number."""
    running = in_force(day).select_related("place").order_by("role")
    return people.select_related("home").prefetch_related(Prefetch("postings", running, to_attr="current"))


def listed(people: QuerySet[Person]) -> QuerySet[Person]:
    """`people` who are still themselves: neither erased nor merged into another record."""
    return people.filter(erased_at__isnull=True, merged_into__isnull=True)


@dataclass(frozen=True, slots=True)
class MailRoute:
    """Where mail to a person goes. By any way but the first, others read it too: it has to name the person for whom it is."""

    via: MailVia
    addresses: tuple[str, ...] = ()


def mail_route(person: Person, day: date, *, but: str = "") -> MailRoute:
    """Where mail to this person goes: the address of their own, else their contact address, else their administration's coordinators.

    `but` is an address that is known not to work. What lets one sign in (a forgotten password) never goes this way: see `web/adapter`.
    The address of one's own comes first, as mail holds links that act for its reader.
    """
    for via, address in ((MailVia.SIGN_IN, person.email or ""), (MailVia.CONTACT, person.contact_email)):
        if address and address != but:
            return MailRoute(via, (address,))
    speaking = in_force(day).filter(role=Role.NATIONAL_COORDINATOR, place_id=person.home_id, person__is_active=True)
    known = speaking.exclude(person_id=person.pk).order_by("person_id").values_list("person__email", "person__contact_email")
    found = dict.fromkeys(email or contact for email, contact in known if (email or contact) not in ("", but))
    return MailRoute(MailVia.COORDINATOR, tuple(found)) if found else MailRoute(MailVia.NONE)
