"""What fills the addresses of knowledge and publications in the access matrix.

A practice under way is ATN's own; beside it stands one that is published for all. `|` parts what fills two holes of an address.
"""

from __future__ import annotations

import io
from typing import Any

from entrepot.capacity.knowledge.models import Initiative, Practice, Question, Round
from entrepot.capacity.publications.models import Publication
from entrepot.ground.documents.api import keep
from entrepot.kernel.principals import SYSTEM


def _one(found: Any) -> str:
    thing = found.order_by("-id").first()
    assert thing, found.model
    return str(thing.uuid)


def _practice(_world: Any) -> tuple[str, str]:
    public = Practice.objects.filter(state="published", sight="public").exclude(place__code__in=("ATN", "HIGH"))
    return _one(Practice.objects.filter(state="draft", place__code="ATN")), _one(public)


def _filed(world: Any) -> tuple[str, str]:
    pairs = []
    for key in _practice(world):
        practice = Practice.objects.select_related("place").get(uuid=key)
        text = io.BytesIO(b"nobody else's business")
        kept = keep(by=SYSTEM, at=world.at, place=practice.place, about=practice.uuid, title="Paper", name="paper.txt", content=text)
        pairs.append(f"{key}|{kept.uuid}")
    return pairs[0], pairs[1]


def _shelved() -> str:
    one = Publication.objects.select_related("series").get(series__code="px-good-practice", number=2)
    return f"{one.series.code}|{one.number}"


THINGS: dict[str, Any] = {
    "practice": _practice,
    "practice of one's own in sight": lambda _world: (
        _one(Practice.objects.filter(state="published", place__code="ATN")),
        _one(Practice.objects.filter(state="published", place__code="HIGH")),
    ),
    "file of a practice": _filed,
    "practice in a language": lambda world: tuple(f"{key}|fr" for key in _practice(world)),
    "round": lambda _world: (_one(Round.objects.filter(region__code="PX")), ""),
    "initiative": lambda _world: (_one(Initiative.objects.all()), ""),
    "publication": lambda _world: (_shelved(), ""),
    "publication's uuid": lambda _world: (_one(Publication.objects.filter(number=2)), ""),
    "edition": lambda _world: (f"{_shelved()}|1|en", ""),
    "edition by uuid": lambda _world: (f"{_one(Publication.objects.filter(number=2))}|1|en", ""),
    "question": lambda _world: (_one(Question.objects.filter(practice__isnull=False)), ""),
}
POSTS = {
    **{f"knowledge:{name}": "practice" for name in ("move", "adopt", "ask", "attach", "ask_review", "review")},
    "knowledge:detach": "file of a practice",
    "knowledge:promote": "initiative",
    "knowledge:ask_centre": "initiative",
    "knowledge:answer": "question",
    "publications:publish": "publication's uuid",
}
_DONE = ("adoptions", "clear", "publish", "retire", "withdraw", "reviewers", "review")
API_POSTS = {
    "/knowledge/practices/<uuid>/translations/<language>": "practice in a language",
    **{f"/knowledge/practices/<uuid>/{name}": "practice" for name in _DONE},
    "/knowledge/questions/<uuid>/answer": "question",
    "/knowledge/initiatives/<uuid>/promote": "initiative",
    "/publications/publications/<uuid>/publish": "publication's uuid",
    "/publications/counting": "",
}
