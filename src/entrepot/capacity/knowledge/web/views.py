"""The pages of knowledge."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from entrepot.capacity.evaluation.api import action_item_rules
from entrepot.ground.keeping.api import page
from entrepot.kernel.errors import NotFound
from entrepot.kernel.roles import Role
from entrepot.shell.forms import acted

from .. import actions
from ..enums import Worked
from ..models import Practice
from ..rules import adoption_rules, practice_rules
from .forms import AdoptForm, DraftForm, PracticeForm

_DRAFTERS = (Role.NATIONAL_COORDINATOR, Role.HEAD, Role.PROGRAMME_MANAGER)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None


@require_GET
def practices(request: Any) -> HttpResponse:
    """The collection: all that is published, and what is under way of one's own."""
    found = practice_rules.visible_to(request.principal).select_related("place", "topic")
    words, topic = request.GET.get("q", "").strip()[:100], request.GET.get("topic", "")
    activity = _uuid(request.GET.get("activity", ""))
    if activity:
        found = found.filter(activity__uuid=activity)
    if words:
        found = found.filter(Q(title__icontains=words) | Q(problem__icontains=words) | Q(done__icontains=words))
    if topic:
        found = found.filter(topic__code=topic[:12])
    shown = page(found.annotate(used=Count("adoptions")), cursor=request.GET.get("cursor", ""), descending=True, size=30)

    topics = Practice.objects.filter(state="published").values_list("topic__code", "topic__title").distinct().order_by("topic__title")
    drafts = bool(request.principal.reaches(*_DRAFTERS))
    return render(request, "knowledge/practices.html", {"page": shown, "words": words, "topic": topic, "topics": topics, "drafts": drafts})


def _practice(request: Any, uuid: UUID, verb: str = "view") -> Any:
    related = ("place", "topic", "item__nomination", "activity")
    found = practice_rules.visible_to(request.principal).select_related(*related).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    practice_rules.require(request.principal, verb, found)
    return found


@require_GET
def practice(request: Any, uuid: UUID) -> HttpResponse:
    """One practice, and who used it."""
    found = _practice(request, uuid)
    may = {f"may_{verb}": bool(practice_rules.may(request.principal, verb, found)) for verb in ("edit", "clear", "publish", "retire")}
    used = adoption_rules.visible_to(request.principal).filter(practice=found).select_related("place").order_by("at")
    others = found.state == "published" and any(
        not found.place.lineage.startswith(reach) for reach in request.principal.reaches(Role.NATIONAL_COORDINATOR)
    )
    form = AdoptForm(principal=request.principal) if others else None
    parts = [(name, getattr(found, name)) for name in PracticeForm.base_fields if name in actions.TEXTS and getattr(found, name)]
    labelled = [(PracticeForm.base_fields[name].label, text) for name, text in parts]
    return render(request, "knowledge/practice.html", {"practice": found, "parts": labelled, "used": used, "form": form, **may})


@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """Draft a practice, from an action item with `?item=`."""
    if not request.principal.reaches(*_DRAFTERS):
        raise NotFound
    asked = _uuid(request.GET.get("item", ""))
    item = None
    initial: dict[str, Any] = {}
    if asked:
        visible = action_item_rules.visible_to(request.principal).select_related(
            "nomination__activity__competency", "nomination__invitation__place"
        )
        item = visible.filter(uuid=asked).first()
        if item is None:
            raise NotFound
        told = "\n".join(update.note for update in item.updates.order_by("at") if update.note)
        activity = item.nomination.activity
        initial = {
            "place": item.nomination.invitation.place_id,
            "topic": activity.competency.topic_id,
            "title": item.what,
            "problem": item.why,
            "done": item.what,
            "results": told,
            "evidence": item.indicator,
            "resources": item.support,
        }
    form = DraftForm(request.POST or None, principal=request.principal, initial=initial)
    act = partial(actions.draft, by=request.principal, at=request.at, item=item.uuid if item else None)
    if request.method == "POST":
        made = acted(form, act)
        if made:
            messages.success(request, gettext("Drafted. The Member’s coordinator is asked to clear it."))
            return redirect("knowledge:practice", made.uuid)
    return _form(request, form, gettext("Draft a good practice"), reverse("knowledge:practices"))


def _form(request: Any, form: Any, title: str, back: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": back, "back_title": gettext("Good practices")}
    return render(request, "shell/form_page.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: Any, uuid: UUID) -> HttpResponse:
    """Change a practice that is under way."""
    found = _practice(request, uuid, "edit")
    form = PracticeForm(request.POST or None, initial={name: getattr(found, name) for name in PracticeForm.base_fields})

    def act(**values: Any) -> Any:
        return actions.edit(by=request.principal, at=request.at, uuid=uuid, values=values, version=found.version)

    if request.method == "POST" and acted(form, act):
        messages.success(request, gettext("Saved."))
        return redirect("knowledge:practice", uuid)
    return _form(request, form, gettext("Edit"), reverse("knowledge:practice", args=[uuid]))


@require_POST
def move(request: Any, uuid: UUID) -> HttpResponse:
    """Clear, publish or retire."""
    acts = {"clear": actions.clear, "publish": actions.publish, "retire": actions.retire}
    act = acts.get(request.POST.get("what", ""))
    if act is None:
        raise NotFound
    act(by=request.principal, at=request.at, uuid=uuid)
    messages.success(request, gettext("Done."))
    return redirect("knowledge:practice", uuid) if act is not actions.retire else redirect("knowledge:practices")


@require_POST
def adopt(request: Any, uuid: UUID) -> HttpResponse:
    """One's Member used it."""
    found = _practice(request, uuid)
    form = AdoptForm(request.POST, principal=request.principal)

    def act(place: Any, worked: str, result: str) -> Any:
        return actions.adopt(by=request.principal, at=request.at, uuid=uuid, place=place, worked=Worked(worked), result=result)

    if acted(form, act):
        messages.success(request, gettext("Thank you: others see how it went."))
        return redirect("knowledge:practice", uuid)
    return _form(request, form, found.title, reverse("knowledge:practice", args=[uuid]))
