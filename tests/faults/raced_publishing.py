"""A Member takes back what it cleared at the moment at which it is published; prints what can be read of it afterwards."""

from __future__ import annotations

import json
import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entrepot.config.settings")
django.setup()

from entrepot.capacity.knowledge import actions as knowledge  # noqa: E402
from entrepot.capacity.knowledge.models import Practice  # noqa: E402
from entrepot.capacity.publications import actions as publications  # noqa: E402
from entrepot.capacity.publications.models import Edition, Publication  # noqa: E402
from entrepot.ground.work.api import now  # noqa: E402
from entrepot.kernel.principals import SYSTEM  # noqa: E402

from .raced_endings import meeting  # noqa: E402


def chosen(*, anew: bool) -> tuple[Publication, Practice]:
    """A publication of practices, with editions or `anew`, and a practice that it compiles."""
    made = Publication.objects.filter(practices__state="published", series__region__invented=True).order_by("pk").distinct()[0]
    practice = made.practices.filter(state="published").order_by("pk")[0]
    if anew:
        told = {"title": "New ways", "forewords": {"en": "Read on."}, "reach": made.reach}
        made = publications.make(by=SYSTEM, at=now(), series=made.series.uuid, **told)
        chosen = {"practices": [practice.uuid], "activities": [], "version": None}
        publications.compose(by=SYSTEM, at=now(), uuid=made.uuid, values=told, **chosen)
    return made, practice


def readable(practice: Practice) -> int:
    """How many editions still hold the practice's own words."""
    told = [part for edition in Edition.objects.all() for part in edition.parts if part["key"] == f"practice-{practice.uuid}"]
    return sum("blocks" in part for part in told)


def taken_back(*, published_first: bool, anew: bool = False) -> dict[str, Any]:
    """A practice is withdrawn while an edition that holds it is published."""
    made, practice = chosen(anew=anew)
    publish = "publish", lambda: publications.publish(by=SYSTEM, at=now(), uuid=made.uuid, change_said="Counted anew this year")
    withdraw = "withdraw", lambda: knowledge.withdraw(by=SYSTEM, at=now(), uuid=practice.uuid, words="It no longer holds")
    where, acts = ("plain", (publish, withdraw)) if published_first else ("_correct", (withdraw, publish))
    ended = meeting(publications, where, *acts)
    return {"ended": sorted(ended), "readable": readable(practice)}


def main() -> None:
    """A first edition, a later one, and the other order."""
    found = {
        "first published, then withdrawn": taken_back(published_first=True, anew=True),
        "published again, then withdrawn": taken_back(published_first=True),
        "withdrawn, then published": taken_back(published_first=False),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
