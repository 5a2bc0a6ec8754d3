"""The pages of certificates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from entrepot.capacity.training.api import PASS, nomination_rules
from entrepot.ground.access.api import arrive
from entrepot.ground.keeping.api import page
from entrepot.kernel.errors import NotFound
from entrepot.shell.inert import DRAWN
from entrepot.shell.papers import made_once, to_pdf

from .. import actions
from ..core import read_code
from ..models import Certificate
from ..papers import certificate_paper
from ..rules import certificate_rules


@require_GET
def certificates(request: Any) -> HttpResponse:
    """One's own certificates, and those of the people or activities one answers for."""
    if not request.principal.person_id:
        raise NotFound
    found = certificate_rules.visible_to(request.principal).select_related(
        "nomination__invitation__place", "nomination__activity", "replaced_by"
    )
    try:
        activity = UUID(request.GET["activity"]) if request.GET.get("activity") else None
    except ValueError:
        raise NotFound from None
    if activity:
        found = found.filter(nomination__activity__uuid=activity)
    shown = page(found, cursor=request.GET.get("cursor", ""), descending=True)
    shown_ids = [c.pk for c in shown.rows]
    may = {
        verb: set(certificate_rules.visible_to(request.principal, verb).filter(pk__in=shown_ids).values_list("pk", flat=True))
        for verb in ("revoke", "replace")
    }
    return render(request, "credentials/certificates.html", {"page": shown, "revocable": may["revoke"], "replaceable": may["replace"]})


@require_GET
def verify(request: Any) -> HttpResponse:
    """Where a code from paper is typed in."""
    typed = request.GET.get("code", "").strip()
    if code := read_code(typed):
        return redirect("credentials:verified", code)
    return render(request, "credentials/verify.html", {"code": typed}, status=422 if typed else 200)


@require_GET
def verified(request: Any, code: str) -> HttpResponse:
    """What a certificate says, for anyone who holds its code."""
    if (plain := read_code(code)) and plain != code:
        return redirect("credentials:verified", plain)
    related = ("nomination__activity__region", "nomination__activity__host", "replaced_by")
    found = Certificate.objects.select_related(*related).filter(code=plain or None).first()
    return render(request, "credentials/verified.html", {"certificate": found, "code": code}, status=200 if found else 404)


@require_GET
def certificate_file(request: Any, key: str) -> HttpResponse:
    """The certificate of a nomination as PDF, for its holder (signed in or by pass) and for those who may see it."""
    here = arrive(request.principal, key, purpose=PASS, rules=nomination_rules, at=request.at)
    visible = certificate_rules.visible_to(here.by).select_related("nomination__activity__region")
    found = visible.filter(nomination=here.record, revoked_at__isnull=True).first()
    if found is None:
        raise NotFound
    region = found.nomination.activity.region
    address = request.build_absolute_uri(f"/certificates/verify/{found.code}/")
    paper = certificate_paper(found, address=address, invented=region.invented, region=region.name)
    headers = {"Content-Disposition": f'inline; filename="certificate-{found.code}.pdf"', "Content-Security-Policy": DRAWN}
    return HttpResponse(made_once(paper, "pdf", to_pdf), content_type="application/pdf", headers=headers)


@require_POST
def revoke(request: Any, uuid: UUID) -> HttpResponse:
    """Revoke one, with a reason."""
    actions.revoke(by=request.principal, at=request.at, uuid=uuid, reason=request.POST.get("reason", ""))
    messages.success(request, gettext("Revoked. Its page says so."))
    return redirect("credentials:certificates")


@require_POST
def replace(request: Any, uuid: UUID) -> HttpResponse:
    """Issue a corrected one in its place."""
    made = actions.replace(by=request.principal, at=request.at, uuid=uuid, reason=request.POST.get("reason", ""))
    messages.success(
        request,
        gettext("Issued to %(holder)s with the code %(code)s. The earlier certificate says that it was replaced.")
        % {"holder": made.holder, "code": made.code},
    )
    return redirect("credentials:certificates")
