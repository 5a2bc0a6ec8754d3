"""What is written about publications."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from entrepot.ground.notices.api import notify
from entrepot.ground.people.api import in_force
from entrepot.kernel.principals import Principal
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import Text, gettext_noop

from .models import Publication


def tell_corrected(publication: Publication, *, by: Principal, at: datetime) -> None:
    """Tell the regional office that a corrected edition was published by itself."""
    region = publication.series.region
    values = {"title": publication.title}
    roles = (Role.HEAD, Role.PROGRAMME_MANAGER)
    held = in_force(at.date()).filter(role__in=roles, place__lineage__under=region.lineage).select_related("person__home")
    for person in {posting.person for posting in held}:
        notify(
            by=by,
            at=at,
            person=person,
            kind="publications.corrected",
            title=Text(gettext_noop("A corrected edition is out: %(title)s"), values),
            body=Text(gettext_noop("A Member took something back. What changed is said on the page of “%(title)s”."), values),
            href=reverse("publications:publication", args=[publication.series.code, publication.number]),
            key=f"corrected:{publication.uuid}:{publication.editions.count()}",
        )
