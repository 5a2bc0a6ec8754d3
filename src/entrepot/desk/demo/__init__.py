"""The practice pack: making it through each app's makers, and taking it out."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from uuid import UUID

from django.db import transaction

from entrepot.desk.gathered import load_packs, makers
from entrepot.ground.journal.api import action, append
from entrepot.ground.region.api import regions
from entrepot.ground.work.api import begin_clock
from entrepot.kernel.principals import SYSTEM

from . import changed, programme

PACK = UUID(int=2)


def is_made() -> bool:
    """Whether the practice region is there."""
    return any(region.invented for region in regions())


def make(*, at: datetime, seed: int = 7, people: int = 0) -> None:
    """Make the pack, whole or not at all. Same date and seed, same pack."""
    load_packs(at=at)
    with transaction.atomic():
        for maker in makers():
            if maker.make:
                maker.make(at=at, seed=seed, people=people)
        programme.make(at=at, seed=seed)
        changed.make(at=at, seed=seed)
        begin_clock(at=at)
        _note(at=at, verb="desk.demo.made", seed=seed, people=people)


def remove(*, at: datetime) -> None:
    """Take the pack out, whole or not at all."""
    with transaction.atomic():
        for maker in reversed(makers()):
            maker.remove()
        _note(at=at, verb="desk.demo.removed")


@action
def _note(*, at: datetime, verb: str, **facts: int) -> None:
    pack = SimpleNamespace(uuid=PACK, _meta=SimpleNamespace(app_label="desk", model_name="demo"))
    append(by=SYSTEM, at=at, verb=verb, thing=pack, facts=dict(facts))
