"""Who sees and keeps what. Values are their Member's; the regional office sees those that are shared with it, and enters none."""

from __future__ import annotations

from entrepot.ground.keeping.api import Held, Known, Rules
from entrepot.kernel.roles import Role

from .models import Former, Indicator, Series, Value

OFFICE = frozenset({Role.HEAD, Role.PROGRAMME_MANAGER})
COORDINATOR = frozenset({Role.NATIONAL_COORDINATOR})
ENTER = COORDINATOR | {Role.ANALYST}
_REGION, _MEMBER = {"place__kind": "region"}, {"place__kind": "member"}


class IndicatorRules(Rules[Indicator]):
    """A region's definitions are for everyone who is signed in; a Member's own are its own."""

    model = Indicator
    thing = "indicator"
    scope = "indicators"
    module = "indicators"
    verbs = {
        "view": [Known(_REGION), Held(ENTER, when=_MEMBER)],
        "edit": [Held(OFFICE, when=_REGION), Held(COORDINATOR, when=_MEMBER)],
    }


class SeriesRules(Rules[Series]):
    """A series is its place's; once shared, the regional office reads it."""

    model = Series
    thing = "series of values"
    scope = "indicators"
    module = "indicators"
    verbs = {
        "view": [Held(ENTER), Held(OFFICE, when={"shared_at__isnull": False})],
        "enter": [Held(ENTER)],
        "share": [Held(COORDINATOR)],
    }


class ValueRules(Rules[Value]):
    """Seen and corrected with the series."""

    model = Value
    thing = "value of an indicator"
    scope = "indicators"
    module = "indicators"
    verbs = {
        "view": [
            Held(ENTER, over="series__place__lineage"),
            Held(OFFICE, over="series__place__lineage", when={"series__shared_at__isnull": False}),
        ],
        "correct": [Held(ENTER, over="series__place__lineage")],
    }


class FormerRules(Rules[Former]):
    """What a value was is for those who may correct it."""

    model = Former
    thing = "former value"
    scope = "indicators"
    module = "indicators"
    verbs = {"view": [Held(ENTER, over="of__series__place__lineage")]}


indicator_rules = IndicatorRules()
series_rules = SeriesRules()
value_rules = ValueRules()
former_rules = FormerRules()
