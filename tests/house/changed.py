"""What fills the addresses of indicators and of what changed in the access matrix: (one's own, a neighbour's) things.

Of indicators "own" is the region's and the neighbour's is one that HIGH keeps for itself; of stories "own" is a published one and the
neighbour's one that is not.
"""

from __future__ import annotations

from typing import Any

from entrepot.capacity.impact.models import Link, Plan, Story
from entrepot.ground.indicators.api import define
from entrepot.ground.indicators.models import Indicator, Series, Value


def _indicators(world: Any) -> tuple[str, str]:
    about: dict[str, Any] = {"title": "Own", "definition": "Own", "unit": "h", "direction": "up", "every": "month", "source": "Own"}
    theirs = define(by=world.principal("neighbour"), at=world.at, place=world.place("HIGH"), code="OWN", **about)
    return str(Indicator.objects.get(code="DOUBT-DAYS").uuid), str(theirs.uuid)


def _of_places(model: Any, path: str, **more: Any) -> tuple[str, str]:
    found = [model.objects.filter(**{path: code}, **more).order_by("id")[0] for code in ("ATN", "HIGH")]
    return str(found[0].uuid), str(found[1].uuid)


def _stories() -> tuple[str, str]:
    return str(Story.objects.filter(published_at__isnull=False)[0].uuid), str(Story.objects.filter(published_at__isnull=True)[0].uuid)


THINGS: dict[str, Any] = {
    "indicator": _indicators,
    "value": lambda _world: _of_places(Value, "series__place__code"),
    "series": lambda _world: _of_places(Series, "place__code"),
    "story": lambda _world: _stories(),
    "open story": lambda _world: tuple(reversed(_stories())),
    "comparison": lambda _world: (str(Plan.objects.filter(story__published_at__isnull=True)[0].uuid), ""),
    "link": lambda _world: _of_places(Link, "place__code", story__published_at__isnull=True, grade="claimed"),
}
POSTS = {
    "indicators:retire": "indicator",
    "indicators:share": "series",
    **{f"impact:{name}": "story" for name in ("look", "open", "publish")},
}
"""Addresses that take POST only."""
API_POSTS = {
    "/indicators/values/<uuid>/correct": "value",
    "/indicators/series/<uuid>/share": "series",
    **{f"/impact/stories/<uuid>/{name}": "story" for name in ("plan", "look", "publish")},
    "/impact/plans/<uuid>/open": "comparison",
    **{f"/impact/links/<uuid>/{name}": "link" for name in ("back", "measure")},
}
"""The same under /api/v1."""
