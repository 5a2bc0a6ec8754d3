"""What fills the addresses of the capacity wing in the access matrix: (one's own, a neighbour's) things of the practice region.

"Own" is what ATN or the whole region may see; for an activity the neighbour's is one still in design, of another centre.
"""

from __future__ import annotations

from typing import Any

from entrepot.capacity.evaluation.models import ActionItem, Ask
from entrepot.capacity.needs.models import Need
from entrepot.capacity.records.models import Agent, Key, Statement
from entrepot.capacity.training.models import Activity, Invitation, Nomination, Session

from .knowledge import API_POSTS as KNOWLEDGE_API_POSTS
from .knowledge import POSTS as KNOWLEDGE_POSTS
from .knowledge import THINGS as KNOWLEDGE_THINGS


def _both(model: Any, path: str, **more: Any) -> tuple[str, str]:
    found = [model.objects.filter(**{path: code}, **more).order_by("-id").first() for code in ("ATN", "HIGH")]
    assert all(found), model
    return str(found[0].uuid), str(found[1].uuid)


def _nomination(stage: str) -> tuple[str, str]:
    mine = Nomination.objects.get(activity__stage=stage, person__email="officer@practice.example", outcome="seat")
    theirs = Nomination.objects.filter(activity__stage=stage, invitation__place__code="HIGH", outcome="seat").first()
    assert theirs
    return str(mine.uuid), str(theirs.uuid)


def _of_alumni(model: Any, path: str, **more: Any) -> tuple[str, str]:
    mine = model.objects.filter(**{f"{path}person__email": "officer@practice.example"}, **more).first()
    theirs = model.objects.filter(**{f"{path}invitation__place__code": "HIGH"}, **more).first()
    assert mine
    assert theirs
    return str(mine.uuid), str(theirs.uuid)


def _records(model: Any, **more: Any) -> tuple[str, str]:
    found = model.objects.filter(place__invented=True, **more).order_by("pk")
    return str(found.filter(place__code="ATN")[0].uuid), str(found.filter(place__code="HIGH")[0].uuid)


def _statement(_world: Any) -> tuple[str, str]:
    # About someone who has no part in the cast, as everyone may read their own.
    return _records(Statement, actor__in=Agent.objects.filter(person__email__isnull=True, person__isnull=False).values("key"))


THINGS: dict[str, Any] = {
    "learner": lambda world: (str(world.person("officer").uuid), str(world.person("neighbour").uuid)),
    "statement": _statement,
    "record key": lambda _world: _records(Key),
    "need": lambda _world: _both(Need, "place__code", state="open"),
    "activity": lambda _world: (str(Activity.objects.get(stage="confirmed").uuid), str(Activity.objects.get(stage="design").uuid)),
    "session": lambda _world: (str(Session.objects.filter(activity__stage="confirmed")[0].uuid), ""),
    "invitation": lambda _world: _both(Invitation, "place__code", activity__stage="invitation"),
    "nomination": lambda _world: _nomination("confirmed"),
    "alumnus": lambda _world: _nomination("followed_up"),
    "item": lambda _world: _of_alumni(ActionItem, "nomination__"),
    "ask": lambda _world: _of_alumni(Ask, "nomination__", form__kind="officer"),
    **KNOWLEDGE_THINGS,
}
POSTS = {
    "desk:enter": "",
    "needs:withdraw": "need",
    **{f"training:{name}": "activity" for name in ("budget", "advance", "decide")},
    **{f"training:{name}": "nomination" for name in ("override", "withdraw")},
    "training:remove_budget": "nothing",
    "training:remove_session": "session",
    "credentials:revoke": "nothing",
    "evaluation:ask_now": "activity",
    "evaluation:publish": "activity",
    **KNOWLEDGE_POSTS,
}
"""Addresses that take POST only: a GET is answered 405 before anyone asks who it is."""
API_POSTS = {
    "/needs/<uuid>/withdraw": "need",
    **{f"/training/activities/<uuid>/{name}": "activity" for name in ("advance", "budget", "cancel", "decide", "trainers")},
    **{f"/training/invitations/<uuid>/{name}": "invitation" for name in ("decline", "finish", "nominations")},
    **{f"/training/nominations/<uuid>/{name}": "nomination" for name in ("override", "release", "seat", "withdraw")},
    "/training/sessions/<uuid>/attendance": "session",
    "/certificates/<uuid>/revoke": "nothing",
    "/evaluation/activities/<uuid>/test": "activity",
    "/evaluation/asks/<uuid>/answer": "ask",
    "/evaluation/nominations/<uuid>/answers/<kind>": "nomination",
    "/evaluation/nominations/<uuid>/endorse": "nomination",
    "/evaluation/items/<uuid>": "item",
    **KNOWLEDGE_API_POSTS,
}
"""The same under /api/v1; nobody at all is told 401 there."""
