"""What needs contribute: their pages, the thread's first bead, and what waits for the regional office."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.urls import reverse

from entrepot.kernel.offers import Bead, BeadState, DemoMaker, NavOffer, Offers, Section, WorkItem
from entrepot.kernel.principals import Principal
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import Text, gettext_noop

from .demo import remove
from .enums import NeedState
from .models import Need
from .rules import OFFICE, need_rules


def _sees(principal: Principal) -> bool:
    return bool(principal.reaches(*OFFICE, Role.NATIONAL_COORDINATOR, Role.VICE_CHAIR_OFFICE))


def _unanswered(principal: Principal, _day: date) -> Iterable[WorkItem]:
    waiting = need_rules.visible_to(principal, "take up").filter(state=NeedState.OPEN, urgency="now")
    number = waiting.count()
    if number:
        title = Text(gettext_noop("%(n)s urgent needs wait for an activity"), {"n": number})
        yield WorkItem(title, reverse("needs:needs") + "?state=open", minutes=10)


def _bead(_principal: Principal, activity: UUID, _day: date) -> Iterable[Bead]:
    found = list(Need.objects.filter(activities__uuid=activity).select_related("place").order_by("recorded_at"))
    members = len({need.place_id for need in found})
    yield Bead(
        10,
        Text(gettext_noop("Need")),
        BeadState.DONE if found else BeadState.AHEAD,
        figure=Text(gettext_noop("%(n)s Members"), {"n": members}) if found else None,
        at=found[0].recorded_at.date() if found else None,
        href=reverse("needs:needs") + f"?activity={activity}",
        who=found[0].place.name if len(found) == 1 else "",
    )


OFFERS = Offers(
    nav=[NavOffer(Section.PROGRAMME, gettext_noop("Needs"), "needs:needs", _sees, order=20)],
    work=[_unanswered],
    thread=[_bead],
    demo=[DemoMaker(60, remove)],
    rest=[("/needs", "entrepot.capacity.needs.rest.router")],
)
