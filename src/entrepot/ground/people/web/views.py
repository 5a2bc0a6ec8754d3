"""The pages of people: find, register, edit, post, end, invite, merge, erase."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from entrepot.ground.keeping.api import page
from entrepot.kernel.errors import DomainError, NotFound
from entrepot.kernel.lineages import region_of
from entrepot.kernel.roles import Role
from entrepot.shell.forms import show_faults
from entrepot.shell.fresh import require_fresh

from .. import api
from ..models import Person, Posting
from .forms import EndForm, PersonForm, PostingForm, RegisterForm

ADDRESSES = ("email", "contact_email")


def _person(request: Any, uuid: UUID, verb: str = "view") -> Person:
    found = api.with_postings(api.person_rules.visible_to(request.principal), request.at.date()).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    api.person_rules.require(request.principal, verb, found)
    return found


def _require_known(request: Any) -> None:
    if not request.principal.person_id:
        raise NotFound


@require_GET
def people(request: Any) -> HttpResponse:
    """The people this principal may see, by name."""
    _require_known(request)
    found = api.listed(api.person_rules.visible_to(request.principal))
    words = request.GET.get("q", "").strip()[:100]
    if words:
        found = api.named(found, words)
    shown = page(api.with_postings(found, request.at.date()), by="sort_name", cursor=request.GET.get("cursor", ""))
    keeps = bool(request.principal.reaches(Role.REGIONAL_ADMIN, Role.NATIONAL_COORDINATOR))
    return render(request, "people/people.html", {"page": shown, "words": words, "keeps": keeps})


@require_GET
def person(request: Any, uuid: UUID) -> HttpResponse:
    """One person: who, where, since when; and what may be done."""
    found = _person(request, uuid)
    rules, who = api.person_rules, request.principal
    postings = api.posting_rules.visible_to(who).filter(person=found).select_related("place", "seconded_from").order_by("-from_on")
    endable = set(api.posting_rules.visible_to(who, "end").filter(person=found).values_list("pk", flat=True))
    context = {
        "person": found,
        "postings": [(posting, posting.pk in endable and request.at.date() in posting.period) for posting in postings],
        **{f"may_{verb}": bool(rules.may(who, verb, found)) for verb in ("edit", "invite", "post", "erase")},
        "day": request.at.date(),
    }
    return render(request, "people/person.html", context)


@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """Register a person."""
    if not request.principal.reaches(Role.REGIONAL_ADMIN, Role.NATIONAL_COORDINATOR):
        raise NotFound
    form = RegisterForm(request.POST or None, principal=request.principal)
    if request.method == "POST" and form.is_valid():
        values = form.values()
        try:
            made = api.register(by=request.principal, at=request.at, home=values.pop("home"), **values)
        except DomainError as error:
            show_faults(form, error)
        else:
            messages.success(request, gettext("Registered. Now give them a role."))
            return redirect("people:post", made.uuid)
    return _form(request, form, gettext("Register a person"), gettext("Register"))


def _form(request: Any, form: Any, title: str, submit: str, **more: Any) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "people/form.html", {"form": form, "title": title, "submit": submit, **more}, status=status)


def _readdresses_self(request: Any, person: Person, values: dict[str, Any]) -> bool:
    """Whether someone changes where their own mail goes. Whoever sits down at another's session could take the account over by that."""
    return person.pk == request.principal.person_id and any(values[name] != (getattr(person, name) or "") for name in api.ADDRESSES)


@require_http_methods(["GET", "POST"])
def edit_person(request: Any, uuid: UUID) -> HttpResponse:
    """Change what is recorded about a person."""
    found = _person(request, uuid, "edit")
    initial = {name: getattr(found, name) for name in PersonForm.base_fields}
    form = PersonForm(request.POST or None, initial=initial)
    if not api.person_rules.may(request.principal, "change address", found):
        form.leave_addresses()
    if request.method == "POST" and form.is_valid():
        if found.pk == request.user.pk and any(form.cleaned_data[name] != initial[name] for name in ADDRESSES):
            require_fresh(request)
        try:
            api.edit(
                by=request.principal, at=request.at, uuid=uuid, values=form.values(), version=form.cleaned_data["version"] or found.version
            )
        except DomainError as error:
            show_faults(form, error)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("people:person", uuid)
    return _form(request, form, gettext("Edit"), gettext("Save"), person=found)


@require_http_methods(["GET", "POST"])
def post_person(request: Any, uuid: UUID) -> HttpResponse:
    """Give a person a role."""
    found = _person(request, uuid, "post")
    form = PostingForm(request.POST or None, region=region_of(found.home.lineage), initial={"from_on": request.at.date()})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            api.post(
                by=request.principal,
                at=request.at,
                person=found,
                role=Role(values["role"]),
                place=values["place"],
                from_on=values["from_on"],
                to_on=values["to_on"],
            )
        except DomainError as error:
            show_faults(form, error)
        else:
            messages.success(request, gettext("Recorded."))
            return redirect("people:person", uuid)
    return _form(request, form, gettext("Give a role"), gettext("Give the role"), person=found)


@require_http_methods(["GET", "POST"])
def end(request: Any, uuid: UUID) -> HttpResponse:
    """Let a posting end."""
    posting: Posting | None = api.posting_rules.visible_to(request.principal).select_related("person", "place").filter(uuid=uuid).first()
    if posting is None:
        raise NotFound
    api.posting_rules.require(request.principal, "end", posting)
    form = EndForm(request.POST or None, initial={"to_on": request.at.date()})
    if request.method == "POST" and form.is_valid():
        try:
            api.end_posting(by=request.principal, at=request.at, uuid=uuid, to_on=form.cleaned_data["to_on"])
        except DomainError as error:
            show_faults(form, error)
        else:
            messages.success(request, gettext("The posting ends on that day."))
            return redirect("people:person", posting.person.uuid)
    return _form(request, form, gettext("End a posting"), gettext("End it"), person=posting.person)
