"""A word of welcome to everyone of the practice region who can sign in."""

from __future__ import annotations

from datetime import datetime

from entrepot.ground.journal.api import action, append
from entrepot.ground.people.api import person_rules
from entrepot.ground.region.api import find
from entrepot.kernel.principals import SYSTEM
from entrepot.kernel.texts import Text, gettext_noop

from .actions import notify

WELCOME = "notices.welcome"


@action
def make(*, at: datetime, seed: int, people: int) -> None:
    """Welcome them. `seed` and `people` do not matter here."""
    del seed, people
    region = find("PX")
    title = Text(gettext_noop("Welcome to the practice region"))
    body = Text(gettext_noop("Everything here is invented: try what you like. What waits for you stands on your first page."))
    for person in person_rules.visible_to(SYSTEM).filter(home__invented=True, email__isnull=False).select_related("home").order_by("id"):
        notify(by=SYSTEM, at=at, person=person, kind=WELCOME, title=title, body=body, href="/today/", key="welcome")
    append(by=SYSTEM, at=at, verb="notices.welcome.sent", thing=region, place=region.lineage)


def remove() -> None:
    """Notices go with their people."""
