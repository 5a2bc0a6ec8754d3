"""One's notices, what one wants by mail, and the link that switches a kind off."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from entrepot.ground.keeping.api import page
from entrepot.ground.people.api import person_rules
from entrepot.kernel.errors import DomainError, NotFound
from entrepot.kernel.principals import SYSTEM, Principal, PrincipalKind
from entrepot.shell.forms import show_faults

from ..actions import UNSUBSCRIBE, mark_read, unsubscribe, wish
from ..kinds import kind_of, kinds
from ..queries import wishes_of
from ..rendering import read_unsubscribe_secret
from ..rules import notice_rules
from .forms import WishesForm


def _require_known(request: Any) -> None:
    if not request.principal.person_id:
        raise NotFound


@require_GET
def notices(request: Any) -> HttpResponse:
    """One's notices, latest first."""
    _require_known(request)
    shown = page(notice_rules.visible_to(request.principal), cursor=request.GET.get("cursor", ""), descending=True)
    return render(request, "notices/notices.html", {"page": shown})


@require_POST
def read(request: Any, uuid: UUID) -> HttpResponse:
    """Mark a notice read, and go where it leads."""
    notice = mark_read(by=request.principal, at=request.at, uuid=uuid)
    return redirect(notice.href if notice and notice.href and "open" in request.POST else "notices:notices")


@require_POST
def read_all(request: Any) -> HttpResponse:
    """Mark all of them read."""
    _require_known(request)
    mark_read(by=request.principal, at=request.at)
    return redirect("notices:notices")


@require_http_methods(["GET", "POST"])
def wishes(request: Any) -> HttpResponse:
    """What one wants by mail, and when not."""
    _require_known(request)
    now = wishes_of(request.user)
    mailed = [kind.code for kind in kinds() if not now.silences(kind)]
    initial = {"quiet_from": now.quiet_from, "quiet_to": now.quiet_to, "mailed": mailed, "version": now.version}
    form = WishesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("quiet_from", "quiet_to", "version")}
        try:
            wish(by=request.principal, at=request.at, person=request.user, silenced=form.silenced(), **values)
        except DomainError as error:
            show_faults(form, error)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("notices:settings")
    bounced = now.bounced == request.user.email and bool(now.bounced)
    return render(request, "notices/settings.html", {"form": form, "bounced": bounced}, status=422 if form.errors else 200)


@csrf_exempt  # a mail program posts here by itself (RFC 8058); the signed address is what allows it
@require_http_methods(["GET", "POST"])
def off(request: Any, secret: str) -> HttpResponse:
    """From a mail: switch its kind off. Opening the page changes nothing (mail scanners open links); its button, or RFC 8058, does."""
    try:
        uuid, code = read_unsubscribe_secret(secret)
        kind = kind_of(code)
    except (signing.BadSignature, LookupError, ValueError):
        return render(request, "access/link_gone.html", status=404)
    person = person_rules.visible_to(SYSTEM).select_related("home").filter(uuid=uuid, is_active=True).first()
    if person is None:
        return render(request, "access/link_gone.html", status=404)
    if request.method == "POST":
        by = Principal(PrincipalKind.LINK, person.uuid, scopes=frozenset({UNSUBSCRIBE}))
        unsubscribe(by=by, at=request.at, person=person, kind=code)
    return render(request, "notices/off.html", {"kind": kind, "done": request.method == "POST"})
