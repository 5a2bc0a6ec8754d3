"""Action plans: one's own, and what share of all was done."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from entrepot.capacity.training.api import ENDORSE, PASS, nomination_rules
from entrepot.ground.access.api import arrive
from entrepot.ground.documents.api import document_rules
from entrepot.kernel.disclosure import TOTAL
from entrepot.kernel.errors import DomainError, Invalid, NotFound
from entrepot.shell.forms import acted, show_faults
from entrepot.shell.tables import as_table

from .. import actions, workbook
from ..core import HORIZONS
from ..enums import DROP_REASONS, DropReason, ItemState
from ..queries import by_topic, reasons_for_dropping, watched_items
from ..rules import action_item_rules
from .answering import ABOUT_NOMINATION
from .forms import ItemForm, UpdateForm, WorkbookForm
from .pages import EXCEL, file, uuid_of


def _arrived(request: Any, key: str) -> Any:
    """A plan is reached signed in, by the participant's pass, or by the supervisor's link to endorse it."""
    return arrive(request.principal, key, purpose=(PASS, ENDORSE), rules=nomination_rules, at=request.at, related=ABOUT_NOMINATION)


@require_http_methods(["GET", "POST"])
def plan(request: Any, key: str) -> HttpResponse:
    """An action plan: the participant writes and updates it, the supervisor endorses it."""
    here = _arrived(request, key)
    nomination = here.record
    items = action_item_rules.visible_to(here.by).filter(nomination=nomination).prefetch_related("updates").order_by("due_on")
    may_write = bool(nomination_rules.may(here.by, "attend", nomination))
    may_endorse = action_item_rules.visible_to(here.by, "endorse").filter(nomination=nomination, endorsed_at__isnull=True).exists()
    if not may_write and not items.exists():
        raise NotFound
    what = request.POST.get("what_to_do", "") if request.method == "POST" else ""
    sheet = ItemForm(request.POST if what == "plan" else None)
    who = {"by": here.by, "at": request.at, "nomination": nomination.uuid}
    try:
        done = _act(request, here, what, sheet, who)
    except DomainError as error:
        messages.error(request, gettext(error.text.message) % error.text.values)
        done = ""
    if done:
        messages.success(request, done)
        return redirect(request.path)
    context = {
        "nomination": nomination,
        "activity": nomination.activity,
        "items": items,
        "form": sheet,
        "update": UpdateForm(),
        "may_write": may_write,
        "may_endorse": may_endorse,
        "may_update": action_item_rules.visible_to(here.by, "update").filter(nomination=nomination).exists(),
        "day": request.at.date(),
        "key": key,
        "upload": WorkbookForm(),
    }
    return render(request, "evaluation/plan.html", context, status=422 if sheet.errors else 200)


def _act(request: Any, here: Any, what: str, sheet: Any, who: dict[str, Any]) -> str:
    match what:
        case "plan":
            return gettext("Planned.") if acted(sheet, partial(actions.plan_item, **who)) else ""
        case "send":
            actions.ask_endorsement(**who)
            return gettext("Your supervisor is asked.")
        case "endorse":
            actions.endorse(**who)
            return gettext("Endorsed. Thank you.")
        case "update":
            item = action_item_rules.visible_to(here.by).filter(uuid=uuid_of(request.POST.get("item", ""))).first()
            state = request.POST.get("state", "")
            if item is None or state not in list(ItemState):
                raise NotFound
            because, note = request.POST.get("dropped_because", ""), request.POST.get("note", "")
            actions.update_item(by=here.by, at=request.at, uuid=item.uuid, state=ItemState(state), note=note, dropped_because=because)
            return gettext("Recorded.")
    return ""


@require_GET
def plan_workbook(request: Any, key: str) -> HttpResponse:
    """The items of a plan as a workbook, to say without a line how they stand."""
    here = _arrived(request, key)
    items = list(action_item_rules.visible_to(here.by, "update").filter(nomination=here.record).order_by("due_on"))
    if not items:
        raise NotFound
    title = f"{here.record.activity.title} · {gettext('Action plan')}"
    return file(workbook.write(title, workbook.about_plan(here.record), [], {}, items), EXCEL, f"{here.record.activity.code}-plan.xlsx")


@require_POST
def take_plan_workbook(request: Any, key: str) -> HttpResponse:
    """The plan's workbook comes back: taken whole, or told what is wrong."""
    here = _arrived(request, key)
    upload = WorkbookForm(request.POST, request.FILES)
    faults: list[tuple[str, str]] = []
    if upload.is_valid():
        sent = workbook.Sent()
        try:
            sent = workbook.read(upload.cleaned_data["file"], workbook.about_plan(here.record), [])
            faults = sent.faults
            if not faults:
                n = actions.update_items(by=here.by, at=request.at, nomination=here.record.uuid, rows=sent.items)
                messages.success(request, gettext("Taken: %(n)s items.") % {"n": n})
                return redirect("evaluation:plan", key)
        except Invalid as error:
            faults = sent.placed(error, [])
            if not faults:
                show_faults(upload, error)
        except DomainError as error:
            show_faults(upload, error)
    context = {"form": upload, "faults": faults, "activity": here.record.activity, "key": key, "plan": True}
    return render(request, "evaluation/workbook.html", context, status=422)


@require_GET
def item(request: Any, uuid: UUID) -> HttpResponse:
    """One action item with what was said of it, its evidence, and the way to a practice drafted from it."""
    related = ("nomination__activity__region", "nomination__person", "nomination__invitation__place")
    found = action_item_rules.visible_to(request.principal).select_related(*related).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    evidence = document_rules.visible_to(request.principal).filter(about=uuid, retired_at__isnull=True).order_by("kept_at")[:20]
    return render(request, "evaluation/item.html", {"item": found, "updates": found.updates.order_by("at"), "evidence": evidence})


def _items(request: Any) -> Any:
    """The items that a person may see: the office all of its region, a coordinator the Member's, an officer their own."""
    if not request.principal.person_id:
        raise NotFound
    return action_item_rules.visible_to(request.principal)


@require_GET
def plans(request: Any) -> HttpResponse:
    """The share of action items completed at 3, 6 and 12 months, by topic, of the items that this person may see."""
    items = _items(request)
    rows = by_topic(watched_items(items, request.at))
    why = [(DROP_REASONS[DropReason(code)], n) for code, n in reasons_for_dropping(items).most_common()]
    context = {"rows": rows, "horizons": HORIZONS, "whole": TOTAL, "why": why, "any": bool(rows[:-1])}
    return render(request, "evaluation/plans.html", context)


@require_GET
def plans_file(request: Any) -> HttpResponse:
    """The same as CSV."""
    titles = ["topic", "months", "share", "low", "high", "items", "people", "watched_that_long", "method"]
    rows = [
        [topic or "all", one.months, one.share, one.low, one.high, one.n, one.people, one.whole, one.method]
        for topic, shares in by_topic(watched_items(_items(request), request.at))
        for one in shares
    ]
    return as_table("csv", "action-plans", titles, rows)
