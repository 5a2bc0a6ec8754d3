"""What is written about practices."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from entrepot.ground.notices.api import notify
from entrepot.ground.people.api import in_force
from entrepot.kernel.principals import Principal
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import Text, gettext_noop

from .models import Adoption, Practice


def _to_coordinators(practice: Practice, *, by: Principal, at: datetime, kind: str, title: Text, body: Text, key: str) -> None:
    href = reverse("knowledge:practice", args=[practice.uuid])
    held = in_force(at.date()).filter(role=Role.NATIONAL_COORDINATOR, place=practice.place).select_related("person__home")
    for posting in held:
        notify(by=by, at=at, person=posting.person, kind=kind, title=title, body=body, href=href, key=key)


def ask_clearance(practice: Practice, *, by: Principal, at: datetime) -> None:
    """Ask the Member whether a practice may be published."""
    values = {"title": practice.title}
    title = Text(gettext_noop("Clear a practice for publication: %(title)s"), values)
    body = Text(gettext_noop("“%(title)s” is drafted from what your officers did. Nothing is published before you clear it."), values)
    key = f"clear:{practice.uuid}:{practice.version}"
    _to_coordinators(practice, by=by, at=at, kind="knowledge.clearance", title=title, body=body, key=key)


def tell_adopted(adoption: Adoption, *, by: Principal, at: datetime) -> None:
    """Tell the Member that another one has used its practice."""
    values = {"title": adoption.practice.title, "member": adoption.place.name}
    title = Text(gettext_noop("%(member)s used your practice “%(title)s”"), values)
    body = Text(gettext_noop("%(member)s says how it went on the page of the practice."), values)
    key = f"adopted:{adoption.uuid}:{adoption.version}"
    _to_coordinators(adoption.practice, by=by, at=at, kind="knowledge.adopted", title=title, body=body, key=key)
