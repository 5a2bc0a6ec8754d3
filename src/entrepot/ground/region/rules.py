"""Who sees and keeps places. The network is public; what is kept about a place is changed by those who answer for it."""

from __future__ import annotations

from entrepot.ground.keeping.api import Anyone, Held, Rules
from entrepot.kernel.roles import Role

from .models import Event, Place, Standing

_ADMIN = frozenset({Role.HEAD, Role.REGIONAL_ADMIN})


class PlaceRules(Rules[Place]):
    """Everyone sees places. A centre's manager edits that centre, a coordinator that Member and its offices."""

    model = Place
    thing = "place"
    scope = "region"
    verbs = {
        "view": [Anyone()],
        "edit": [
            Held(_ADMIN, over="lineage"),
            Held(frozenset({Role.CENTRE_MANAGER}), over="lineage", when={"kind__in": ("centre", "laboratory", "dog_centre")}),
            Held(frozenset({Role.NATIONAL_COORDINATOR}), over="lineage", when={"kind__in": ("member", "office")}),
        ],
        "add under": [
            Held(_ADMIN, over="lineage"),
            Held(frozenset({Role.NATIONAL_COORDINATOR}), over="lineage", when={"kind": "member"}),
        ],
        "date": [Held(_ADMIN, over="lineage")],
        "oversee": [
            Held(frozenset({*_ADMIN, Role.PROGRAMME_MANAGER, Role.VICE_CHAIR_OFFICE}), over="lineage"),
        ],
    }


class StandingRules(Rules[Standing]):
    """Dated facts are as public as the places they are about."""

    model = Standing
    thing = "dated fact about a place"
    scope = "region"
    verbs = {"view": [Anyone()], "edit": [Held(_ADMIN)]}


class EventRules(Rules[Event]):
    """What public sources tell is public."""

    model = Event
    thing = "past event"
    scope = "region"
    verbs = {"view": [Anyone()]}


place_rules = PlaceRules()
standing_rules = StandingRules()
event_rules = EventRules()
