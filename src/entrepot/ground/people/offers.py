"""What `people` contributes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse

from entrepot.ground.journal.api import acts_of
from entrepot.kernel.offers import DemoMaker, Hit, NavOffer, Offers, PersonData, Section, WorkItem
from entrepot.kernel.principals import Principal
from entrepot.kernel.roles import ROLES, Role
from entrepot.kernel.texts import Text, gettext_noop

from . import signing
from .demo import make, remove
from .models import Person, Posting
from .queries import listed, named
from .rules import person_rules, posting_rules
from .traces import records_of

_SEERS = (
    Role.HEAD,
    Role.PROGRAMME_MANAGER,
    Role.REGIONAL_ADMIN,
    Role.NATIONAL_COORDINATOR,
    Role.CENTRE_MANAGER,
    Role.SUPERVISOR,
)


def _sees(principal: Principal) -> bool:
    return bool(principal.reaches(*_SEERS))


def _ending(principal: Principal, day: date) -> Iterable[WorkItem]:
    soon = posting_rules.visible_to(principal, "end").filter(to_on__gt=day, to_on__lte=day + timedelta(days=30))
    for posting in soon.select_related("person", "place").order_by("to_on")[:20]:
        title = Text(
            gettext_noop("%(role)s %(person)s: the posting at %(place)s ends"),
            {"role": ROLES[Role(posting.role)].title, "person": posting.person.full_name, "place": posting.place.name},
        )
        yield WorkItem(title, reverse("people:person", args=[posting.person.uuid]), due=posting.to_on, minutes=2)


def _unreachable(principal: Principal, day: date) -> Iterable[WorkItem]:
    alone = listed(person_rules.visible_to(principal, "post")).filter(email__isnull=True).order_by("sort_name")[:5]
    for person in alone if principal.reaches(Role.NATIONAL_COORDINATOR) else ():
        title = Text(gettext_noop("%(person)s has no address and cannot sign in"), {"person": person.full_name})
        yield WorkItem(title, reverse("people:edit", args=[person.uuid]), minutes=1)


def _found(principal: Principal, words: str, limit: int) -> Iterable[Hit]:
    people = named(listed(person_rules.visible_to(principal)), words).select_related("home").order_by("sort_name")[:limit]
    for person in people:
        href = reverse("people:person", args=[person.uuid])
        yield Hit(person.full_name, href, Text(gettext_noop("Person")), person.home.name, person.home.invented)


def _export(person_id: int) -> Mapping[str, Any]:
    person = Person.objects.select_related("home").get(pk=person_id)
    kept = (
        "full_name",
        "family_name",
        "latin_name",
        "email",
        "contact_email",
        "gender",
        "language",
        "time_zone",
        "created_at",
        "last_login",
    )
    postings = Posting.objects.filter(person=person).select_related("place").order_by("from_on")
    return {
        **{name: getattr(person, name) for name in kept},
        "uuid": person.uuid,
        "home": person.home.name,
        "postings": [{"role": p.role, "place": p.place.name, "from": p.from_on, "to": p.to_on} for p in postings],
        "records_merged_into_this": [one.uuid for one in records_of(person_id) if one.pk != person_id],
        "sign_in": signing.kept_of(person_id),
        "acts": acts_of(person.uuid),
    }


def _erase(_person_id: int, _at: datetime) -> None:
    """The person's own row is blanked by the action itself."""


def _merge(_dropped: int, _kept: int, _at: datetime) -> None:
    """Postings move in the action itself."""


OFFERS = Offers(
    nav=[NavOffer(Section.REGION, gettext_noop("People"), "people:people", _sees, order=30)],
    work=[_ending, _unreachable],
    search=[_found],
    demo=[DemoMaker(20, remove, make)],
    person=PersonData(_export, _erase, _merge),
)
