"""Finding people, one's own profile, and writing to someone."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from entrepot.ground.keeping.api import page
from entrepot.kernel.errors import NotFound
from entrepot.kernel.languages import LANGUAGES
from entrepot.kernel.principals import Principal
from entrepot.shell.forms import acted
from entrepot.shell.narrowing import narrowing

from .. import actions
from ..enums import Sight
from ..queries import Seek, facets, groups_of, listed, own_profile, shown
from ..rules import fellow_rules, profile_rules
from .forms import ProfileForm, WordsForm


def require_person(request: Any) -> None:
    """Answer that there is nothing here, to whoever is not a person."""
    if not request.principal.person_id:
        raise NotFound


def is_off(principal: Principal) -> bool:
    """Whether one's Member has switched the community off: one takes back what one gave, and no more."""
    return "community" in principal.off


@require_GET
def people(request: Any) -> HttpResponse:
    """Those who have opened their profile to the reader; by words, topic, language and Member."""
    require_person(request)
    asked = {name: request.GET.get(name, "").strip()[:100] for name in ("q", "topic", "language", "member")}
    seek = Seek(asked["q"], asked["topic"], asked["language"], asked["member"])
    found = listed(request.principal, seek)
    counted = facets(found)
    groups = [
        narrowing(request, "topic", gettext("Topic"), [(code, gettext(title), n) for code, title, n in counted["topic"]]),
        narrowing(request, "language", gettext("Language"), [(code, LANGUAGES.get(code, code), n) for code, _, n in counted["language"]]),
        narrowing(request, "member", gettext("Member"), counted["member"]),
    ]
    mine = own_profile(request.principal).first()
    context = {
        "page": page(shown(found), by="name", cursor=request.GET.get("cursor", ""), size=30),
        "words": seek.words,
        "groups": groups,
        "narrowed": any(asked.values()),
        "mine": mine,
        "open": bool(mine and mine.sight != Sight.PRIVATE),
        "belongs": list(groups_of(request.principal)[:4]),
    }
    return render(request, "community/people.html", context)


@require_http_methods(["GET", "POST"])
def mine(request: Any) -> HttpResponse:
    """One's own profile, to write and to open or close."""
    require_person(request)
    kept = own_profile(request.principal).first()
    initial: dict[str, Any] = {}
    if kept:
        initial = {name: getattr(kept, name) for name in ("sight", "headline", "ask_me", "about", "version")}
        initial |= {"topics": list(kept.topics.all()), "languages": [one.language for one in kept.tongues.all()]}
    form = ProfileForm(request.POST or None, initial=initial)

    def act(version: int | None, **values: Any) -> Any:
        return actions.keep_profile(by=request.principal, at=request.at, values=values, version=version)

    if request.method == "POST" and (saved := acted(form, act)):
        closed = saved.sight == Sight.PRIVATE
        messages.success(request, gettext("Kept; nobody but you sees it.") if closed else gettext("Kept. This is how others see it."))
        return redirect("community:mine") if closed else redirect("community:profile", saved.uuid)
    return render(
        request,
        "community/mine.html",
        {"form": form, "profile": kept, "off": is_off(request.principal)},
        status=422 if form.errors else 200,
    )


@require_POST
def delete(request: Any) -> HttpResponse:
    """Take away what one has said of oneself."""
    require_person(request)
    actions.delete_profile(by=request.principal, at=request.at)
    messages.success(request, gettext("Your profile is gone."))
    return redirect("community:mine")


@require_http_methods(["GET", "POST"])
def profile(request: Any, uuid: UUID) -> HttpResponse:
    """One person as they show themself; and a letter to them."""
    who = request.principal
    found = profile_rules.visible_to(who).select_related("person__home").prefetch_related("topics", "tongues").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    own = found.person_id == who.person_id
    kept = own_profile(request.principal).first()
    form = WordsForm(request.POST or None)
    if request.method == "POST" and acted(form, partial(actions.write, by=who, at=request.at, uuid=uuid)):
        messages.success(request, gettext("Sent. They find it among their notices and can answer on your profile."))
        return redirect("community:profile", uuid)
    shared = fellow_rules.visible_to(who).filter(person_id=found.person_id, belonging="joined").select_related("group__activity")
    reach = {Sight.REGION.value: True, Sight.ADMINISTRATION.value: found.person.home.lineage == who.home}
    context = {
        "profile": found,
        "own": own,
        "may_write": not own and bool(profile_rules.may(who, "write to", found)),
        "seen": bool(kept and reach.get(kept.sight)),
        "shared": list(shared.order_by("-joined_at")[:20]),
        "languages": [LANGUAGES.get(one.language, one.language) for one in found.tongues.all()],
        "form": form,
    }
    return render(request, "community/profile.html", context, status=422 if form.errors else 200)
