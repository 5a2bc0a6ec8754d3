"""Filters that templates speak with."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext

from entrepot.kernel.periods import ImpreciseDate, Precision
from entrepot.shell.words import say

register = template.Library()


@register.filter
def words(value: Any) -> str:
    """A kernel text, or an English string marked for translation, in the reader's language."""
    return say(value)


@register.filter
def roughly(value: ImpreciseDate | None) -> str:
    """An imprecise date, no more exactly than it is known."""
    if value is None:
        return ""
    match value.precision:
        case Precision.YEAR:
            return date_format(value.on, "Y")
        case Precision.MONTH:
            return date_format(value.on, "F Y")
        case Precision.BY:
            return gettext("in place by %(day)s") % {"day": date_format(value.on, "j F Y")}
        case Precision.DAY:
            return date_format(value.on, "j F Y")


@register.filter
def role_title(code: str) -> str:
    """What a role is called."""
    from entrepot.kernel.roles import ROLES, Role  # noqa: PLC0415

    return gettext(ROLES[Role(code)].title)


@register.filter
def in_words_of(place: Any, language: str) -> str:
    """A place's name in a language, or as it stands."""
    return str(place.names.get(language) or place.name)
