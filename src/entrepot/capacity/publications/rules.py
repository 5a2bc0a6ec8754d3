"""Who reads and makes publications, and who lets answers be counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from entrepot.ground.keeping.api import NOTHING, Anyone, Held, Rules
from entrepot.kernel.lineages import is_under, region_of
from entrepot.kernel.principals import Principal
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import gettext_noop

from .enums import Reach
from .models import Counting, Edition, Publication, Series

OFFICE = frozenset({Role.HEAD, Role.PROGRAMME_MANAGER})
COORDINATOR = frozenset({Role.NATIONAL_COORDINATOR})


@dataclass(frozen=True)
class OfRegion:
    """Holds for people of the publication's region, once it is published; `before` leads to the publication."""

    before: str = ""
    words: str = gettext_noop("people of the region")
    roles: frozenset[Role] = frozenset()

    def q(self, principal: Principal) -> Q:
        """The publications of the principal's region."""
        reach = region_of(principal.home) if principal.person_id else ""
        if not reach:
            return NOTHING
        return Q(**{f"{self.before}series__region__lineage": reach, f"{self.before}published_at__isnull": False})

    def holds(self, principal: Principal, thing: Any) -> bool:
        """Whether this one is."""
        publication = getattr(thing, self.before.removesuffix("__")) if self.before else thing
        reach = region_of(principal.home) if principal.person_id else ""
        return bool(reach) and publication.published_at is not None and is_under(publication.series.region.lineage, reach)


class SeriesRules(Rules[Series]):
    """That a series exists is public; the regional office begins it."""

    model = Series
    thing = "series of publications"
    scope = "publications"
    verbs = {"view": [Anyone()], "keep": [Held(OFFICE, over="region__lineage")]}


class PublicationRules(Rules[Publication]):
    """Before it is published a publication is the regional office's."""

    model = Publication
    thing = "publication"
    scope = "publications"
    verbs = {
        "view": [
            Anyone(when={"published_at__isnull": False, "reach": Reach.PUBLIC}),
            OfRegion(),
            Held(OFFICE, over="series__region__lineage"),
        ],
        "compose": [Held(OFFICE, over="series__region__lineage")],
    }


class EditionRules(Rules[Edition]):
    """Every edition is seen as far as its publication, superseded ones too."""

    model = Edition
    thing = "edition of a publication"
    scope = "publications"
    verbs = {
        "view": [
            Anyone(when={"publication__published_at__isnull": False, "publication__reach": Reach.PUBLIC}),
            OfRegion("publication__"),
            Held(OFFICE, over="publication__series__region__lineage"),
        ],
        "count fetches": [Held(OFFICE, over="publication__series__region__lineage")],
    }


class CountingRules(Rules[Counting]):
    """A Member's coordinator lets answers be counted, and takes that back; the office sees who does."""

    model = Counting
    thing = "leave to count answers"
    scope = "publications"
    verbs = {"view": [Held(OFFICE | COORDINATOR)], "keep": [Held(COORDINATOR)]}


series_rules = SeriesRules()
publication_rules = PublicationRules()
edition_rules = EditionRules()
counting_rules = CountingRules()
