"""Pages of selection."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from entrepot.kernel.errors import NotFound
from entrepot.shell.tables import as_table

from .. import actions
from ..actions import OverLimit
from ..enums import Outcome, Override, Stage
from ..papers import nominee_table
from ..queries import balance
from ..rules import nomination_rules
from .activities import found


@require_GET
def selection(request: Any, uuid: UUID) -> HttpResponse:
    """Everyone nominated, what was decided and why, and the balance of those with a seat."""
    activity = found(request, uuid, "select")
    rows = list(
        nomination_rules.visible_to(request.principal)
        .filter(activity=activity, withdrawn_at__isnull=True)
        .select_related("person", "invitation__place")
        .prefetch_related("offers")
    )
    order = {Outcome.SEAT: 0, Outcome.WAITING: 1, Outcome.NONE: 2, Outcome.OUT: 3}
    rows.sort(key=lambda n: (order[Outcome(n.outcome)], n.line, n.rank, n.submitted_at))
    context = {
        "activity": activity,
        "rows": rows,
        "balance": balance(rows),
        "deciding": activity.stage == Stage.SELECTION,
        "decided": any(row.decided_at for row in rows),
    }
    return render(request, "training/selection.html", context)


@require_GET
def nominees_file(request: Any, uuid: UUID, form: str) -> HttpResponse:
    """The nominees that one may see, with what was decided and why, as a table to work on."""
    activity = found(request, uuid)
    if not request.principal.is_known:
        raise NotFound
    rows = nomination_rules.visible_to(request.principal).filter(activity=activity).select_related("person", "invitation__place")
    titles, cells = nominee_table(rows.order_by("invitation__place__name", "rank", "id"))
    return as_table(form, f"{activity.code}-nominees", titles, cells)


@require_POST
def decide(request: Any, uuid: UUID) -> HttpResponse:
    """Decide on everyone by the criteria."""
    actions.decide(by=request.principal, at=request.at, uuid=uuid)
    messages.success(request, gettext("Decided by the criteria. Nothing is sent before you confirm the seats."))
    return redirect("training:selection", uuid)


@require_POST
def override(request: Any, uuid: UUID) -> HttpResponse:
    """Let someone in or keep them out, by name and with a note."""
    way, note = request.POST.get("way", ""), request.POST.get("note", "")
    if way not in list(Override):
        raise NotFound
    meant = {"way": Override(way), "note": note, "over_limit": request.POST.get("over_limit") == "1"}
    try:
        nomination = actions.override(by=request.principal, at=request.at, uuid=uuid, **meant)
    except OverLimit as error:
        return _ask_whether_meant(request, uuid, error, note)
    messages.success(request, gettext("Recorded with your note, and decided anew."))
    return redirect("training:selection", nomination.activity.uuid)


def _ask_whether_meant(request: Any, uuid: UUID, error: OverLimit, note: str) -> HttpResponse:
    asked = nomination_rules.visible_to(request.principal).select_related("activity", "person").get(uuid=uuid)
    context = {"nomination": asked, "activity": asked.activity, "why": error.text, "note": note}
    return render(request, "training/over_limit.html", context, status=error.status)


@require_POST
def withdraw(request: Any, uuid: UUID) -> HttpResponse:
    """Take a nomination back; a confirmed seat is offered to the next in line."""
    nomination = actions.withdraw(by=request.principal, at=request.at, uuid=uuid)
    messages.success(request, gettext("Withdrawn. If a seat came free, it is offered to the next in line."))
    return redirect("training:activity", nomination.activity.uuid)
