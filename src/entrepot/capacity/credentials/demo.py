"""Taking the practice region's certificates out again; desk makes them, since they span rooms."""

from __future__ import annotations

from entrepot.ground.keeping.api import writing

from .models import Certificate


def remove() -> None:
    """Take them out; the journal keeps that they were there."""
    with writing():
        found = Certificate.objects.filter(nomination__activity__region__invented=True)
        found.update(replaced_by=None)
        found.delete()
