"""Taking the practice region's activities out again; desk makes them, since they span rooms."""

from __future__ import annotations

from entrepot.ground.keeping.api import writing

from .models import Activity, Attendance, Invitation, Nomination, Offer


def remove() -> None:
    """Take them out; the journal keeps that they were there."""
    with writing():
        Offer.objects.filter(nomination__activity__region__invented=True).delete()
        Attendance.objects.filter(session__activity__region__invented=True).delete()
        Nomination.objects.filter(activity__region__invented=True).delete()
        Invitation.objects.filter(activity__region__invented=True).delete()
        Activity.objects.filter(region__invented=True).delete()
