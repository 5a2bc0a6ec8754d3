"""What ends something for good, while what was begun before still writes: each pair from two threads; prints what is left."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entrepot.config.settings")
django.setup()

from django.db import connection  # noqa: E402

from entrepot.capacity.credentials import actions as credentials  # noqa: E402
from entrepot.capacity.credentials.models import Certificate  # noqa: E402
from entrepot.capacity.training import actions  # noqa: E402
from entrepot.capacity.training.actions import delivery  # noqa: E402
from entrepot.capacity.training.enums import Stage  # noqa: E402
from entrepot.capacity.training.models import Activity, Attendance  # noqa: E402
from entrepot.desk.gathered import erasers, readiers  # noqa: E402
from entrepot.ground.access.api import principal_for  # noqa: E402
from entrepot.ground.keeping.api import writing  # noqa: E402
from entrepot.ground.people import actions as people  # noqa: E402
from entrepot.ground.people.models import Person  # noqa: E402
from entrepot.ground.work.api import now  # noqa: E402
from entrepot.kernel.errors import DomainError  # noqa: E402

from .raced_seats import by  # noqa: E402

LONG, SHORT = 20, 0.7
"""Seconds: the first act stops on its way for the short time, so that the second meets it there."""
Act = tuple[str, Callable[[], Any]]


def meeting(where: Any, name: str, first: Act, second: Act, *, time: float = SHORT) -> list[str]:
    """Stop the first act where it calls `where.name` until the second has had its time. What each ended with, as they ended."""
    inside, go = threading.Event(), threading.Event()
    ended: list[str] = []
    real = getattr(where, name)

    def stopping(*given: Any, **more: Any) -> Any:
        found = real(*given, **more)
        inside.set()
        go.wait(LONG + time)
        return found

    def run(act: Act) -> None:
        try:
            act[1]()
            told = "done"
        except DomainError as error:
            told = error.code
        except Exception as error:  # noqa: BLE001
            told = repr(error)[:200]
        ended.append(f"{act[0]}: {told}")
        connection.close()

    with patch.object(where, name, stopping):
        one, other = (threading.Thread(target=run, args=(act,)) for act in (first, second))
        one.start()
        assert inside.wait(LONG), ended
        other.start()
        other.join(time)
        go.set()
        one.join(LONG)
        other.join(LONG)
    return ended


def certificate_of_the_erased(number: int, *, erased_first: bool) -> dict[str, Any]:
    """A certificate is replaced while its holder is erased."""
    mine = Certificate.objects.filter(revoked_at__isnull=True, nomination__activity__region__invented=True)
    person = Person.objects.filter(pk__in=mine.values("nomination__person")).order_by("pk")[number]
    one = mine.filter(nomination__person=person).order_by("pk")[0]

    def erase() -> None:
        self = principal_for(Person.objects.get(pk=person.pk), now())
        people.erase(by=self, at=now(), uuid=person.uuid, erasers=erasers(), before=readiers())

    def replace() -> None:
        credentials.replace(by=by("manager"), at=now(), uuid=one.uuid, reason="A letter was wrong")

    acts = ("erase", erase), ("replace", replace)
    ended = meeting(people, "wipe_later", *acts) if erased_first else meeting(credentials, "earned_hours", *reversed(acts))
    left = Certificate.objects.filter(nomination__person=person)
    return {"ended": ended, "named": left.exclude(holder="—").count(), "valid": left.filter(revoked_at__isnull=True).count()}


def attendance_of_the_closed(*, closed_first: bool) -> list[str]:
    """Somebody is taken off while the activity is closed."""
    there = Attendance.objects.filter(session__activity__stage=Stage.CLOSED, session__activity__region__invented=True)
    one = there.select_related("session__activity", "nomination").order_by("pk")[0]
    activity = one.session.activity
    with writing():
        Activity.objects.filter(pk=activity.pk).update(stage=Stage.DELIVERED)

    def mark() -> None:
        actions.mark(by=by("manager"), at=now(), session=one.session.uuid, present={one.nomination.uuid: None})

    def close() -> None:
        actions.advance(by=by("manager"), at=now(), uuid=activity.uuid, to=Stage.CLOSED, skip="It is over")

    acts = ("close", close), ("mark", mark)
    if closed_first:
        return meeting(credentials, "earned_hours", *acts)
    return meeting(delivery, "require_not_over", *reversed(acts))


def main() -> None:
    """Each meeting, with what it left."""
    found = {
        "replaced, then erased": certificate_of_the_erased(0, erased_first=False),
        "erased, then replaced": certificate_of_the_erased(1, erased_first=True),
        "marked, then closed": attendance_of_the_closed(closed_first=False),
        "closed, then marked": attendance_of_the_closed(closed_first=True),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
