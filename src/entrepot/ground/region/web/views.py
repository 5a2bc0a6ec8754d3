"""The network on any day, each place, and keeping them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from entrepot.kernel.errors import DomainError, Invalid, NotFound
from entrepot.kernel.periods import ImpreciseDate
from entrepot.shell.forms import show_faults
from entrepot.shell.words import say

from .. import api
from ..enums import Connectivity, PlaceKind
from ..models import Place


class PlaceForm(forms.Form):
    """What is kept about a place."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Name"), max_length=160, required=False)
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    institute = forms.CharField(label=_("Institute"), max_length=200, required=False)
    connectivity = forms.ChoiceField(
        label=_("Usual line"),
        required=False,
        choices=[("", _("not known")), (Connectivity.FAST, _("fast")), (Connectivity.SLOW, _("slow")), (Connectivity.PATCHY, _("patchy"))],
    )


class TermForm(forms.Form):
    """Who takes the Vice-Chair, and when."""

    member = forms.ModelChoiceField(label=_("Member"), queryset=None)
    since = forms.CharField(label=_("From"), help_text=_("2027-07-01, or 2027-07 where only the month is known."))

    def __init__(self, *args: Any, region: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = Place.objects.filter(kind=PlaceKind.MEMBER, lineage__under=region.lineage)
        self.fields["member"].queryset = members.order_by("name")  # type: ignore[attr-defined]


@require_GET
def network_page(request: Any) -> HttpResponse:
    """The network on a day: `?on=2022-11-01`, `?region=PX`."""
    fault = ""
    day: date = request.at.date()
    try:
        day = ImpreciseDate.parse(request.GET["on"]).on if request.GET.get("on", "").strip() else day
    except Invalid as error:
        fault = say(error.faults["date"])
    found = api.regions()
    wanted = request.GET.get("region", "")
    region = next((r for r in found if r.code == wanted), found[0] if found else None)
    if region is None:
        raise NotFound
    context = {"network": api.network(region, day), "regions": found, "day": day, "fault": fault, "terms": api.terms(region)}
    past = api.event_rules.visible_to(request.principal).filter(region=region, from_on__lte=day).select_related("source")
    context["past"] = past.order_by("-from_on")[:40]
    return render(request, "region/network.html", context, status=422 if fault else 200)


def _place(request: Any, uuid: UUID, verb: str = "view") -> Place:
    found = api.place_rules.visible_to(request.principal).select_related("parent", "source").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    api.place_rules.require(request.principal, verb, found)
    return found


@require_GET
def place(request: Any, uuid: UUID) -> HttpResponse:
    """One place: what it is, what has been true of it and from which source, what stands under it."""
    found = _place(request, uuid)
    context = {
        "place": found,
        "standings": found.standings.select_related("other", "source").order_by("-from_on"),
        "hosting": found.standings_as_other.filter(kind="host").select_related("place", "source").order_by("-from_on"),
        "facilities": found.facilities.order_by("name"),
        "children": found.children.order_by("name")[:100],
        "may_edit": bool(api.place_rules.may(request.principal, "edit", found)),
        "may_hand_over": found.kind == PlaceKind.REGION and bool(api.place_rules.may(request.principal, "date", found)),
    }
    return render(request, "region/place.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: Any, uuid: UUID) -> HttpResponse:
    """Change what is kept about a place."""
    found = _place(request, uuid, "edit")
    form = PlaceForm(request.POST or None, initial={name: getattr(found, name) for name in PlaceForm.base_fields})
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        version = form.cleaned_data["version"] or found.version
        try:
            api.edit_place(by=request.principal, at=request.at, uuid=uuid, values=values, version=version)
        except DomainError as error:
            show_faults(form, error)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("region:place", uuid)
    return render(request, "region/edit.html", {"form": form, "place": found}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def hand_over(request: Any, uuid: UUID) -> HttpResponse:
    """Record who takes the Vice-Chair and when; permissions follow on that day by themselves."""
    region = _place(request, uuid, "date")
    if region.kind != PlaceKind.REGION:
        raise NotFound
    form = TermForm(request.POST or None, region=region)
    if request.method == "POST" and form.is_valid():
        try:
            since = ImpreciseDate.parse(form.cleaned_data["since"])
            api.hand_over_vice_chair(by=request.principal, at=request.at, region=region, member=form.cleaned_data["member"], since=since)
        except DomainError as error:
            show_faults(form, error)
        else:
            messages.success(request, gettext("Recorded. Permissions move on that day."))
            return redirect("region:place", uuid)
    return render(request, "region/hand_over.html", {"form": form, "place": region}, status=422 if form.errors else 200)
