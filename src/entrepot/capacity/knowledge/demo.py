"""Taking the practice region's practices out again; desk makes them, since they span rooms."""

from __future__ import annotations

from entrepot.ground.keeping.api import writing

from .models import Initiative, Practice, Question, Review, Round


def remove() -> None:
    """Take them out; the journal keeps that they were there."""
    with writing():
        Question.objects.filter(place__invented=True).delete()
        Review.objects.filter(practice__place__invented=True).delete()
        Practice.objects.filter(place__invented=True).delete()
        Initiative.objects.filter(place__invented=True).delete()
        Round.objects.filter(region__invented=True).delete()
