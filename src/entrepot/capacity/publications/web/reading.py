"""The shelf, a series, a publication in any of its editions, as a page and as files."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from entrepot.kernel.errors import NotFound
from entrepot.shell.papers import as_file

from .. import actions
from ..enums import Form
from ..models import Edition, Publication
from ..queries import called, contents_of, current, fetches, paper_of, sound
from ..rules import OFFICE, edition_rules, publication_rules, series_rules

_LARGEST = 32767


@require_GET
def shelf(request: Any) -> HttpResponse:
    """Every series with its publications, latest first."""
    found = list(series_rules.visible_to(request.principal).select_related("region").order_by("region__invented", "title"))
    visible = publication_rules.visible_to(request.principal).filter(series__in=found)
    by_series: dict[int, list[Publication]] = {}
    for one in visible.prefetch_related("editions").order_by("-number"):
        by_series.setdefault(one.series_id, []).append(one)
    rows = [(series, by_series.get(series.pk, [])[:6]) for series in found]
    return render(request, "publications/shelf.html", {"rows": rows, "makes": bool(request.principal.reaches(*OFFICE))})


@require_GET
def series_page(request: Any, series: str) -> HttpResponse:
    """One series, all its numbers."""
    found = series_rules.visible_to(request.principal).select_related("region").filter(code=series).first()
    if found is None:
        raise NotFound
    numbers = publication_rules.visible_to(request.principal).filter(series=found).prefetch_related("editions").order_by("-number")
    return render(request, "publications/series.html", {"series": found, "numbers": numbers[:300]})


def _publication(request: Any, series: str, number: int) -> Publication:
    visible = publication_rules.visible_to(request.principal).select_related("series__region")
    found = visible.filter(series__code=series, number=min(number, 2**31 - 1)).first()
    if found is None:
        raise NotFound
    return found


@require_GET
def publication(request: Any, series: str, number: int) -> HttpResponse:
    """The current edition, in the reader's language where there is one: the address that is cited."""
    one = _publication(request, series, number)
    visible = edition_rules.visible_to(request.principal).filter(publication=one)
    found = current(visible, request.GET.get("language", "")[:12] or get_language() or "en")
    if found is None:
        return render(request, "publications/composing.html", {"publication": one})
    return _page(request, one, found)


@require_GET
def edition(request: Any, series: str, number: int, ordinal: int, language: str) -> HttpResponse:
    """One edition, superseded or not."""
    one = _publication(request, series, number)
    return _page(request, one, _edition(request, one, ordinal, language))


def _edition(request: Any, one: Publication, ordinal: int, language: str) -> Edition:
    visible = edition_rules.visible_to(request.principal).filter(publication=one)
    found = visible.filter(ordinal=min(ordinal, _LARGEST), language=language[:12]).first()
    if found is None:
        raise NotFound
    return found


def _page(request: Any, one: Publication, found: Edition) -> HttpResponse:
    others = list(edition_rules.visible_to(request.principal).filter(publication=one).order_by("-ordinal", "language"))
    with translation.override(found.language):
        paper = paper_of(found)
    context = {
        "publication": one,
        "edition": found,
        "paper": paper,
        "contents": contents_of(paper),
        "called": called(found),
        "others": others,
        "last": others[0].ordinal,
        "superseded": found.ordinal < others[0].ordinal,
        "sound": sound(found),
        "taken": [part for part in found.parts if "taken_on" in part],
        "fetches": fetches(one) if edition_rules.may(request.principal, "count fetches", found) else None,
        "may_compose": bool(publication_rules.may(request.principal, "compose", one)),
    }
    return render(request, "publications/edition.html", context)


@require_GET
def file(request: Any, series: str, number: int, *, ordinal: int, language: str, form: str) -> HttpResponse:
    """An edition as a file; that it was fetched is counted by the reader's administration or body, never by person."""
    one = _publication(request, series, number)
    found = _edition(request, one, ordinal, language)
    home = request.user.home if request.principal.person_id and request.user.is_authenticated else None
    with translation.override(found.language):
        made = as_file(paper_of(found), form, f"{series}-{number}-{ordinal}-{found.language}", frozen=True)
    actions.fetched(found, Form(form), home)
    return made
