"""The pages of what changed."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from entrepot.ground.keeping.api import page
from entrepot.kernel.errors import DomainError, NotFound
from entrepot.shell.forms import acted, page_with_form, show_faults
from entrepot.shell.papers import as_file
from entrepot.shell.words import say

from .. import actions
from ..core import Found, explained, promised_in_words, wanted
from ..enums import GRADE_NOTES, Grade, Verdict
from ..models import Story
from ..papers import Said, measured, story_paper
from ..pictures import pictures
from ..queries import state_of, verdicts_of
from ..rules import OFFICE, link_rules, story_rules
from ..telling import body_of
from .forms import BackForm, LinkForm, MeasureForm, PlanForm, StoryForm


def _story(request: Any, uuid: UUID, verb: str = "view") -> Story:
    found = story_rules.visible_to(request.principal).select_related("activity__region", "indicator__place").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    story_rules.require(request.principal, verb, found)
    return found


@require_GET
def stories(request: Any) -> HttpResponse:
    """The stories one may read, latest first; of one activity with `?activity=`."""
    if not request.principal.person_id:
        raise NotFound
    found = story_rules.visible_to(request.principal).select_related("activity__region", "indicator")
    try:
        activity = UUID(request.GET["activity"]) if request.GET.get("activity") else None
    except ValueError:
        raise NotFound from None
    if activity:
        found = found.filter(activity__uuid=activity)
    shown = page(found, by="told_at", cursor=request.GET.get("cursor", ""), descending=True)
    verdicts = verdicts_of(shown.rows)
    rows = [{"story": story, "verdict": verdicts[story.pk][0], "opened": verdicts[story.pk][1]} for story in shown.rows]
    tells = bool(request.principal.reaches(*OFFICE))
    return render(request, "impact/stories.html", {"rows": rows, "page": shown, "tells": tells})


@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """Ask what changed."""
    if not request.principal.reaches(*OFFICE):
        raise NotFound
    form = StoryForm(request.POST or None, principal=request.principal, initial={"activity": request.GET.get("activity")})
    if request.method == "POST":
        made = acted(form, partial(actions.tell, by=request.principal, at=request.at))
        if made:
            messages.success(request, gettext("Asked. Now write the plan down, before anyone looks."))
            return redirect("impact:story", made.uuid)
    return page_with_form(request, form, gettext("Ask what changed"), reverse("impact:stories"), gettext("What changed"))


def _body(story: Story) -> dict[str, Any]:
    return story.body if story.published_at else body_of(story)


@require_GET
def story(request: Any, uuid: UUID) -> HttpResponse:
    """One story: what can be said, the charts, the chain, the plan, the figures."""
    found = _story(request, uuid)
    body = _body(found)
    said = Said(body)
    tells = bool(story_rules.may(request.principal, "tell", found))
    chain = [{**link, "said_of": measured(link, said.unit)} for link in body["links"]]
    context = {
        "story": found,
        "body": body,
        "said": said,
        "verdict": Verdict(body["verdict"]),
        "pictures": pictures(said),
        "chain": chain,
        "grades": [(grade, GRADE_NOTES[grade]) for grade in Grade],
        "tells": tells,
        "looks": found.looks.filter(plan__isnull=True).count() if tells else 0,
        "may_open": tells and bool(body["plan"]),
        "sound": not found.published_at or actions.digest_of(found.body) == found.digest,
    }
    return render(request, "impact/story.html", context)


@require_GET
def story_file(request: Any, uuid: UUID, form: str) -> HttpResponse:
    """The story as a file."""
    found = _story(request, uuid)
    published = date_format(found.published_at, "j F Y") if found.published_at else ""
    paper = story_paper(_body(found), invented=found.activity.region.invented, digest=found.digest, published=published)
    return as_file(paper, form, f"{found.activity.code}-what-changed", frozen=bool(found.published_at))


@require_http_methods(["GET", "POST"])
def plan(request: Any, uuid: UUID) -> HttpResponse:
    """Write a plan down: first see what it would find, from the periods before alone; then register it."""
    found = _story(request, uuid, "tell")
    form = PlanForm(request.POST or None, story=found)
    seen: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("what_to_do") == "register":
                actions.register(by=request.principal, at=request.at, story=uuid, **form.cleaned_data)
                messages.success(request, gettext("Written down. Its digest is kept, and it does not change any more."))
                return redirect("impact:story", uuid)
            seen = _preview(request, found, dict(form.cleaned_data))
        except DomainError as error:
            show_faults(form, error)
    context = {"story": found, "form": form, "looked": found.looks.exists(), **seen}
    return render(request, "impact/plan.html", context, status=422 if form.errors else 200)


def _preview(request: Any, found: Story, values: dict[str, Any]) -> dict[str, Any]:
    members = values.pop("members")
    design = actions.checked_design(found, values, members)
    standing, promised = actions.preview(found, values, members, request.at.date())
    missing = Found(Verdict.CANNOT_TELL, standing)
    return {
        "promise": [say(text) for text in promised_in_words(promised, design, found.indicator.unit)],
        "missing": [say(text) for text in explained(missing)],
        "wanted": [say(text) for text in wanted(missing, design, promised, found.indicator.unit)],
        "seen": True,
    }


@require_http_methods(["GET", "POST"])
def new_link(request: Any, uuid: UUID) -> HttpResponse:
    """Say what ties two things."""
    found = _story(request, uuid, "tell")
    form = LinkForm(request.POST or None, story=found, principal=request.principal)
    if request.method == "POST" and acted(form, partial(actions.add_link, by=request.principal, at=request.at, story=uuid)):
        messages.success(request, gettext("Kept as claimed. The Member can back it."))
        return redirect("impact:story", uuid)
    return page_with_form(request, form, gettext("Add a link"), reverse("impact:story", args=[uuid]), found.title)


@require_POST
def look(request: Any, uuid: UUID) -> HttpResponse:
    """Look without a plan: written down, and shown with every later plan."""
    actions.look(by=request.principal, at=request.at, story=uuid)
    messages.warning(request, gettext("You have looked. Every later plan of this story says so, and answers nothing."))
    return redirect("indicators:indicator", _story(request, uuid).indicator.uuid)


@require_POST
def open_analysis(request: Any, uuid: UUID) -> HttpResponse:
    """Reckon the plan that counts."""
    found = _story(request, uuid, "tell")
    state = state_of(found)
    if state.plan is None:
        raise NotFound
    actions.open_analysis(by=request.principal, at=request.at, plan=state.plan.uuid)
    messages.success(request, gettext("Opened."))
    return redirect("impact:story", uuid)


@require_POST
def publish(request: Any, uuid: UUID) -> HttpResponse:
    """Freeze the story."""
    actions.publish(by=request.principal, at=request.at, story=uuid)
    messages.success(request, gettext("Published: the story is frozen."))
    return redirect("impact:story", uuid)


@require_http_methods(["GET", "POST"])
def link(request: Any, uuid: UUID) -> HttpResponse:
    """One link: who said what when, who backs it; its figure before and after."""
    related = ("story__activity__region", "story__indicator", "place", "item")
    found = link_rules.visible_to(request.principal).select_related(*related).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    what = request.POST.get("what_to_do", "") if request.method == "POST" else ""
    tells = bool(story_rules.may(request.principal, "tell", found.story))
    form = BackForm(request.POST if what == "back" else None)
    figures = MeasureForm(request.POST if what == "measure" else None)
    who = {"by": request.principal, "at": request.at, "link": uuid}
    if what == "back" and acted(form, partial(actions.back, **who)):
        messages.success(request, gettext("Thank you, recorded."))
        return redirect("impact:link", uuid)
    if what == "measure" and acted(figures, partial(actions.measure, **who)):
        messages.success(request, gettext("The two figures are kept."))
        return redirect("impact:link", uuid)
    context = {
        "link": found,
        "form": form,
        "figures": figures,
        "measured": measured({"measured": found.measured}, found.story.indicator.unit),
        "note": GRADE_NOTES[Grade(found.grade)],
        "backings": found.backings.order_by("at"),
        "tells": tells,
        "may_back": not found.story.published_at and found.said_by != request.principal.uuid,
        "reads": bool(story_rules.may(request.principal, "view", found.story)),
    }
    return render(request, "impact/link.html", context, status=422 if form.errors or figures.errors else 200)
