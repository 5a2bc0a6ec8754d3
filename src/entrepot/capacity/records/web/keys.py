"""Keys of clients: seen, made, rotated, revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from entrepot.ground.region.api import place_rules
from entrepot.kernel.errors import DomainError, NotFound
from entrepot.kernel.roles import Role
from entrepot.shell.forms import show_faults

from .. import api
from ..enums import Scope
from ..models import Key
from ..offers import counts

_SAID = {
    Scope.WRITE: _("write statements"),
    Scope.READ: _("read all statements of the place"),
    Scope.READ_MINE: _("read the statements that it wrote itself"),
    Scope.STATE: _("keep state documents"),
    Scope.PROFILE: _("keep profile documents"),
    Scope.DEFINE: _("define activities"),
    Scope.ALL_READ: _("read everything"),
    Scope.ALL: _("everything"),
}


class KeyForm(forms.Form):
    """A new key."""

    name = forms.CharField(label=_("Which client it is for"), max_length=80)
    place = forms.ModelChoiceField(label=_("Place whose records it brings"), queryset=None)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        widget=forms.CheckboxSelectMultiple,
        choices=[(scope.value, said) for scope, said in _SAID.items()],
        initial=[Scope.WRITE, Scope.DEFINE, Scope.READ_MINE, Scope.STATE, Scope.PROFILE],
    )

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places  # type: ignore[attr-defined]


def _places(principal: Any) -> Any:
    """The places for which the principal makes keys."""
    reach = principal.reaches(Role.NATIONAL_COORDINATOR, Role.CENTRE_MANAGER)
    region = principal.reaches(Role.REGIONAL_ADMIN)
    places = place_rules.visible_to(principal)
    found = places.none()
    for lineage in reach:
        found |= places.filter(lineage__under=lineage)
    for lineage in region:
        found |= places.filter(lineage__under=lineage, kind__in=("region", "regional_office"))
    return found.order_by("lineage")


@require_http_methods(["GET", "POST"])
def keys(request: Any) -> HttpResponse:
    """The keys that one may see, and a new one."""
    if not counts(request.principal):
        raise NotFound
    places = _places(request.principal)
    form = KeyForm(request.POST or None, places=places)
    issued = None
    if request.method == "POST" and form.is_valid():
        try:
            issued = api.make_key(by=request.principal, at=request.at, **form.cleaned_data)
        except DomainError as error:
            show_faults(form, error)
        else:
            form = KeyForm(places=places)
    return _page(request, form if places.exists() else None, issued, status=422 if form.errors else 200)


def _page(request: Any, form: Any, issued: Any, status: int = 200) -> HttpResponse:
    found = api.key_rules.visible_to(request.principal).select_related("place").order_by("revoked_at", "place__lineage", "-made_at")
    may = {verb: set(api.key_rules.visible_to(request.principal, verb).values_list("pk", flat=True)) for verb in ("rotate", "revoke")}
    rows = [
        (key, key.pk in may["rotate"] and not key.revoked_at, key.pk in may["revoke"] and not key.revoked_at, _may(key)) for key in found
    ]
    context = {"form": form, "issued": issued, "rows": rows, "endpoint": request.build_absolute_uri("/xapi")}
    return render(request, "records/keys.html", context, status=status)


def _may(key: Key) -> list[Any]:
    """What a key may do, in words."""
    return [_SAID[Scope(scope)] for scope in key.scopes]


@require_POST
def rotate(request: Any, uuid: UUID) -> HttpResponse:
    """A new secret, shown once; the old one is good for a day more, so that the client can be moved over."""
    issued = api.rotate_key(by=request.principal, at=request.at, uuid=uuid, overlap=timedelta(days=1))
    places = _places(request.principal)
    return _page(request, KeyForm(places=places) if places.exists() else None, issued)


@require_POST
def revoke(request: Any, uuid: UUID) -> HttpResponse:
    """End a key."""
    api.revoke_key(by=request.principal, at=request.at, uuid=uuid)
    messages.success(request, gettext("Revoked. What it brought stays."))
    return redirect("records:keys")
