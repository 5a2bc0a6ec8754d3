"""The people of the practice region: someone in every role, then as many officers as asked for. All invented."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password

from entrepot.ground.keeping.api import writing
from entrepot.ground.region.api import place_rules
from entrepot.kernel.principals import SYSTEM
from entrepot.kernel.roles import Role

from .actions import post, register
from .core import sort_name, words
from .models import NameWord, Person, Posting

PASSWORD = "practice-region-2026"  # noqa: S105  (the demo's, printed when it starts; never outside it)
# role, name, family name, home, place, address
CAST: tuple[tuple[Role, str, str, str, str, str], ...] = (
    (Role.HEAD, "Naomi Reyes-Tan", "Reyes-Tan", "PX-RO", "PX-RO", "head"),
    (Role.PROGRAMME_MANAGER, "Tomasi Vake", "Vake", "PX-RO", "PX-RO", "manager"),
    (Role.REGIONAL_ADMIN, "Ilan Voss", "Voss", "PX-RO", "PX-RO", "admin"),
    (Role.VICE_CHAIR_OFFICE, "อรุณ สายชล", "สายชล", "KALA", "KALA", "vicechair"),
    (Role.VICE_CHAIR_OFFICE, "한지우", "한", "MERI", "MERI", "pastvicechair"),
    (Role.CENTRE_MANAGER, "Putri", "", "SAG", "RTC-SAG", "centre"),
    (Role.TRAINER, "Bayu Segara", "Segara", "SAG", "RTC-SAG", "trainer"),
    (Role.NATIONAL_COORDINATOR, "Sina Faleolo", "Faleolo", "ATN", "ATN", "coordinator"),
    (Role.NATIONAL_COORDINATOR, "Dorji Wen", "", "HIGH", "HIGH", "neighbour"),
    (Role.SUPERVISOR, "Mele Tuʻipulotu", "Tuʻipulotu", "ATN", "ATN-1", "supervisor"),
    (Role.OFFICER, "Pele", "", "ATN", "ATN-1", "officer"),
    (Role.ANALYST, "নীলা সরকার", "সরকার", "DELT", "DELT", "analyst"),
    (Role.PARTNER, "Jo Lindqvist", "Lindqvist", "PX-FUND", "PX-FUND", "partner"),
    (Role.OBSERVER, "ثریا باغبان", "باغبان", "ORCH", "ORCH", "observer"),
)
GIVEN = (
    "Amara",
    "Suri",
    "Tevita",
    "Lani",
    "Kiri",
    "Odgerel",
    "Batu",
    "Mina",
    "Rahul",
    "Soe",
    "Anh",
    "José",
    "Leʻa",
    "Dao",
    "Haruto",
    "Zoya",
)
FAMILY = ("", "", "Taufa", "Ganbold", "Siriwat", "Das", "Nguyễn", "Araújo", "Ma", "Kealoha", "Noor", "Sok", "Rinchen", "Park")


def make(*, at: datetime, seed: int, people: int) -> None:
    """Make the cast, three officers for each office, and more until there are `people` in all. Same date and seed, same people."""
    chance = random.Random(seed)  # noqa: S311  (invented people, not secrets)
    places = {place.code: place for place in place_rules.visible_to(SYSTEM).filter(invented=True).order_by("lineage")}
    start = (at - timedelta(days=700)).date()
    hashed = make_password(PASSWORD, salt=f"practice{seed:08d}")
    who: dict[str, Any] = {"by": SYSTEM, "at": at}
    for role, name, family, home, place, address in CAST:
        language = "en"
        person = register(
            **who, home=places[home], full_name=name, family_name=family, email=f"{address}@practice.example", language=language
        )
        away = None if places[place].lineage.startswith(places[home].lineage) else (at + timedelta(days=400)).date()
        post(**who, person=person, role=role, place=places[place], from_on=start, to_on=away)
        person.password = hashed
        person.save(update_fields=["password"])
    seconded = register(**who, home=places["SAG"], full_name="Ratna Wijaya", family_name="Wijaya", email="seconded@practice.example")
    post(**who, person=seconded, role=Role.PROGRAMME_MANAGER, place=places["PX-RO"], from_on=start, to_on=(at + timedelta(days=20)).date())
    offices = [place for place in places.values() if place.kind == "office"]
    members = {place.lineage: place for place in places.values() if place.kind == "member"}
    homes = {office.code: members[office.lineage.rsplit("/", 2)[0] + "/"] for office in offices}
    for office in offices:
        for _ in range(3):
            name, family = _name(chance)
            officer = register(**who, home=homes[office.code], full_name=name, family_name=family, gender=chance.choice(["F", "M", ""]))
            post(**who, person=officer, role=Role.OFFICER, place=office, from_on=start + timedelta(days=chance.randrange(300)))
    missing = people - Person.objects.filter(home__invented=True).count()
    if missing > 0:
        _crowd(missing, chance, at, offices, homes)


def _name(chance: random.Random) -> tuple[str, str]:
    given, family = chance.choice(GIVEN), chance.choice(FAMILY)
    return f"{given} {family}".strip(), family


def _crowd(count: int, chance: random.Random, at: datetime, offices: list[Any], homes: dict[str, Any]) -> None:
    """Many officers at once, three postings each, for measuring. A batch, written in bulk and journalled as such by its command."""
    start = (at - timedelta(days=1500)).date()
    with writing():
        for first in range(0, count, 2000):
            batch = []
            for _ in range(first, min(first + 2000, count)):
                name, family = _name(chance)
                office = chance.choice(offices)
                person = Person(home=homes[office.code], full_name=name, family_name=family, created_at=at, password="!")  # noqa: S106
                person.sort_name = sort_name(name, family)
                batch.append((person, office))
            Person.objects.bulk_create([person for person, _ in batch])
            postings, found = [], []
            for person, office in batch:
                found += [NameWord(person=person, word=word) for word in words(person.full_name)]
                days = sorted(chance.sample(range(1400), 3))
                ends = [*days[1:], None]
                for begin, end in zip(days, ends, strict=True):
                    to_on = start + timedelta(days=end) if end is not None else None
                    from_on = start + timedelta(days=begin)
                    postings.append(Posting(person=person, role=Role.OFFICER, place=office, from_on=from_on, to_on=to_on))
            NameWord.objects.bulk_create(found, batch_size=2000)
            Posting.objects.bulk_create(postings, batch_size=2000)


def remove() -> None:
    """Take every invented person out again."""
    with writing():
        invented = Person.objects.filter(home__invented=True)
        NameWord.objects.filter(person__in=invented).delete()
        Posting.objects.filter(person__in=invented).delete()
        invented.delete()
