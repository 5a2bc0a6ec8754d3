"""Taking the practice region's stories out again; desk makes them, since they span rooms."""

from __future__ import annotations

from entrepot.ground.keeping.api import writing

from .models import Story


def remove() -> None:
    """Take them out; the journal keeps that they were there."""
    with writing():
        Story.objects.filter(activity__region__invented=True).delete()
