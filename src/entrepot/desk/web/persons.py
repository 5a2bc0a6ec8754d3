"""Pages about one person that span every app: their data, merging two records, erasing one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from entrepot.desk.gathered import erasers, movers, person_data, readiers
from entrepot.ground.people import api
from entrepot.kernel.errors import DomainError, NotFound
from entrepot.kernel.roles import Role
from entrepot.shell.forms import show_faults
from entrepot.shell.fresh import require_fresh


class MergeForm(forms.Form):
    """Two records of one person."""

    keep = forms.UUIDField(label=_("The record to keep (its identifier)"))
    drop = forms.UUIDField(label=_("The record to merge into it (its identifier)"))


MOST_LEGIBLE = 500_000
"""Bytes that are set in lines: what is nested deeply, as programs may send it, becomes fifty times as long so."""


def _legible(text: bytes) -> bytes:
    return msgspec.json.format(text, indent=2) if len(text) <= MOST_LEGIBLE else text


@require_GET
def my_data(request: Any) -> HttpResponse:
    """Everything that is held about oneself, as one file."""
    if not request.principal.person_id:
        raise NotFound
    held = ((app, msgspec.json.encode(data.export(request.principal.person_id), enc_hook=str)) for app, data in person_data())
    whole = b",\n".join(b'"%s": %s' % (app.encode(), _legible(text)) for app, text in held)
    response = HttpResponse(b"{\n%s\n}\n" % whole, content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@require_http_methods(["GET", "POST"])
def merge_two(request: Any) -> HttpResponse:
    """Make two records of one person one."""
    if not request.principal.reaches(Role.REGIONAL_ADMIN, Role.NATIONAL_COORDINATOR):
        raise NotFound
    form = MergeForm(request.POST or None, initial={"keep": request.GET.get("keep", "")})
    if request.method == "POST" and form.is_valid():
        try:
            both = {"movers": movers(), "before": readiers()}
            kept = api.merge(by=request.principal, at=request.at, **both, **form.cleaned_data)
        except DomainError as error:
            show_faults(form, error)
        else:
            messages.success(request, gettext("One record now."))
            return redirect("people:person", kept.uuid)
    return render(request, "desk/merge.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def erase_person(request: Any, uuid: UUID) -> HttpResponse:
    """Erase what identifies a person, after asking."""
    found = api.person_rules.visible_to(request.principal).select_related("home").filter(uuid=uuid, erased_at__isnull=True).first()
    if found is None:
        raise NotFound
    api.person_rules.require(request.principal, "erase", found)
    if request.method == "POST":
        if found.pk == request.principal.person_id:
            require_fresh(request)
        api.erase(by=request.principal, at=request.at, uuid=uuid, erasers=erasers(), before=readiers())
        ends = date_format(api.backups_end(request.at), "j F Y")
        said = gettext("Erased. Backups that were made before now still hold it; the last of them ends on %(day)s.")
        messages.success(request, said % {"day": ends})
        if found.pk == request.principal.person_id:
            logout(request)
        return redirect("desk:front")
    return render(request, "desk/erase.html", {"person": found, "ends": api.backups_end(request.at)})
