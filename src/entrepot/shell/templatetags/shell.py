"""Filters that templates speak with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from entrepot.kernel.languages import LANGUAGES
from entrepot.kernel.papers import Table
from entrepot.kernel.periods import ImpreciseDate, Precision
from entrepot.shell.words import say

register = template.Library()


@register.filter
def words(value: Any) -> str:
    """A kernel text, or an English string marked for translation, in the reader's language."""
    return say(value)


@register.filter
def language_name(code: str) -> str:
    """A language by its own name."""
    return LANGUAGES.get(code, code)


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


@register.simple_tag
def moment(at: datetime, zone: str = "") -> dict[str, str]:
    """An instant by the clock of a place (`zone`) and, where that differs, by the reader's own: what `<c-moment>` shows.

    The two clocks are compared at that instant, so a reader whose clock agrees in winter only sees both in summer.
    """
    here = timezone.get_current_timezone()
    try:
        there = ZoneInfo(zone) if zone else here
    except (ZoneInfoNotFoundError, ValueError):
        there = here
    local, own = at.astimezone(there), at.astimezone(here)
    said = {"iso": at.astimezone(UTC).isoformat(), "there": _clock(local, there), "here": ""}
    if local.utcoffset() != own.utcoffset():
        form = "H:i" if local.date() == own.date() else "j F Y H:i"
        time = date_format(own, form)
        # UTC is nobody's own clock: it stands for a reader whose clock is not known.
        said["here"] = f"{time} UTC" if str(here) == "UTC" else gettext("%(time)s where you are") % {"time": time}
    return said


def _clock(local: datetime, zone: Any) -> str:
    city = str(zone).rpartition("/")[2].replace("_", " ")
    return gettext("%(time)s in %(city)s") % {"time": date_format(local, "j F Y H:i"), "city": city}


@register.filter
def kind(block: object) -> str:
    """What sort of block of a paper it is."""
    return type(block).__name__


@register.filter
def barred(table: Table) -> Iterator[tuple[tuple[str, ...], float]]:
    """The rows of a paper's table, each with the length of its bar (0 where none is drawn)."""
    return zip(table.rows, table.bars or (0.0,) * len(table.rows), strict=True)


def naming(*vocabularies: Mapping[Any, str], tones: Mapping[Any, str] | None = None) -> template.Library:
    """A library whose filter `named` says in words what a code of these vocabularies means. A code has one meaning in a library.

    `tones`: how a state is drawn (`ok`, `warn`, `stop`, `sea`), for its filter `tone`; one that is not named is drawn plain.
    """
    known: dict[str, str] = {}
    for vocabulary in vocabularies:
        for code, title in vocabulary.items():
            if known.setdefault(str(code), title) != title:
                msg = f"“{code}” would be named twice"
                raise ValueError(msg)
    library = template.Library()
    library.filter("named", lambda code: gettext(known[str(code)]) if code in known else "")
    drawn = {str(code): tone for code, tone in (tones or {}).items()}
    library.filter("tone", lambda code: drawn.get(str(code), ""))
    return library
