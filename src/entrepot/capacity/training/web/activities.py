"""Pages of activities: the list, one activity with its thread, its design, its concept note, its steps."""

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

from entrepot.capacity.needs.api import need_rules
from entrepot.ground.keeping.api import page
from entrepot.ground.region.api import place_rules
from entrepot.kernel.errors import NotFound
from entrepot.kernel.lineages import region_of
from entrepot.kernel.roles import Role
from entrepot.shell.forms import acted, page_with_form
from entrepot.shell.papers import as_file
from entrepot.shell.words import say

from .. import actions, introductions
from ..core import blockers, following, outlays
from ..enums import Outcome, Stage
from ..papers import concept_note
from ..queries import comparison_of, facts_of, listed, papers_of
from ..rules import OFFICE, activity_rules, budget_line_rules, invitation_rules, nomination_rules
from .forms import AdvanceForm, BudgetForm, DesignForm, MembersForm, ReasonForm, SpentForm, StartForm, TrainersForm


def found(request: Any, uuid: UUID, verb: str = "view") -> Any:
    """The activity at this address, if the principal may do this with it."""
    shown = activity_rules.visible_to(request.principal).select_related("region", "host", "competency__topic").filter(uuid=uuid).first()
    if shown is None:
        raise NotFound
    activity_rules.require(request.principal, verb, shown)
    return shown


def thread(request: Any, activity: Any) -> list[Any]:
    """The beads of an activity, in the order of steps."""
    day = request.at.date()
    return sorted((bead for room in introductions.beads for bead in room(request.principal, activity.uuid, day)), key=lambda b: b.order)


def form_page(request: Any, form: Any, activity: Any, title: str, **more: Any) -> HttpResponse:
    """A form about an activity, with the way back to it."""
    return page_with_form(request, form, title, reverse("training:activity", args=[activity.uuid]), activity.title, **more)


@require_GET
def activities(request: Any) -> HttpResponse:
    """The activities one may see, latest first."""
    every = activity_rules.visible_to(request.principal)
    stage = request.GET.get("stage", "")
    if stage in list(Stage):
        every = every.filter(stage=stage)
    shown = page(listed(every), by="created_at", cursor=request.GET.get("cursor", ""), descending=True)
    context = {
        "page": shown,
        "stage": stage,
        "stages": list(Stage),
        "plans": bool(request.principal.reaches(*OFFICE)),
        "reruns": bool(request.principal.reaches(*OFFICE, Role.CENTRE_MANAGER)),
    }
    return render(request, "training/activities.html", context)


@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """Begin an activity, from needs (`?need=` once or more) or from nothing."""
    reach = request.principal.reaches(*OFFICE)
    if not reach:
        raise NotFound
    asked = [uuid for uuid in request.GET.getlist("need") if _is_uuid(uuid)]
    needs = list(need_rules.visible_to(request.principal, "take up").filter(uuid__in=asked).select_related("place", "competency"))
    first = needs[0] if needs else None
    initial = (
        {"competency": first.competency_id, "level": first.level, "mode": first.mode, "title": first.competency.topic.title}
        if first
        else {}
    )
    form = StartForm(request.POST or None, initial=initial)
    region = place_rules.visible_to(request.principal).get(lineage=region_of(reach[0]))
    if request.method == "POST":
        made = acted(form, partial(actions.create, by=request.principal, at=request.at, region=region, needs=needs))
        if made:
            messages.success(request, gettext("The activity is begun. Now its design."))
            return redirect("training:design", made.uuid)
    context = {
        "form": form,
        "title": gettext("A new activity"),
        "intro": gettext("It answers %(n)s needs.") % {"n": len(needs)}
        if needs
        else gettext("It answers no need yet: better begin from one."),
        "back": reverse("training:activities"),
        "back_title": gettext("Activities"),
        "submit": gettext("Begin"),
    }
    return page_with_form(request, **context)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@require_GET
def activity(request: Any, uuid: UUID) -> HttpResponse:
    """One activity: its thread, what blocks the next stage, the agenda, and whatever else the principal may see of it."""
    shown = found(request, uuid)
    who = request.principal
    may = {f"may_{verb}": bool(activity_rules.may(who, verb, shown)) for verb in ("design", "select", "deliver", "oversee")}
    may["may_take_along"] = bool(activity_rules.may(who, "take along", shown))
    over = shown.stage in (Stage.CLOSED, Stage.FOLLOWED_UP, Stage.CANCELLED)
    to = following(Stage(shown.stage)) if shown.stage != Stage.CANCELLED else None
    invited = invitation_rules.visible_to(who).filter(activity=shown).select_related("place").order_by("place__name")
    nominated = nomination_rules.visible_to(who).filter(activity=shown).select_related("person__home", "invitation__place")
    budget = list(shown.budget.order_by("id")) if may["may_deliver"] else []
    context = {
        "activity": shown,
        "thread": thread(request, shown),
        "to": to if may["may_deliver"] else None,
        "blocked": blockers(to, facts_of(shown, to, request.at)) if to and may["may_deliver"] else (),
        "advance": AdvanceForm(),
        "sessions": shown.sessions.select_related("trainer").order_by("starts_at"),
        "invitations": invited[:60],
        "nominations": sorted(nominated[:200], key=lambda n: (n.outcome != Outcome.SEAT, n.outcome != Outcome.WAITING, n.line, n.rank)),
        "changes": shown.stage_changes.order_by("at") if may["may_oversee"] else (),
        "budget": budget,
        "outlays": outlays((line.currency, line.amount, line.spent) for line in budget),
        "may_count": bool(budget and budget_line_rules.may(who, "keep", budget[0])),
        "budget_form": BudgetForm(),
        "trainers": shown.trainers.order_by("sort_name"),
        "zone": shown.host.time_zone if shown.host else "",
        "papers": papers_of(who, shown),
        "compared": comparison_of(shown) if shown.rerun and (may["may_oversee"] or may["may_deliver"]) else (),
        "may_shape": may["may_design"] and not over,
        "may_run": may["may_deliver"] and not over,
        **may,
    }
    return render(request, "training/activity.html", context)


@require_http_methods(["GET", "POST"])
def design(request: Any, uuid: UUID) -> HttpResponse:
    """Change the design."""
    shown = found(request, uuid, "design")
    form = DesignForm(request.POST or None, activity=shown)

    def act(**_values: Any) -> Any:
        values, version = form.values()
        return actions.edit(by=request.principal, at=request.at, uuid=uuid, values=values, version=version or shown.version)

    if request.method == "POST" and acted(form, act):
        messages.success(request, gettext("Saved."))
        return redirect("training:activity", uuid)
    return form_page(request, form, shown, gettext("Design"))


@require_http_methods(["GET", "POST"])
def members(request: Any, uuid: UUID) -> HttpResponse:
    """Choose who is invited."""
    shown = found(request, uuid, "design")
    form = MembersForm(request.POST or None, activity=shown)
    act = partial(actions.choose_members, by=request.principal, at=request.at, uuid=uuid)
    if request.method == "POST" and acted(form, act) is not None:
        messages.success(request, gettext("Saved."))
        return redirect("training:activity", uuid)
    return form_page(request, form, shown, gettext("Who is invited"))


@require_http_methods(["GET", "POST"])
def trainers(request: Any, uuid: UUID) -> HttpResponse:
    """Choose who teaches."""
    shown = found(request, uuid, "deliver")
    form = TrainersForm(request.POST or None, activity=shown, day=request.at.date())
    if request.method == "POST" and acted(form, partial(actions.set_trainers, by=request.principal, at=request.at, uuid=uuid)):
        messages.success(request, gettext("Saved."))
        return redirect("training:activity", uuid)
    return form_page(request, form, shown, gettext("Who teaches"))


@require_POST
def budget(request: Any, uuid: UUID) -> HttpResponse:
    """Plan money."""
    shown = found(request, uuid, "design")
    form = BudgetForm(request.POST)
    if acted(form, partial(actions.add_budget_line, by=request.principal, at=request.at, uuid=uuid)):
        messages.success(request, gettext("Added."))
        return redirect("training:activity", uuid)
    return form_page(request, form, shown, gettext("Budget line"))


@require_http_methods(["GET", "POST"])
def spent(request: Any, uuid: UUID) -> HttpResponse:
    """Say what a budget line came to in the end."""
    line = budget_line_rules.visible_to(request.principal).select_related("activity__region").filter(uuid=uuid).first()
    if line is None:
        raise NotFound
    budget_line_rules.require(request.principal, "keep", line)
    form = SpentForm(request.POST or None, initial={"spent": line.spent})
    if request.method == "POST" and acted(form, partial(actions.say_spent, by=request.principal, at=request.at, uuid=uuid)):
        messages.success(request, gettext("Saved."))
        return redirect("training:activity", line.activity.uuid)
    intro = gettext("Planned: %(amount)s %(currency)s") % {
        "amount": say(line.amount),
        "currency": line.currency,
    }
    return form_page(request, form, line.activity, line.title, intro=intro)


@require_POST
def remove_budget(request: Any, uuid: UUID) -> HttpResponse:
    """Take a budget line out."""
    actions.remove_budget_line(by=request.principal, at=request.at, uuid=uuid)
    messages.success(request, gettext("Removed."))
    return redirect(request.POST.get("back") if request.POST.get("back", "").startswith("/programme/") else "training:activities")


@require_POST
def advance(request: Any, uuid: UUID) -> HttpResponse:
    """Move on to the next stage."""
    shown = found(request, uuid)
    to = following(Stage(shown.stage)) if shown.stage != Stage.CANCELLED else None
    wanted = request.POST.get("to", "")
    form = AdvanceForm(request.POST)

    def act(skip: str) -> Any:
        return actions.advance(by=request.principal, at=request.at, uuid=uuid, to=Stage(wanted), skip=skip)

    if to is None or wanted not in list(Stage):
        raise NotFound
    if acted(form, act):
        messages.success(request, gettext("Done: the activity has moved on."))
        return redirect("training:activity", uuid)
    return form_page(request, form, shown, gettext("To the next stage"))


@require_http_methods(["GET", "POST"])
def cancel(request: Any, uuid: UUID) -> HttpResponse:
    """Cancel the activity, after asking."""
    shown = found(request, uuid, "design")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and acted(form, partial(actions.cancel, by=request.principal, at=request.at, uuid=uuid)):
        messages.success(request, gettext("Cancelled. Everyone invited is told."))
        return redirect("training:activity", uuid)
    return form_page(request, form, shown, gettext("Cancel this activity"), submit=gettext("Cancel it"), tone="stop")


@require_GET
def note(request: Any, uuid: UUID) -> HttpResponse:
    """The concept note."""
    shown = found(request, uuid)
    context = {"activity": shown, "paper": concept_note(shown, money=bool(activity_rules.may(request.principal, "deliver", shown)))}
    return render(request, "training/note.html", context)


@require_GET
def note_file(request: Any, uuid: UUID, form: str) -> HttpResponse:
    """The concept note as a file."""
    shown = found(request, uuid)
    paper = concept_note(shown, money=bool(activity_rules.may(request.principal, "deliver", shown)))
    return as_file(paper, form, f"{shown.code}-note")
