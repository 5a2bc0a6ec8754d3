"""After the return: briefing colleagues, telling how many were taught, and how far it reached."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from entrepot.capacity.training.api import PASS, activity_rules, attended, nomination_rules
from entrepot.ground.access.api import arrive
from entrepot.kernel.disclosure import FEWEST
from entrepot.shell.forms import acted
from entrepot.shell.papers import as_file

from .. import actions
from ..briefing import briefing, letter
from ..core import unsaid
from ..models import Taught
from ..purposes import CONFIRM
from ..queries import reach_by_member, reach_trees
from ..rules import OFFICE, lesson_rules, taught_rules
from ..trees import drawn
from .answering import ABOUT_NOMINATION
from .forms import LessonForm
from .pages import activity_of

_BRIEF = (*ABOUT_NOMINATION, "activity__competency")


def _arrived(request: Any, key: str) -> Any:
    return arrive(request.principal, key, purpose=PASS, rules=nomination_rules, at=request.at, related=_BRIEF)


@require_http_methods(["GET", "POST"])
def brief(request: Any, key: str) -> HttpResponse:
    """The briefing of twenty minutes, the letter to the supervisor, and telling whom one taught."""
    here = _arrived(request, key)
    nomination = here.record
    may_tell = bool(nomination_rules.may(here.by, "attend", nomination))
    sheet = LessonForm(request.POST or None, initial={"on": request.at.date(), "what": nomination.activity.title[:200]})

    def act(**values: Any) -> Any:
        values["emails"] = values["emails"].replace(",", " ").replace(";", " ").split()
        return actions.tell_lesson(by=here.by, at=request.at, nomination=nomination.uuid, **values)

    if request.method == "POST" and (told := acted(sheet, act)):
        messages.success(request, gettext("Recorded. %(n)s colleagues are asked whether it is so.") % {"n": told[1]})
        return redirect(request.path)
    lessons = lesson_rules.visible_to(here.by).filter(nomination=nomination, after__isnull=True).order_by("on", "pk")
    context = {
        "nomination": nomination,
        "activity": nomination.activity,
        "paper": briefing(nomination),
        "form": sheet,
        "key": key,
        "may_tell": may_tell,
        "lessons": [(one, *_counts(one)) for one in lessons.prefetch_related("taught")],
    }
    return render(request, "evaluation/brief.html", context, status=422 if sheet.errors else 200)


def _counts(lesson: Any) -> tuple[int, int]:
    """(colleagues asked, colleagues who confirmed)."""
    said = [one.confirmed for one in lesson.taught.all()]
    return len(said), sum(bool(one) for one in said)


@require_GET
def brief_file(request: Any, key: str, what: str, form: str) -> HttpResponse:
    """The briefing, or the letter to the supervisor, as a file."""
    nomination = _arrived(request, key).record
    paper = briefing(nomination) if what == "briefing" else letter(nomination)
    return as_file(paper, form, f"{nomination.activity.code}-{what}")


@require_http_methods(["GET", "POST"])
def taught(request: Any, key: str) -> HttpResponse:
    """A colleague says whether they were taught, and may tell whom they taught in turn."""
    related = ("lesson__nomination__activity__region", "lesson__nomination__invitation__place", "person")
    here = arrive(request.principal, key, purpose=CONFIRM, rules=taught_rules, at=request.at, related=related)
    taught_rules.require(here.by, "confirm", here.record)
    found: Taught = here.record
    on = request.at.date()
    sheet = LessonForm(request.POST if "claimed" in request.POST else None, initial={"on": on, "what": found.lesson.what})
    if request.method == "POST" and "yes" in request.POST:
        yes = request.POST["yes"] == "1"
        actions.confirm_taught(by=here.by, at=request.at, uuid=found.uuid, yes=yes)
        messages.success(request, gettext("Thank you, recorded."))
        if yes:
            return redirect(request.path)
        return render(request, "training/thanks.html", {"activity": found.lesson.nomination.activity})

    def act(**values: Any) -> Any:
        values["emails"] = values["emails"].replace(",", " ").replace(";", " ").split()
        return actions.tell_lesson(by=here.by, at=request.at, after=found.uuid, **values)

    if sheet.is_bound and (told := acted(sheet, act)):
        messages.success(request, gettext("Recorded. %(n)s colleagues are asked whether it is so.") % {"n": told[1]})
        return redirect(request.path)
    context = {"taught": found, "lesson": found.lesson, "activity": found.lesson.nomination.activity, "form": sheet}
    return render(request, "evaluation/taught.html", context, status=422 if sheet.errors else 200)


@require_GET
def reach(request: Any, uuid: UUID) -> HttpResponse:
    """How far a workshop reached: a tree of Members, and of their officers for those who may see them; a picture and as text."""
    activity = activity_of(request, uuid)
    everyone = attended(activity)
    whole, sums = reach_by_member(activity, everyone)
    office = request.principal.holds(*OFFICE, over=activity.region.lineage) or bool(
        activity_rules.may(request.principal, "deliver", activity)
    )
    seen = nomination_rules.visible_to(request.principal).filter(pk__in=everyone.values("pk"))
    names = {
        str(person): (name, place) for person, name, place in seen.values_list("person_id", "person__full_name", "invitation__place_id")
    }
    places = dict(everyone.order_by().values_list("invitation__place_id", "invitation__place__name"))
    told, sure = whole.claimed, whole.confirmed
    hidden, said = unsaid(sums)
    if not office:  # a total of fewer than five people is theirs alone
        told, sure = (n if said and (n == 0 or n >= FEWEST) else None for n in (told, sure))
    rows = _rows(sums, places, shut=set() if office else hidden - {place for _, place in names.values()})
    trees = [(names[tree.key], tree) for tree in reach_trees(activity, everyone).trees if tree.key in names]
    members = [(row, [(name, tree) for (name, place), tree in trees if place == row["place"]]) for row in rows]
    context = {"activity": activity, "whole": whole, "members": members, "picture": drawn(activity.title, whole, members)}
    context |= {"claimed": told, "confirmed": sure}
    return render(request, "evaluation/reach.html", context)


def _rows(sums: Any, places: Any, *, shut: Collection[int]) -> list[dict[str, Any]]:
    """A row for each Member: claimed, confirmed; of those that are shut neither."""
    rows = [
        {"place": place, "name": places[place], "claimed": None if place in shut else said, "confirmed": None if place in shut else sure}
        for place, (_, said, sure) in sums.items()
    ]
    return sorted(rows, key=lambda row: str(row["name"]))
