"""Giving one's short code to open a link, and reading it to somebody else."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from entrepot.ground.limits.api import counted_address, guessing
from entrepot.kernel.errors import Invalid, NotFound

from ..codes import PROVED, change_code, code_of, is_code_of, proof_of, whose_code
from ..models import Link
from ..queries import LinkGone, digest_of

_MOST = 40


class CodeForm(forms.Form):
    """The code, and where to go on."""

    code = forms.CharField(label=_("Short code"), max_length=40, widget=forms.TextInput(attrs={"autocapitalize": "characters"}))
    next = forms.CharField(widget=forms.HiddenInput, max_length=500)


def _link_of(path: str, at: Any) -> Link:
    try:
        parts = resolve(path).kwargs
    except Resolver404:
        raise NotFound from None
    secret = str(parts.get("key") or parts.get("secret") or "")
    link = Link.objects.select_related("person").filter(digest=digest_of(secret), used_at__isnull=True, ends_at__gt=at).first()
    if link is None:
        raise LinkGone
    return link


@require_POST
def give(request: Any) -> HttpResponse:
    """Give the code of a link that asks for one, and go on to its page."""
    form = CodeForm(request.POST)
    path = str(request.POST.get("next", ""))
    link = _link_of(path, request.at)
    if form.is_valid():
        try:
            with guessing("failures.code", str(link.person.uuid), address=counted_address(request), at=request.at):
                if not is_code_of(link.person, form.cleaned_data["code"]):
                    raise Invalid({"code": gettext("This is not the code. Ask your coordinator for it; letters and digits only.")})
        except Invalid as error:
            form.add_error("code", str(error.faults["code"]))
        else:
            request.session[PROVED] = [*request.session.get(PROVED, [])[-_MOST:], [proof_of(link), time.time()]]
            return redirect(path)
    return render(request, "access/code.html", {"form": form, "path": path}, status=422)


@require_http_methods(["GET", "POST"])
def short_code(request: Any, uuid: UUID) -> HttpResponse:
    """The short code of a person, to be read to them; posted, they get another."""
    if request.method == "POST":
        change_code(by=request.principal, at=request.at, uuid=uuid)
        return redirect("access:short_code", uuid)
    person = whose_code(request.principal, uuid)
    return render(request, "access/short_code.html", {"person": person, "code": code_of(person)})
