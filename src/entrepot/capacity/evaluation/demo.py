"""Taking the practice region's forms, answers, plans and reports out again; desk makes them, since they span rooms."""

from __future__ import annotations

from entrepot.ground.keeping.api import writing

from .models import ActionItem, Ask, Compilation, Form, Lesson, Report


def remove() -> None:
    """Take them out; the journal keeps that they were there."""
    with writing():
        Compilation.objects.filter(region__invented=True).delete()
        Lesson.objects.filter(nomination__activity__region__invented=True).delete()
        Report.objects.filter(activity__region__invented=True).delete()
        Ask.objects.filter(form__activity__region__invented=True).delete()
        ActionItem.objects.filter(nomination__activity__region__invented=True).delete()
        Form.objects.filter(activity__region__invented=True).delete()
