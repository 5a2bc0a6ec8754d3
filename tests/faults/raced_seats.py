"""Acts on one activity's seats that meet at the same moment, each from a thread with a connection of its own; prints what came of them."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entrepot.config.settings")
django.setup()

from django.db import connection  # noqa: E402

from entrepot.capacity.community import actions as community  # noqa: E402
from entrepot.capacity.community.actions import LETTERS_A_DAY  # noqa: E402
from entrepot.capacity.community.models import Profile  # noqa: E402
from entrepot.capacity.training import actions  # noqa: E402
from entrepot.capacity.training.models import Activity, Nomination, Offer  # noqa: E402
from entrepot.ground.access.api import principal_for  # noqa: E402
from entrepot.ground.journal.models import Entry  # noqa: E402
from entrepot.ground.people.models import Person  # noqa: E402
from entrepot.ground.work.api import now  # noqa: E402
from entrepot.kernel.errors import DomainError  # noqa: E402


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """What each act ended with: "done", or the code of its refusal."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> str:
        start.wait()
        try:
            act()
        except DomainError as error:
            return error.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def by(part: str) -> Any:
    """The principal of one of the cast."""
    return principal_for(Person.objects.get(email=f"{part}@practice.example"), now())


def seated(activity: Activity) -> int:
    """How many hold a seat or have one offered."""
    offered = Offer.objects.filter(nomination__activity=activity, answer="open").count()
    return Nomination.objects.filter(activity=activity, outcome="seat").count() + offered


def told(verb: str, before: Sequence[int]) -> int:
    """How many entries of this verb came since."""
    return Entry.objects.filter(verb=verb).exclude(pk__in=before).count()


def letters_at_once() -> list[str]:
    """Someone who has written nineteen letters today writes four more at the same moment."""
    writer, other = Profile.objects.filter(sight="region", person__home__invented=True).select_related("person").order_by("pk")[:2]
    mine = principal_for(writer.person, now())
    for _ in range(LETTERS_A_DAY - 1):
        community.write(by=mine, at=now(), uuid=other.uuid, text="How do you read such an image?")
    return at_once(*[lambda: community.write(by=mine, at=now(), uuid=other.uuid, text="And one more.")] * 4)


def main() -> None:
    """Each meeting, with what it left."""
    found: dict[str, Any] = {}
    activity = Activity.objects.get(stage="confirmed", region__invented=True)
    before = list(Entry.objects.values_list("pk", flat=True))
    offer = Offer.objects.select_related("nomination__person").get(answer="open", nomination__activity=activity)
    taker = principal_for(offer.nomination.person, now())
    found["two taps"] = at_once(*[lambda: actions.answer_offer(by=taker, at=now(), uuid=offer.nomination.uuid, take=True)] * 4)
    found["answered"] = told("training.offer.answered", before)

    mine = Nomination.objects.get(activity=activity, outcome="seat", person__email="officer@practice.example")
    speaks = by("coordinator")

    def replaced(name: str) -> Callable[[], Any]:
        values = {
            "full_name": name,
            "email": f"{name.lower()}@practice.example",
            "post": "Officer",
            "language_level": "C1",
            "consent": True,
        }
        return lambda: actions.replace_participant(by=speaks, at=now(), uuid=mine.uuid, values=values)

    seats = seated(activity)
    found["two replacements"] = at_once(replaced("Mele"), replaced("Sina"))
    found["replaced"] = told("training.participant.replaced", before)
    found["seats kept"] = seated(activity) == seats

    leaving = list(Nomination.objects.filter(activity=activity, outcome="seat", invitation__place__code="HIGH")[:1])
    office = by("manager")
    invitation = Nomination.objects.get(pk=mine.pk).invitation
    found["withdrawn while the invitation is taken back"] = at_once(
        *[lambda one=one: actions.withdraw(by=office, at=now(), uuid=one.uuid) for one in leaving],
        lambda: actions.invitation_cancelled(by=office, at=now(), invitation=invitation.uuid, reason="Twice asked", take_seats=True),
        lambda: actions.invitation_cancelled(by=office, at=now(), invitation=invitation.uuid, reason="Twice asked", take_seats=True),
    )
    activity.refresh_from_db()
    found["never more than there are"] = seated(activity) <= activity.seats
    found["cancelled"] = told("training.invitation.cancelled", before)
    numbers = Counter(Offer.objects.filter(answer="open", nomination__activity=activity).values_list("nomination", flat=True))
    found["offered once each"] = all(n == 1 for n in numbers.values())

    asking = Activity.objects.get(stage="invitation", region__invented=True)
    asked = asking.invitations.get(place__code="ATN")
    values = {"full_name": "Fetu", "email": "fetu@practice.example", "rank": 1, "post": "Officer", "language_level": "C1", "consent": True}
    met = at_once(
        lambda: actions.nominate(by=speaks, at=now(), invitation=asked.uuid, values=values),
        lambda: actions.nominate(by=speaks, at=now(), invitation=asked.uuid, values=values),
        lambda: actions.cancel(by=office, at=now(), uuid=asking.uuid, reason="The hall is flooded"),
    )
    found["nominated while it is cancelled"] = sorted(set(met) - {"done", "invitation-cancelled", "nominations-closed"})
    left = Nomination.objects.filter(activity=asking, person__email="fetu@practice.example").count()
    found["nominated once or not at all"] = left <= 1
    found["letters where one is left"] = letters_at_once()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
