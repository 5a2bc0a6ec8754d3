"""Taking the practice region's publications out again; desk makes them, since they span rooms."""

from __future__ import annotations

from entrepot.ground.keeping.api import writing

from .models import Counting, Edition, Publication, Series


def remove() -> None:
    """Take them out; the journal keeps that they were there."""
    with writing():
        Edition.objects.filter(publication__series__region__invented=True).delete()
        Publication.objects.filter(series__region__invented=True).delete()
        Series.objects.filter(region__invented=True).delete()
        Counting.objects.filter(place__invented=True).delete()
