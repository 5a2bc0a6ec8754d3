"""Loading a catalogue."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files

from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.kernel.principals import SYSTEM

from .core import read_pack
from .models import Competency, Topic


@action
def load_catalogue(*, at: datetime, name: str = "first") -> None:
    """Load the pack `name`: what is not there yet is added, what is there stays as it is."""
    pack = read_pack(files("entrepot.capacity.competencies").joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    topics = {topic.code: topic for topic in Topic.objects.all()}
    known = set(Competency.objects.values_list("code", flat=True))
    nothing_done()
    for code, title in pack.topics.items():
        if code not in topics:
            topics[code] = Topic.objects.create(code=code, title=title)
            append(by=SYSTEM, at=at, verb="competencies.topic.added", thing=topics[code], facts={"code": code})
    for row in pack.competencies:
        if row.code not in known:
            made = Competency.objects.create(code=row.code, topic=topics[row.topic], group=row.group, title=row.title)
            append(by=SYSTEM, at=at, verb="competencies.competency.added", thing=made, facts={"code": row.code})
