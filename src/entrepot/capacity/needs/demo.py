"""Taking the practice region's needs out again; desk makes them, since they span rooms."""

from __future__ import annotations

from entrepot.ground.keeping.api import writing

from .models import Need


def remove() -> None:
    """Take them out; the journal keeps that they were there."""
    with writing():
        Need.objects.filter(place__invented=True).delete()
