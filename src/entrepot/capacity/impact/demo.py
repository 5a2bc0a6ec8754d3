"""Taking the practice region's stories out again; desk makes them, since they span rooms."""

from __future__ import annotations

from datetime import datetime

from entrepot.ground.keeping.api import writing

from .models import Story


def make(*, at: datetime, seed: int, people: int) -> None:
    """Nothing: see `desk.demo`."""
    del at, seed, people


def remove() -> None:
    """Take them out; the journal keeps that they were there."""
    with writing():
        Story.objects.filter(activity__region__invented=True).delete()
