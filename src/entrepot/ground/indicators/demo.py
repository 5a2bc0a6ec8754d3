"""Taking the practice region's indicators out again; desk makes them, since their values belong to the activities' story."""

from __future__ import annotations

from entrepot.ground.keeping.api import writing

from .models import Indicator, Series


def remove() -> None:
    """Take them out; the journal keeps that they were there."""
    with writing():
        Series.objects.filter(place__invented=True).delete()
        Indicator.objects.filter(place__invented=True).delete()
