"""The documents that one may see; keeping one for a place; giving one up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from entrepot.ground.keeping.api import page
from entrepot.ground.region.api import place_rules
from entrepot.kernel.errors import DomainError, NotFound
from entrepot.kernel.roles import Role
from entrepot.shell.forms import show_faults

from ..actions import keep_for_place, retire
from ..enums import Visibility
from ..models import Document
from ..queries import current
from ..rules import document_rules
from ..serving import serve
from .forms import DocumentForm

_KEEPERS = (Role.HEAD, Role.REGIONAL_ADMIN, Role.NATIONAL_COORDINATOR, Role.CENTRE_MANAGER)


def _document(request: Any, uuid: UUID) -> Document:
    found = current(document_rules.visible_to(request.principal)).select_related("place").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


@require_GET
def documents(request: Any) -> HttpResponse:
    """Documents of places, latest first; `?place=` narrows to one place."""
    found = current(document_rules.visible_to(request.principal)).select_related("place")
    place = None
    if wanted := request.GET.get("place", ""):
        place = place_rules.visible_to(request.principal).filter(uuid=_uuid(wanted)).first()
        if place is None:
            raise NotFound
        found = found.filter(place=place)
    shown = page(found, cursor=request.GET.get("cursor", ""), descending=True)
    keeps = bool(request.principal.reaches(*_KEEPERS))
    return render(request, "documents/documents.html", {"page": shown, "place": place, "keeps": keeps})


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


@require_GET
def document(request: Any, uuid: UUID) -> HttpResponse:
    """One document: what it is, and the ways to get it or give it up."""
    found = _document(request, uuid)
    context = {"document": found, "may_retire": bool(document_rules.may(request.principal, "retire", found)), "Visibility": Visibility}
    return render(request, "documents/document.html", context)


@require_GET
def content(request: Any, uuid: UUID) -> HttpResponse:
    """The file itself."""
    return serve(_document(request, uuid))


@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """Keep a document for a place."""
    if not request.principal.reaches(*_KEEPERS):
        raise NotFound
    form = DocumentForm(
        request.POST or None, request.FILES or None, principal=request.principal, initial={"place": request.GET.get("place")}
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        file = values.pop("file")
        values["visibility"] = Visibility(values["visibility"])
        try:
            made = keep_for_place(by=request.principal, at=request.at, name=file.name, content=file, **values)
        except DomainError as error:
            show_faults(form, error)
        else:
            messages.success(request, gettext("Kept."))
            return redirect("documents:document", made.uuid)
    return render(request, "documents/new.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def retire_one(request: Any, uuid: UUID) -> HttpResponse:
    """Take a document out of use."""
    found = retire(by=request.principal, at=request.at, uuid=uuid)
    messages.success(request, gettext("Taken out of use; its content is removed in thirty days."))
    return redirect(f"/documents/?place={found.place.uuid}")
