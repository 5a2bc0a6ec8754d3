"""What fills the addresses of the capacity wing in the access matrix: (one's own, a neighbour's) things of the practice region.

"Own" is what ATN or the whole region may see; for an activity the neighbour's is one still in design, of another centre.
"""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4

from entrepot.capacity.evaluation.models import ActionItem, Ask, Compilation, Form, Taught
from entrepot.capacity.needs.models import Need
from entrepot.capacity.records.models import Agent, Key, Statement
from entrepot.capacity.training.models import Activity, Invitation, Nomination, Session
from entrepot.ground.documents.api import keep
from entrepot.ground.work.api import now
from entrepot.kernel.principals import SYSTEM

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


def _papers(_world: Any) -> tuple[str, str]:
    return tuple(f"{one.uuid}|{_paper(one)}" for one in (_activity("confirmed"), _activity("design")))  # type: ignore[return-value]


def _participants_papers(_world: Any) -> tuple[str, str]:
    return f"{_nomination('confirmed')[0]}|{_paper(_activity('confirmed'))}", f"{_nomination('confirmed')[1]}|{uuid4()}"


def _seat(_world: Any) -> tuple[str, str]:
    mine, theirs = (Nomination.objects.select_related("invitation").get(uuid=uuid) for uuid in _nomination("confirmed"))
    return f"{mine.invitation.uuid}|{mine.uuid}", f"{theirs.invitation.uuid}|{theirs.uuid}"


def _line(_world: Any) -> tuple[str, str]:
    """A budget line of an activity of the cast's own centre, and of another's."""
    mine, theirs = (Activity.objects.get(stage=stage).budget.order_by("pk").first() for stage in ("confirmed", "design"))
    assert mine
    return str(mine.uuid), str(theirs.uuid) if theirs else ""


def _activity(stage: str) -> Activity:
    return Activity.objects.get(stage=stage)


def _paper(activity: Activity) -> str:
    text, at = io.BytesIO(b"Slides of the first day"), now()
    return str(keep(by=SYSTEM, at=at, place=activity.region, about=activity.uuid, title="Slides", name="slides.txt", content=text).uuid)


def _form(_world: Any) -> tuple[str, str]:
    """A form of an activity of the cast's own centre, and of another's."""
    mine = Form.objects.filter(activity__stage="confirmed", kind="reaction").get()
    theirs = Form.objects.filter(kind="reaction").exclude(activity__host__code="RTC-SAG").order_by("pk").first()
    assert theirs
    return str(mine.uuid), str(theirs.uuid)


def _asked(kind: str, **more: Any) -> tuple[str, str]:
    found = [Ask.objects.filter(form__kind=kind, place__code=code, **more).order_by("pk").first() for code in ("ATN", "HIGH")]
    assert all(found), kind
    return str(found[0].uuid), str(found[1].uuid)  # type: ignore[union-attr]


def _taught(world: Any) -> tuple[str, str]:
    mine = Taught.objects.filter(person=world.person("coordinator")).first()
    theirs = Taught.objects.filter(person=world.person("neighbour")).first()
    assert mine
    assert theirs
    return str(mine.uuid), str(theirs.uuid)


THINGS: dict[str, Any] = {
    "learner": lambda world: (str(world.person("officer").uuid), str(world.person("neighbour").uuid)),
    "statement": _statement,
    "record key": lambda _world: _records(Key),
    "need": lambda _world: _both(Need, "place__code", state="open"),
    "activity": lambda _world: (str(_activity("confirmed").uuid), str(_activity("design").uuid)),
    "budget line": _line,
    "paper": _papers,
    "participant's paper": _participants_papers,
    "session": lambda _world: (str(Session.objects.filter(activity__stage="confirmed")[0].uuid), ""),
    "invitation": lambda _world: _both(Invitation, "place__code", activity__stage="invitation"),
    "nomination": lambda _world: _nomination("confirmed"),
    "seat": _seat,
    "alumnus": lambda _world: _nomination("followed_up"),
    "item": lambda _world: _of_alumni(ActionItem, "nomination__"),
    "ask": lambda _world: _of_alumni(Ask, "nomination__", form__kind="officer"),
    "form": _form,
    "member's answer": lambda _world: _asked("member", form__activity__stage="followed_up"),
    "supervisor's answer": lambda _world: _asked("supervisor", form__activity__stage="followed_up"),
    "taught": _taught,
    "year": lambda _world: (str(Compilation.objects.order_by("pk")[0].uuid), ""),
    "reached": lambda _world: (str(Activity.objects.get(stage="followed_up").uuid), ""),
    **KNOWLEDGE_THINGS,
}
POSTS = {
    "desk:enter": "",
    "needs:withdraw": "need",
    **{f"training:{name}": "activity" for name in ("budget", "advance", "decide")},
    **{f"training:{name}": "nomination" for name in ("override", "withdraw")},
    "training:remove_budget": "nothing",
    "training:remove_session": "session",
    "training:remove_paper": "paper",
    "credentials:revoke": "nothing",
    "credentials:replace": "nothing",
    "evaluation:ask_now": "activity",
    "evaluation:publish": "activity",
    "evaluation:take_workbook": "ask",
    "evaluation:take_plan_workbook": "alumnus",
    "evaluation:year_again": "year",
    **KNOWLEDGE_POSTS,
}
"""Addresses that take POST only: a GET is answered 405 before anyone asks who it is."""
API_POSTS = {
    "/needs/<uuid>/withdraw": "need",
    **{f"/training/activities/<uuid>/{name}": "activity" for name in ("advance", "cancel", "decide", "trainers")},
    "/training/budget/<uuid>/spent": "budget line",
    **{f"/training/invitations/<uuid>/{name}": "invitation" for name in ("cancel", "deadline", "decline", "finish", "nominations")},
    **{f"/training/nominations/<uuid>/{name}": "nomination" for name in ("override", "release", "replace", "seat", "withdraw")},
    "/training/sessions/<uuid>/attendance": "session",
    "/training/sessions/<uuid>": "session",
    "/certificates/<uuid>/revoke": "nothing",
    "/certificates/<uuid>/replace": "nothing",
    "/evaluation/activities/<uuid>/test": "activity",
    "/evaluation/activities/<uuid>/forms": "activity",
    "/evaluation/forms/<uuid>/questions": "form",
    "/evaluation/forms/<uuid>/questions/<key>": "form",
    "/evaluation/asks/<uuid>/answer": "ask",
    "/evaluation/asks/<uuid>/clear": "member's answer",
    "/evaluation/asks/<uuid>/hand-over": "supervisor's answer",
    "/evaluation/nominations/<uuid>/lessons": "nomination",
    "/evaluation/taught/<uuid>": "taught",
    "/evaluation/nominations/<uuid>/answers/<kind>": "nomination",
    "/evaluation/nominations/<uuid>/endorse": "nomination",
    "/evaluation/items/<uuid>": "item",
    **KNOWLEDGE_API_POSTS,
}
"""The same under /api/v1; nobody at all is told 401 there."""
