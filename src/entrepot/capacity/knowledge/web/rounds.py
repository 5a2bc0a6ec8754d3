"""What training centres tell before a meeting."""

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

from entrepot.ground.region.api import place_rules
from entrepot.kernel.errors import NotFound
from entrepot.kernel.roles import Role
from entrepot.shell.forms import acted

from .. import actions
from ..queries import centres_of
from ..rules import initiative_rules, practice_rules, question_rules, round_rules
from .forms import AnswerForm, InitiativeForm, PromoteForm, QuestionForm, RoundForm
from .practices import form_page

_OFFICE = (Role.HEAD, Role.PROGRAMME_MANAGER)


@require_GET
def rounds(request: Any) -> HttpResponse:
    """The rounds of one's region, latest first."""
    if not request.principal.person_id:
        raise NotFound
    found = round_rules.visible_to(request.principal).select_related("region").prefetch_related("initiatives").order_by("-meeting_on")[:100]
    return render(
        request, "knowledge/rounds.html", {"rounds": found, "opens": bool(request.principal.reaches(*_OFFICE)), "day": request.at.date()}
    )


def _round(request: Any, uuid: UUID) -> Any:
    found = round_rules.visible_to(request.principal).select_related("region").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


def _mine(request: Any, found: Any) -> Any:
    reach = request.principal.reaches(Role.CENTRE_MANAGER)
    return place_rules.visible_to(request.principal).filter(kind="centre", lineage__in=reach, lineage__under=found.region.lineage)


@require_GET
def round_page(request: Any, uuid: UUID) -> HttpResponse:
    """One round: who has told what, who is late, what was asked."""
    found = _round(request, uuid)
    who = request.principal
    centres = centres_of(found)
    told = [centre.told for centre in centres if centre.told]
    drafted = {p.initiative_id: p for p in practice_rules.visible_to(who).filter(initiative__in=told)}
    asked = list(question_rules.visible_to(who).filter(initiative__in=told).select_related("place").order_by("at"))
    rows = []
    for centre in centres:
        one = centre.told
        rows.append(
            {
                "centre": centre.place,
                "told": one,
                "practice": drafted.get(one.pk) if one else None,
                "may_promote": bool(one and one.pk not in drafted and initiative_rules.may(who, "promote", one)),
                "questions": [question for question in asked if one and question.initiative_id == one.pk],
                "may_answer": bool(one and who.holds(Role.CENTRE_MANAGER, over=one.place.lineage)),
            }
        )
    open_still = found.meeting_on >= request.at.date()
    context = {
        "round": found,
        "rows": rows,
        "n": len(told),
        "late": found.due_on < request.at.date(),
        "tells": open_still and _mine(request, found).exists(),
        "question_form": QuestionForm(),
        "answer_form": AnswerForm(),
        "promote_form": PromoteForm(),
    }
    return render(request, "knowledge/round.html", context)


@require_http_methods(["GET", "POST"])
def new_round(request: Any) -> HttpResponse:
    """Ask every centre."""
    if not request.principal.reaches(*_OFFICE):
        raise NotFound
    form = RoundForm(request.POST or None, principal=request.principal)
    if request.method == "POST":
        made = acted(form, partial(actions.open_round, by=request.principal, at=request.at))
        if made:
            messages.success(request, gettext("Opened. Every centre is asked."))
            return redirect("knowledge:round", made.uuid)
    return form_page(request, form, gettext("Ask the centres for their initiatives"), reverse("knowledge:rounds"))


@require_http_methods(["GET", "POST"])
def tell(request: Any, uuid: UUID) -> HttpResponse:
    """A centre tells."""
    found = _round(request, uuid)
    mine = _mine(request, found)
    place = mine.first()
    if place is None:
        raise NotFound
    kept = found.initiatives.filter(place=place).first()
    initial = {name: getattr(kept, name) for name in InitiativeForm.base_fields} if kept else {"place": place}
    form = InitiativeForm(request.POST or None, centres=mine, initial=initial)

    def act(place: Any, **values: Any) -> Any:
        return actions.tell(by=request.principal, at=request.at, round=uuid, place=place, values=values)

    if request.method == "POST" and acted(form, act):
        messages.success(request, gettext("Told. The region’s people read it before the meeting."))
        return redirect("knowledge:round", uuid)
    return form_page(request, form, found.title, reverse("knowledge:round", args=[uuid]))


@require_POST
def promote(request: Any, uuid: UUID) -> HttpResponse:
    """Draft a practice of an initiative."""
    found = initiative_rules.visible_to(request.principal).select_related("round").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    form = PromoteForm(request.POST)
    made = acted(form, partial(actions.promote, by=request.principal, at=request.at, uuid=uuid))
    if made:
        messages.success(request, gettext("Drafted. The Member’s coordinator is asked to clear it."))
        return redirect("knowledge:round", found.round.uuid)
    return form_page(request, form, found.title, reverse("knowledge:round", args=[found.round.uuid]))


@require_POST
def ask(request: Any, uuid: UUID) -> HttpResponse:
    """Ask the centre."""
    found = initiative_rules.visible_to(request.principal).select_related("round").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    form = QuestionForm(request.POST)
    back = reverse("knowledge:round", args=[found.round.uuid])
    if acted(form, partial(actions.ask, by=request.principal, at=request.at, uuid=uuid)):
        messages.success(request, gettext("Asked. You are told when the answer is there."))
        return redirect(back + "#questions")
    return form_page(request, form, found.title, back)
