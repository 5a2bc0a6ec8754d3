"""Running it again: an activity as one file, and an activity made of such a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from entrepot.kernel.errors import Invalid, NotFound
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import Text, gettext_noop
from entrepot.shell.forms import acted, page_with_form

from .. import actions
from ..rules import OFFICE, activity_rules
from .forms import KitForm

LARGEST = 60_000_000
"""Bytes of a kit's file."""


@require_GET
def kit(request: Any, uuid: UUID) -> HttpResponse:
    """The run-it-again kit of an activity."""
    shown = activity_rules.visible_to(request.principal).select_related("region", "host", "competency").filter(uuid=uuid).first()
    if shown is None:
        raise NotFound
    activity_rules.require(request.principal, "take along", shown)
    headers = {"Content-Disposition": f'attachment; filename="{shown.code}-kit.zip"'}
    return HttpResponse(actions.kit_of(shown), content_type="application/zip", headers=headers)


@require_http_methods(["GET", "POST"])
def run_again(request: Any) -> HttpResponse:
    """Bring a kit and make an activity of it."""
    if not request.principal.reaches(*OFFICE, Role.CENTRE_MANAGER):
        raise NotFound
    form = KitForm(request.POST or None, request.FILES or None, principal=request.principal)

    def act(file: Any, **values: Any) -> Any:
        if file.size > LARGEST:
            said = gettext_noop("The file is larger than %(limit)s MB.")
            raise Invalid({"file": Text(said, {"limit": LARGEST // 1_000_000})})
        return actions.run_again(by=request.principal, at=request.at, file=file.read(), **values)

    if request.method == "POST":
        made = acted(form, act)
        if made:
            messages.success(request, gettext("The activity is made as it was taught. Adapt what is different here."))
            return redirect("training:activity", made.uuid)
    context = {
        "form": form,
        "title": gettext("Run a workshop again"),
        "intro": gettext(
            "A kit holds a workshop’s agenda, papers, tests, forms and costs, and nobody’s name. It comes from “Run it again” on the "
            "page of an activity, here or at another site."
        ),
        "back": reverse("training:activities"),
        "back_title": gettext("Activities"),
        "submit": gettext("Make the activity"),
    }
    return page_with_form(request, **context)
