"""Who an actor is: matching actors to persons, earlier and later; and taking a person out again."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q

from entrepot.ground.people.api import person_rules
from entrepot.ground.people.enums import Backing
from entrepot.kernel.principals import SYSTEM

from .. import tables
from ..core import Identity, key_of
from ..core.erasing import blank
from ..core.identities import as_agent, mailbox_identities
from ..enums import Role
from ..finding import find_raw, in_parts
from ..models import Agent, Attachment, Document, Mark, PersonIdentity, Statement, Store
from ..queries import site
from . import naming

ERASED_HOME = "https://entrepot.invalid/erased"
_ACTORS = (int(Role.AGENT), int(Role.RELATED_AGENT))


def identities_of(person: Any) -> list[PersonIdentity]:
    """The identities of a person as they are now: the account, and the mailbox as far as somebody stands for it."""
    account = Identity("account", f"{site()} {person.uuid}")
    found = [PersonIdentity(person=person, key=account.key, everywhere=True)]
    if person.email and person.email_backed:
        proved = person.email_backed == Backing.PROVED
        boxes = mailbox_identities(person.email)
        found += [PersonIdentity(person=person, key=box.key, email=person.email, everywhere=proved) for box in boxes]
    return found


def match(*, limit: int = 20_000) -> int:
    """Match actors to persons whose identities are new since the last time, and return how many actors found theirs.

    Up to `limit` persons at a time. A past address stays an identity: what was sent under it is still that person's.
    """
    people = person_rules.visible_to(SYSTEM).filter(erased_at__isnull=True, merged_into__isnull=True)
    by_box = Q(record_identities__email=F("email")) & (Q(email_backed=Backing.HOME) | Q(record_identities__everywhere=True))
    known = by_box | Q(Q(email__isnull=True) | Q(email_backed=Backing.SAID), record_identities__isnull=False)
    return match_these(people.exclude(pk__in=people.filter(known).values("pk")).order_by("pk")[:limit])


def match_these(people: Iterable[Any]) -> int:
    """Match actors to these persons now, as before a transcript is read; to none that was erased or merged away since they were read."""
    matched = 0
    keys = [person.pk for person in people]
    there = person_rules.visible_to(SYSTEM).filter(erased_at__isnull=True, merged_into__isnull=True)
    for start in range(0, len(keys), 500):
        with transaction.atomic():
            # Held in the order in which a merge holds two; whoever refers to them meanwhile does not wait.
            held = there.filter(pk__in=keys[start : start + 500]).select_for_update(of=("self",), no_key=True)
            some = list(held.order_by("uuid"))
            PersonIdentity.objects.bulk_create([one for person in some for one in identities_of(person)], ignore_conflicts=True)
            proved = Q(person__email_backed=Backing.PROVED, email=F("person__email"), everywhere=False)
            before = PersonIdentity.objects.filter(proved, person__in=some)
            PersonIdentity.objects.filter(pk__in=list(before.values_list("pk", flat=True))).update(everywhere=True)
            matched += _claim([person.pk for person in some])
    return matched


def _claim(persons: Sequence[int]) -> int:
    known: dict[int, list[PersonIdentity]] = {}
    for identity in PersonIdentity.objects.filter(person_id__in=persons).select_related("person__home").order_by("-everywhere", "id"):
        known.setdefault(identity.key, []).append(identity)
    found = []
    for agent in Agent.objects.filter(key__in=list(known), person__isnull=True).select_related("store__place"):
        whose = next((one for one in known[agent.key] if _is_good_at(one, agent.store.place)), None)
        if whose:
            agent.person_id = whose.person_id
            found.append(agent)
    Agent.objects.bulk_update(found, ["person"], batch_size=500)
    return len(found)


def _is_good_at(identity: PersonIdentity, place: Any) -> bool:
    """Whether what goes by an identity in the store of this place is its person's. As `naming` asks where a statement comes."""
    home = identity.person.home
    return bool(home.invented == place.invented and (identity.everywhere or place.pk == home.pk))


def move(dropped: int, kept: int, _at: datetime) -> None:
    """Two records of one person become one: its actors and identities go to the record that is kept."""
    has = PersonIdentity.objects.filter(person_id=kept).values_list("key", flat=True)
    PersonIdentity.objects.filter(person_id=dropped).exclude(key__in=list(has)).update(person_id=kept)
    PersonIdentity.objects.filter(person_id=dropped).delete()
    Agent.objects.filter(person_id=dropped).update(person_id=kept)


def hold_stores(_people: Collection[int] = ()) -> None:
    """Nobody writes into any store from here on, until the transaction ends: what came before is seen and erased with the rest, and what
    comes after looks for names again. Writers hold their store before they touch a person, so this comes before the person is held."""
    for store in Store.objects.order_by("pk").values_list("pk", flat=True):
        tables.reserve(store, 1)


def erase(person_id: int, _at: datetime) -> None:
    """Take a person out of every store, in the transaction of the action that erases them.

    Each statement stays, with a stand-in for the person that says nothing, so that counts by verb, activity, day and actor keep their
    sense. Their documents go, and what only their statements had attached. What is sent again under a known identifier is not kept again.
    """
    for agent in Agent.objects.filter(person_id=person_id).order_by("pk"):
        _erase_agent(agent)
    naming.take_out()
    PersonIdentity.objects.filter(person_id=person_id).delete()
    naming.forget()


def _erase_agent(agent: Agent) -> None:
    stand_in = Identity("account", f"{ERASED_HOME} {uuids.uuid4()}")
    old, new = agent.key, stand_in.key
    acted = list(Statement.objects.filter(store_id=agent.store_id, actor=old).values_list("position", flat=True))
    marks = Mark.objects.filter(store_id=agent.store_id, role__in=_ACTORS, key=old)
    marked = list(marks.values_list("role", "position"))
    _rewrite(sorted({*acted, *(position for _, position in marked)}), old, as_agent(stand_in))
    Statement.objects.filter(store_id=agent.store_id, actor=old).update(actor=new)
    marks.delete()
    moved = [Mark(store_id=agent.store_id, role=role, key=new, position=position) for role, position in marked]
    Mark.objects.bulk_create(moved, ignore_conflicts=True, batch_size=900)
    _drop_attachments(agent.store_id, acted)
    Document.objects.filter(store_id=agent.store_id, agent=old).delete()
    agent.key, agent.kind, agent.text, agent.name, agent.person = new, stand_in.kind, stand_in.text, "", None
    agent.save()


def _rewrite(positions: Sequence[int], key: int, stand_in: dict[str, Any]) -> None:
    for some in in_parts(positions):
        raws = find_raw(some)
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE records_statement SET raw = %s, erased = %s WHERE position = %s",
                [(blank(raw, key, stand_in), True, position) for position, raw in raws.items()],
            )


def _drop_attachments(store: int, positions: Sequence[int]) -> None:
    """Attachments that only these statements named."""
    for start in range(0, len(positions), 900):
        some = positions[start : start + 900]
        uses = Mark.objects.filter(store_id=store, role=int(Role.ATTACHMENT), position__in=some)
        keys = set(uses.values_list("key", flat=True))
        uses.delete()
        drop_unused(store, keys)


def drop_unused(store: int, keys: Iterable[int]) -> int:
    """Remove the attachments among these (keys of their digests) that no statement names any more."""
    wanted = set(keys)
    used = set(Mark.objects.filter(store_id=store, role=int(Role.ATTACHMENT), key__in=wanted).values_list("key", flat=True))
    gone = wanted - used
    if not gone:
        return 0
    unused = [pk for pk, sha2 in Attachment.objects.filter(store_id=store).values_list("pk", "sha2") if key_of(sha2) in gone]
    return Attachment.objects.filter(pk__in=unused).delete()[0]
