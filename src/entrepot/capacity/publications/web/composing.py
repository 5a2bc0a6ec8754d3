"""Making publications, and a Member's word on what is counted of its officers."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from entrepot.capacity.evaluation.api import ask_rules
from entrepot.capacity.knowledge.api import practice_rules
from entrepot.capacity.training.api import activity_rules
from entrepot.ground.region.api import place_rules
from entrepot.kernel.errors import NotFound
from entrepot.kernel.papers import Cover, Paper, unpacked
from entrepot.kernel.principals import SYSTEM
from entrepot.shell.forms import acted, page_with_form

from .. import actions
from ..enums import Reach, SeriesKind
from ..models import Publication
from ..rules import COORDINATOR, OFFICE, counting_rules, publication_rules
from .forms import ComposeForm, MakeForm, PublishForm, SeriesForm


def _form(request: Any, form: Any, title: str) -> HttpResponse:
    return page_with_form(request, form, title, reverse("publications:shelf"), gettext("Publications"))


@require_http_methods(["GET", "POST"])
def new_series(request: Any) -> HttpResponse:
    """Begin a series."""
    if not request.principal.reaches(*OFFICE):
        raise NotFound
    form = SeriesForm(request.POST or None, principal=request.principal)

    def act(kind: str, **values: Any) -> Any:
        return actions.begin_series(by=request.principal, at=request.at, kind=SeriesKind(kind), **values)

    if request.method == "POST":
        made = acted(form, act)
        if made:
            messages.success(request, gettext("Begun."))
            return redirect("publications:series", made.code)
    return _form(request, form, gettext("Begin a series"))


@require_http_methods(["GET", "POST"])
def make(request: Any) -> HttpResponse:
    """The next number of a series."""
    if not request.principal.reaches(*OFFICE):
        raise NotFound
    form = MakeForm(request.POST or None, principal=request.principal)

    def act(series: Any, language: str, foreword: str, reach: str, **values: Any) -> Any:
        who: dict[str, Any] = {"by": request.principal, "at": request.at}
        return actions.make(**who, series=series.uuid, forewords={language: foreword}, reach=Reach(reach), **values)

    if request.method == "POST":
        made = acted(form, act)
        if made:
            return redirect("publications:compose", made.uuid)
    return _form(request, form, gettext("A new publication"))


def _held(request: Any, uuid: UUID) -> Publication:
    found = publication_rules.visible_to(request.principal).select_related("series__region").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    publication_rules.require(request.principal, "compose", found)
    return found


@require_http_methods(["GET", "POST"])
def compose(request: Any, uuid: UUID) -> HttpResponse:
    """Choose what is compiled, and write the forewords."""
    one = _held(request, uuid)
    lineage, annual = one.series.region.lineage, one.series.kind == SeriesKind.ANNUAL
    sights = ("public", "region") if one.reach == Reach.REGION else ("public",)
    visible = practice_rules.visible_to(request.principal).filter(state="published", place__lineage__under=lineage, sight__in=sights)
    asked = ask_rules.visible_to(SYSTEM).filter(form__kind="officer").values("form__activity")
    followed = activity_rules.visible_to(request.principal).filter(region=one.series.region, pk__in=asked).order_by("-starts_on")
    initial = {
        "version": one.version,
        "title": one.title,
        "reach": one.reach,
        "practices": list(one.practices.values_list("uuid", flat=True)),
        "activities": list(one.activities.values_list("uuid", flat=True)),
    }
    chosen = None if annual else visible.select_related("place").order_by("topic__title", "title")
    form = ComposeForm(request.POST or None, practices=chosen, activities=followed, forewords=one.forewords, initial=initial)

    def act(version: int, title: str, reach: str, practices: Any = (), activities: Any = (), **_rest: Any) -> Any:
        return actions.compose(
            by=request.principal,
            at=request.at,
            uuid=uuid,
            values={"title": title, "reach": Reach(reach), "forewords": form.forewords()},
            practices=[practice.uuid for practice in practices],
            activities=[activity.uuid for activity in activities],
            version=version,
        )

    if request.method == "POST" and acted(form, act):
        messages.success(request, gettext("Saved."))
        return redirect("publications:compose", uuid)
    last = one.editions.order_by("-ordinal").first()
    context = {"publication": one, "form": form, "last": last, "publish_form": PublishForm()}
    return render(request, "publications/compose.html", context, status=422 if form.errors else 200)


@require_GET
def preview(request: Any, uuid: UUID) -> HttpResponse:
    """The publication as it would be published now, in one of its languages."""
    one = _held(request, uuid)
    language = request.GET.get("language") or next(iter(one.forewords))
    if language not in one.forewords:
        raise NotFound
    parts, _ = actions.compiled(one, language)
    with translation.override(language):
        blocks = tuple(unpacked(block) for part in parts for block in part["blocks"])
        paper = Paper(one.title, blocks, language=language, cover=Cover(one.series.title))
    return render(request, "publications/preview.html", {"publication": one, "paper": paper, "language": language})


@require_POST
def publish(request: Any, uuid: UUID) -> HttpResponse:
    """Publish an edition."""
    one = _held(request, uuid)
    form = PublishForm(request.POST)

    def act(change: str) -> Any:
        return actions.publish(by=request.principal, at=request.at, uuid=uuid, change_said=change)

    if acted(form, act):
        messages.success(request, gettext("Published, and frozen with its digest."))
        return redirect("publications:publication", one.series.code, one.number)
    return _form(request, form, one.title)


@require_http_methods(["GET", "POST"])
def counting(request: Any) -> HttpResponse:
    """A coordinator's own word: at which workshops the answers of the Member's officers may be counted in publications."""
    reach = request.principal.reaches(*COORDINATOR)
    if not reach:
        raise NotFound
    place = place_rules.visible_to(request.principal).filter(kind="member", lineage__in=reach).first()
    if place is None:
        raise NotFound
    if request.method == "POST":
        act = actions.let_count if request.POST.get("let") == "1" else actions.stop_counting
        partial(act, by=request.principal, at=request.at, place=place, activity=_uuid(request.POST.get("activity", "")))()
        messages.success(request, gettext("Done."))
        return redirect("publications:counting")
    asked = ask_rules.visible_to(SYSTEM).filter(form__kind="officer", nomination__invitation__place=place).values("form__activity")
    held = activity_rules.visible_to(request.principal).filter(pk__in=asked).order_by("-starts_on")[:200]
    let = dict(counting_rules.visible_to(request.principal).filter(place=place).values_list("activity_id", "at"))
    rows = [(activity, let.get(activity.pk)) for activity in held]
    return render(request, "publications/counting.html", {"place": place, "rows": rows})


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
