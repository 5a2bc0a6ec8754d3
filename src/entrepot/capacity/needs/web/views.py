"""The pages of needs."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from entrepot.ground.keeping.api import page
from entrepot.kernel.errors import NotFound
from entrepot.kernel.roles import Role
from entrepot.shell.forms import acted, page_with_form

from .. import actions
from ..enums import NeedState
from ..rules import OFFICE, need_rules
from .forms import NeedForm


def _need(request: Any, uuid: UUID, verb: str = "view") -> Any:
    found = need_rules.visible_to(request.principal).select_related("place", "competency__topic").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    need_rules.require(request.principal, verb, found)
    return found


def _records(request: Any) -> bool:
    return bool(request.principal.reaches(*OFFICE, Role.NATIONAL_COORDINATOR))


@require_GET
def needs(request: Any) -> HttpResponse:
    """The needs one may see, latest first; of one activity with `?activity=`."""
    if not request.principal.person_id:
        raise NotFound
    found = need_rules.visible_to(request.principal).select_related("place", "competency__topic").prefetch_related("activities")
    state = request.GET.get("state", "")
    if state in list(NeedState):
        found = found.filter(state=state)
    try:
        activity = UUID(request.GET["activity"]) if request.GET.get("activity") else None
    except ValueError:
        raise NotFound from None
    if activity:
        found = found.filter(activities__uuid=activity)
    shown = page(found, by="recorded_at", cursor=request.GET.get("cursor", ""), descending=True)
    context = {
        "page": shown,
        "state": state,
        "states": list(NeedState),
        "records": _records(request),
        "plans": bool(request.principal.reaches(*OFFICE)),
    }
    return render(request, "needs/needs.html", context)


@require_GET
def need(request: Any, uuid: UUID) -> HttpResponse:
    """One need, and the activity that answers it."""
    found = _need(request, uuid)
    may = {f"may_{verb.replace(' ', '_')}": bool(need_rules.may(request.principal, verb, found)) for verb in ("edit", "take up")}
    return render(request, "needs/need.html", {"need": found, "activities": found.activities.all(), **may})


@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """Record a need."""
    if not _records(request):
        raise NotFound
    form = NeedForm(request.POST or None, principal=request.principal)
    if request.method == "POST":
        made = acted(form, partial(actions.record, by=request.principal, at=request.at))
        if made:
            messages.success(request, gettext("Recorded. The regional office sees it."))
            return redirect("needs:need", made.uuid)
    return _form(request, form, gettext("Record a need"), reverse("needs:needs"))


def _form(request: Any, form: Any, title: str, back: str) -> HttpResponse:
    return page_with_form(request, form, title, back, gettext("Needs"))


@require_http_methods(["GET", "POST"])
def edit(request: Any, uuid: UUID) -> HttpResponse:
    """Change an open need."""
    found = _need(request, uuid, "edit")
    form = NeedForm(request.POST or None, initial={name: getattr(found, name) for name in NeedForm.base_fields})

    def act(**values: Any) -> Any:
        return actions.edit(by=request.principal, at=request.at, uuid=uuid, values=values, version=found.version)

    if request.method == "POST" and acted(form, act):
        messages.success(request, gettext("Saved."))
        return redirect("needs:need", uuid)
    return _form(request, form, gettext("Edit"), reverse("needs:need", args=[uuid]))


@require_POST
def withdraw(request: Any, uuid: UUID) -> HttpResponse:
    """Say that it is no longer a need."""
    actions.withdraw(by=request.principal, at=request.at, uuid=uuid)
    messages.success(request, gettext("Withdrawn."))
    return redirect("needs:need", uuid)
