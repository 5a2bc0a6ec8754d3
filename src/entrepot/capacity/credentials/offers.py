"""What credentials contribute: certificates when an activity closes, their bead, and a person's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from entrepot.capacity.training.api import Duty
from entrepot.capacity.training.enums import Stage
from entrepot.kernel.offers import Bead, BeadState, DemoMaker, NavOffer, Offers, PersonData, Section
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import Text, gettext_noop

from .actions import erase, issue, join
from .demo import remove
from .models import Certificate


def on_stage(activity: Any, stage: Stage, by: Principal, at: datetime) -> None:
    """When an activity closes, those who earned a certificate get one."""
    if stage is Stage.CLOSED:
        issue(by=by, at=at, activity=activity)


def duties(nomination: Any, key: str, _at: datetime) -> Iterable[Duty]:
    """The participant's certificate, once there is one."""
    found = Certificate.objects.filter(nomination=nomination, revoked_at__isnull=True).first()
    if found:
        yield Duty(Text(gettext_noop("Your certificate (PDF)")), reverse("credentials:certificate_file", args=[key]), done=True)


def _bead(_principal: Principal, uuid: UUID, _day: date) -> Iterable[Bead]:
    found = Certificate.objects.filter(nomination__activity__uuid=uuid, revoked_at__isnull=True)
    first = found.order_by("issued_at").first()
    figure = Text(gettext_noop("%(n)s issued"), {"n": found.count()}) if first else None
    href = reverse("credentials:certificates") + f"?activity={uuid}" if first else ""
    state = BeadState.DONE if first else BeadState.AHEAD
    yield Bead(70, Text(gettext_noop("Certificates")), state, figure=figure, at=first.issued_at.date() if first else None, href=href)


def _export(person_id: int) -> Mapping[str, Any]:
    mine = Certificate.objects.filter(nomination__person_id=person_id).order_by("issued_at")
    kept = ("code", "holder", "title", "version_label", "hours", "outcomes", "starts_on", "last_on", "issued_at", "revoked_at", "reason")
    return {"certificates": list(mine.values(*kept))}


def _merge(_dropped: int, _kept: int, _at: datetime) -> None:
    """Certificates hang on nominations, which training moves."""


def _known(principal: Principal) -> bool:
    return bool(principal.person_id)


OFFERS = Offers(
    nav=[NavOffer(Section.LEARN, gettext_noop("Certificates"), "credentials:certificates", _known, order=60)],
    thread=[_bead],
    person=PersonData(_export, erase, _merge),
    extra={"entered": on_stage, "duties": duties, "joined": join},
    demo=[DemoMaker(70, remove)],
    rest=[("/certificates", "entrepot.capacity.credentials.rest.router")],
)
