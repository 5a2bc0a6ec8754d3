"""Who reads and makes publications, and who lets answers be counted."""

from __future__ import annotations

from entrepot.ground.keeping.api import Anyone, FromRegion, Held, Rules
from entrepot.kernel.roles import Role

from .enums import Reach
from .models import Counting, Edition, Publication, Series

OFFICE = frozenset({Role.HEAD, Role.PROGRAMME_MANAGER})
COORDINATOR = frozenset({Role.NATIONAL_COORDINATOR})


def _of_region(before: str = "") -> FromRegion:
    """People of the publication's region, once it is published; `before` leads to the publication."""
    return FromRegion(f"{before}series__region__lineage", {f"{before}published_at__isnull": False})


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
            _of_region(),
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
            _of_region("publication__"),
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
