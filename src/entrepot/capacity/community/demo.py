"""Taking the practice region's community out again; desk makes it, since it spans rooms."""

from __future__ import annotations

from entrepot.ground.keeping.api import writing

from .models import Group, Letter, Post, Profile


def remove() -> None:
    """Take it out; the journal keeps that it was there."""
    with writing():
        Letter.objects.filter(sender__home__invented=True).delete()
        Post.objects.filter(group__activity__region__invented=True).delete()
        Group.objects.filter(activity__region__invented=True).delete()
        Profile.objects.filter(person__home__invented=True).delete()
