"""The groups that workshops leave behind."""

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
from entrepot.kernel.texts import gettext_noop
from entrepot.shell.forms import acted, page_with_form

from .. import actions
from ..enums import Belonging
from ..queries import fellows_of, groups_of, looked_after, own_words, said_in
from ..rules import group_rules, post_rules
from .forms import OutForm, PostForm
from .people import is_off, require_person

_MOVES = {
    "join": (actions.join, gettext_noop("You are in. The others see your name now.")),
    "leave": (actions.leave, gettext_noop("You are out. The others no longer see you here; what you said stays until you take it out.")),
    "hear": (partial(actions.hear, hears=True), gettext_noop("You are told when something is said.")),
    "quiet": (partial(actions.hear, hears=False), gettext_noop("You are no longer told.")),
}


@require_GET
def groups(request: Any) -> HttpResponse:
    """One's own groups, those that one is asked to join, and those that one looks after."""
    require_person(request)
    mine = list(groups_of(request.principal))
    context = {
        "joined": [fellow for fellow in mine if fellow.belonging == Belonging.JOINED],
        "asked": [fellow for fellow in mine if fellow.belonging == Belonging.ASKED],
        "left": [fellow for fellow in mine if fellow.belonging == Belonging.LEFT],
        "looked_after": list(looked_after(request.principal)[:60]),
    }
    return render(request, "community/groups.html", context)


def _group(request: Any, uuid: UUID) -> Any:
    found = group_rules.visible_to(request.principal).select_related("activity__region", "activity__host").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


@require_http_methods(["GET", "POST"])
def group(request: Any, uuid: UUID) -> HttpResponse:
    """One group: who is in it, what was said; a place to say more."""
    found = _group(request, uuid)
    who = request.principal
    form = PostForm(request.POST or None)
    if request.method == "POST" and acted(form, partial(actions.say, by=who, at=request.at, uuid=uuid)):
        messages.success(request, gettext("Said."))
        return redirect(reverse("community:group", args=[uuid]) + "#said")
    own = found.fellows.filter(person_id=who.person_id).first()
    looks = bool(group_rules.may(who, "look after", found))
    off = is_off(who)
    joined = bool(own and own.belonging == Belonging.JOINED)
    reads = looks or (joined and not off)
    posts = said_in(who, found) if reads else own_words(who, found) if own else None
    shown = page(posts, cursor=request.GET.get("cursor", ""), size=20, descending=True) if posts is not None else None
    context = {
        "group": found,
        "own": own,
        "off": off,
        "joined": joined,
        "looks": looks,
        "fellows": fellows_of(who, found) if reads else [],
        "n": found.fellows.filter(belonging=Belonging.JOINED).count(),
        "asked": found.fellows.count(),
        "page": shown if reads or (shown and shown.rows) else None,
        "reads": reads,
        "form": form,
        "me": who.person_id,
    }
    return render(request, "community/group.html", context, status=422 if form.errors else 200)


@require_POST
def belong(request: Any, uuid: UUID) -> HttpResponse:
    """Join, leave, be told or not."""
    _group(request, uuid)
    act, words = _MOVES.get(request.POST.get("move", ""), (None, ""))
    if act is None:
        raise NotFound
    act(by=request.principal, at=request.at, uuid=uuid)
    messages.success(request, gettext(words))
    return redirect("community:group", uuid)


@require_POST
def open_group(request: Any, uuid: UUID) -> HttpResponse:
    """Open the group of an activity, or ask those who are new."""
    made = actions.open_group(by=request.principal, at=request.at, activity=uuid)
    messages.success(request, gettext("Open. Those who were there are asked to join."))
    return redirect("community:group", made.uuid)


@require_http_methods(["GET", "POST"])
def take_out(request: Any, uuid: UUID) -> HttpResponse:
    """Take a post out: one's own at once, another's with a reason."""
    found = post_rules.visible_to(request.principal).select_related("group__activity", "person").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    post_rules.require(request.principal, "take out", found)
    back = reverse("community:group", args=[found.group.uuid])
    act = partial(actions.take_out, by=request.principal, at=request.at, uuid=uuid)
    if request.method == "POST" and found.person_id == request.principal.person_id:
        act()
        messages.success(request, gettext("Taken out."))
        return redirect(back + "#said")
    form = OutForm(request.POST or None)
    if request.method == "POST" and acted(form, act):
        messages.success(request, gettext("Taken out; whoever wrote it is told why."))
        return redirect(back + "#said")
    context = {
        "form": form,
        "title": gettext("Take a post out"),
        "intro": found.text[:300],
        "submit": gettext("Take it out"),
        "tone": "stop",
        "back": back,
        "back_title": found.group.activity.title,
    }
    return page_with_form(request, **context)
