"""One's own account: tokens, data, erasure; and what signed links open."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from entrepot.ground.keeping.api import Rules
from entrepot.ground.people.api import JOIN
from entrepot.kernel.errors import DomainError, NotFound
from entrepot.shell.forms import show_faults
from entrepot.shell.fresh import require_fresh

from .. import actions
from ..actions import make_token, revoke_token
from ..queries import invitation_for, link_for, principal_for_link
from ..rules import token_rules
from .forms import PasswordForm, TokenForm


def scopes() -> list[str]:
    """Every scope a token can have, from the rules themselves."""
    return sorted({f"{rules.scope}:{act}" for rules in Rules.every for act in ("read", "write")})


@require_http_methods(["GET", "POST"])
def me(request: Any) -> HttpResponse:
    """One's own account, and a new token."""
    if not request.principal.person_id:
        raise NotFound
    form = TokenForm(request.POST or None, scopes=scopes())
    secret = ""
    if request.method == "POST" and form.is_valid():
        require_fresh(request)
        try:
            _, secret = make_token(by=request.principal, at=request.at, person=request.user, known_scopes=scopes(), **form.cleaned_data)
        except DomainError as error:
            show_faults(form, error)
        else:
            form = TokenForm(scopes=scopes())
    tokens = list(token_rules.visible_to(request.principal).filter(person=request.user).order_by("-made_at"))
    for token in tokens:
        token.is_over = token.ends_at <= request.at or token.credentials_version != request.user.credentials_version
    return render(request, "access/me.html", {"form": form, "secret": secret, "tokens": tokens})


@require_POST
def revoke(request: Any, uuid: UUID) -> HttpResponse:
    """End a token."""
    revoke_token(by=request.principal, at=request.at, uuid=uuid)
    messages.success(request, gettext("Revoked."))
    return redirect("access:me")


@require_POST
def invite(request: Any, uuid: UUID) -> HttpResponse:
    """Make the link by which a person chooses a first password, and show it once."""
    found, secret = actions.invite(by=request.principal, at=request.at, uuid=uuid)
    link = request.build_absolute_uri(f"/me/join/{secret}/")
    return render(request, "access/invited.html", {"person": found, "link": link})


@require_http_methods(["GET", "POST"])
def join(request: Any, secret: str) -> HttpResponse:
    """By a signed link: choose a first password."""
    try:
        link = link_for(secret, purpose=JOIN, at=request.at)
    except NotFound:
        link = None
    if link is None or not invitation_for(link, link.person, request.at):
        return render(request, "access/link_gone.html", status=404)
    form = PasswordForm(request.POST or None, person=link.person)
    if request.method == "POST" and form.is_valid():
        actions.join(by=principal_for_link(link), at=request.at, link=link, password=form.cleaned_data["password"])
        messages.success(request, gettext("Your password is set. Sign in with it."))
        return redirect("account_login")
    return render(request, "access/join.html", {"form": form, "person": link.person}, status=422 if form.errors else 200)
