"""One practice: reading it, writing it, its versions, translations and files."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from entrepot.capacity.evaluation.api import action_item_rules
from entrepot.ground.documents.api import about, serve
from entrepot.ground.people.api import in_force, person_rules
from entrepot.kernel.errors import NotFound
from entrepot.kernel.languages import LANGUAGES
from entrepot.kernel.principals import SYSTEM
from entrepot.kernel.roles import Role
from entrepot.shell.forms import acted, page_with_form

from .. import actions
from ..actions.reviewing import may_review
from ..core import difference
from ..enums import PracticeKind, PracticeState
from ..fields import CASE_TEXTS, TOLD
from ..queries import approvals, changed_between, current_reviews, lineage_of
from ..rules import adoption_rules, practice_rules, question_rules, review_rules, translation_rules
from .collection import DRAFTERS, uuid_or_none
from .forms import (
    AdoptForm,
    AnswerForm,
    ClearForm,
    DraftForm,
    EditForm,
    FileForm,
    PracticeForm,
    QuestionForm,
    ReviewersForm,
    ReviewForm,
    TranslationForm,
    initial_of,
)

_VERBS = ("edit", "clear", "publish", "retire", "renew", "withdraw", "reopen", "translate", "attach", "history", "answer")


def practice_for(request: Any, uuid: UUID, verb: str = "view") -> Any:
    """The practice, for someone who may do this with it."""
    related = ("place", "topic", "item__nomination", "activity", "parent", "initiative__round")
    found = practice_rules.visible_to(request.principal).select_related(*related).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    practice_rules.require(request.principal, verb, found)
    return found


def _reading(request: Any, found: Any) -> dict[str, Any]:
    """The text in the language asked for, the reader's, or its own; and the other languages there are."""
    told = {t.language: t for t in translation_rules.visible_to(request.principal).filter(practice=found)}
    asked = request.GET.get("language", "") or (get_language() or "")
    translation = told.get(asked)
    values = translation.values if translation else {name: getattr(found, name) for name in TOLD}
    labels = PracticeForm.base_fields
    ordered = [name for name in labels if name in TOLD and name != "title" and values.get(name)]
    parts = [(name, labels[name].label, values[name].splitlines() if name == "steps" else values[name]) for name in ordered]
    return {
        "title": values["title"],
        "parts": parts,
        "language": translation.language if translation else found.language,
        "languages": [found.language, *told],
        "translation": translation,
        "stale": bool(translation and translation.of_number != found.number),
        "case_parts": CASE_TEXTS,
    }


@require_GET
def practice(request: Any, uuid: UUID) -> HttpResponse:
    """One practice: what it says, where it comes from, who used it, what was asked; and what one may do with it."""
    found = practice_for(request, uuid)
    who = request.principal
    may = {f"may_{verb}": bool(practice_rules.may(who, verb, found)) for verb in _VERBS}
    used = list(adoption_rules.visible_to(who).filter(practice=found).select_related("place").order_by("at"))
    others = found.state == PracticeState.PUBLISHED and any(
        not found.place.lineage.startswith(reach) for reach in who.reaches(Role.NATIONAL_COORDINATOR)
    )
    above, below = lineage_of(who, found)
    reading = _reading(request, found)
    translation = reading["translation"]
    context = {
        "practice": found,
        **reading,
        **may,
        "may_clear_translation": translation and not translation.cleared_at and (may["may_clear"] or may["may_withdraw"]),
        **_reviewing(request, found, may),
        "used": used,
        "form": AdoptForm(principal=who) if others else None,
        "above": above,
        "below": below,
        "files": about(found.uuid),
        "file_form": FileForm() if may["may_attach"] else None,
        "clear_form": ClearForm(initial={"sight": found.sight}) if may["may_clear"] else None,
        "questions": question_rules.visible_to(who).filter(practice=found).select_related("place").order_by("-at")[:50],
        "question_form": QuestionForm() if who.person_id and found.state in ("published", "retired") else None,
        "answer_form": AnswerForm() if may["may_answer"] else None,
        "case": found.kind == PracticeKind.TECHNOLOGY,
        "drafts": bool(who.reaches(*DRAFTERS)),
        "choices": [(code, name) for code, name in LANGUAGES.items() if code != found.language],
    }
    return render(request, "knowledge/practice.html", context)


def _reviewing(request: Any, found: Any, may: dict[str, bool]) -> dict[str, Any]:
    """What concerns reviewers: what they said, whether this reader may say something, and what changed since they last read."""
    who = request.principal
    visible = review_rules.visible_to(who).filter(practice=found)
    said = list(visible.exclude(opinion="").select_related("person__home").order_by("-said_at"))
    mine = current_reviews(found).filter(person_id=who.person_id).first() if who.person_id else None
    person = request.user if who.person_id and request.user.is_authenticated else None
    may_say = bool(
        person
        and found.state == PracticeState.CLEARED
        and practice_rules.may(who, "review", found)
        and not (mine and mine.opinion)
        and may_review(found, person)
    )
    earlier = visible.filter(person_id=who.person_id).exclude(opinion="").exclude(number=found.number).order_by("-number").first()
    return {
        "reviews": said,
        "open_reviews": current_reviews(found).filter(opinion="").count() if may["may_publish"] else 0,
        "approvals": approvals(found) if may["may_publish"] else 0,
        "review_form": ReviewForm() if may_say else None,
        "since": _changes(found, earlier.number) if earlier and may_say else [],
        "reviewers_form": ReviewersForm(people=candidates(found)) if may["may_publish"] else None,
    }


def candidates(found: Any) -> list[int]:
    """Who may be asked: people who plan, train, coordinate or run a centre in the region, and stand apart from the practice."""
    day = found.cleared_at.date()
    roles = (Role.HEAD, Role.PROGRAMME_MANAGER, Role.NATIONAL_COORDINATOR, Role.CENTRE_MANAGER, Role.TRAINER)
    region = found.place.lineage.split("/", 1)[0] + "/"
    near = in_force(day).filter(place__lineage__under=found.place.lineage).values("person_id")
    wrote = found.versions.values("by_uuid")
    people = person_rules.visible_to(SYSTEM).filter(
        pk__in=in_force(day).filter(role__in=roles, place__lineage__under=region).values("person_id"), is_active=True
    )
    apart = people.exclude(pk__in=near).exclude(uuid__in=wrote).exclude(home__lineage__under=found.place.lineage)
    asked = current_reviews(found).values("person_id")
    return list(apart.exclude(pk__in=asked).order_by("sort_name").values_list("pk", flat=True)[:40])


def _changes(found: Any, number: int) -> list[tuple[Any, Any]]:
    """(label, pieces) of what differs between a kept version and the text as it is now."""
    versions = dict(found.versions.filter(number__in=(number, found.number)).values_list("number", "values"))
    pairs = changed_between(versions.get(number, {}), versions.get(found.number, {}))
    labels = PracticeForm.base_fields
    return [(labels[name].label if name in labels else name, difference(old, new)) for name, old, new in pairs]


def form_page(request: Any, form: Any, title: str, back: str, **more: Any) -> HttpResponse:
    """A page with one form."""
    return page_with_form(request, form, title, back, gettext("Good practices"), **more)


def _from_item(request: Any, uuid: UUID) -> tuple[Any, dict[str, Any]]:
    visible = action_item_rules.visible_to(request.principal).select_related(
        "nomination__activity__competency", "nomination__invitation__place"
    )
    item = visible.filter(uuid=uuid).first()
    if item is None:
        raise NotFound
    told = "\n".join(update.note for update in item.updates.order_by("at") if update.note)
    return item, {
        "place": item.nomination.invitation.place_id,
        "topic": item.nomination.activity.competency.topic_id,
        "title": item.what,
        "problem": item.why,
        "done": item.what,
        "results": told,
        "evidence": item.indicator,
        "resources": item.support,
    }


@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """Draft a practice: from an action item (`?item=`), from another practice (`?from=`), or a technology case (`?kind=technology`)."""
    if not request.principal.reaches(*DRAFTERS):
        raise NotFound
    item, parent, initial = None, None, {"language": "en"}
    if asked := uuid_or_none(request.GET.get("item", "")):
        item, initial = _from_item(request, asked)
    if asked := uuid_or_none(request.GET.get("from", "")):
        parent = practice_for(request, asked)
        initial = initial_of(parent) | {"results": "", "evidence": "", "contact": ""}
    case = request.GET.get("kind") == PracticeKind.TECHNOLOGY or bool(parent and parent.kind == PracticeKind.TECHNOLOGY)
    form = DraftForm(request.POST or None, principal=request.principal, initial=initial, case=case)
    act = partial(
        actions.draft,
        by=request.principal,
        at=request.at,
        item=item.uuid if item else None,
        parent=parent.uuid if parent else None,
    )
    if request.method == "POST":
        made = acted(form, act)
        if made:
            messages.success(request, gettext("Drafted. The Member’s coordinator is asked to clear it."))
            return redirect("knowledge:practice", made.uuid)
    title = gettext("Draft a technology case") if case else gettext("Draft a good practice")
    intro = gettext("Grown from “%(title)s”. Say what you did differently.") % {"title": parent.title} if parent else ""
    return form_page(request, form, title, reverse("knowledge:practices"), intro=intro)


@require_http_methods(["GET", "POST"])
def edit(request: Any, uuid: UUID) -> HttpResponse:
    """Change a practice that is under way; the earlier text is kept."""
    found = practice_for(request, uuid, "edit")
    initial = initial_of(found) | {"version": found.version}
    form = EditForm(request.POST or None, initial=initial, case=found.kind == PracticeKind.TECHNOLOGY)

    def act(version: int, **values: Any) -> Any:
        return actions.edit(by=request.principal, at=request.at, uuid=uuid, values=values, version=version)

    if request.method == "POST" and acted(form, act):
        messages.success(request, gettext("Saved."))
        return redirect("knowledge:practice", uuid)
    return form_page(request, form, gettext("Edit"), reverse("knowledge:practice", args=[uuid]))


@require_GET
def versions(request: Any, uuid: UUID) -> HttpResponse:
    """Every text the practice has had, and what changed from one to the next."""
    found = practice_for(request, uuid, "history")
    kept = list(found.versions.order_by("number"))
    names = dict(person_rules.visible_to(request.principal).filter(uuid__in=[v.by_uuid for v in kept]).values_list("uuid", "full_name"))
    labels = PracticeForm.base_fields
    rows = []
    for before, after in zip([None, *kept], kept, strict=False):
        pairs = changed_between(before.values, after.values) if before else []
        pieces = [(labels[name].label if name in labels else name, difference(old, new)) for name, old, new in pairs]
        rows.append({"version": after, "by": names.get(after.by_uuid, ""), "changes": pieces})
    return render(request, "knowledge/versions.html", {"practice": found, "rows": rows[::-1]})


@require_http_methods(["GET", "POST"])
def translate(request: Any, uuid: UUID, language: str) -> HttpResponse:
    """Tell a practice in another language."""
    found = practice_for(request, uuid, "translate")
    if language not in LANGUAGES or language == found.language:
        raise NotFound
    kept = found.translations.filter(language=language).first()
    form = TranslationForm(request.POST or None, practice=found, initial=kept.values if kept else {})

    def act(**values: Any) -> Any:
        return actions.translate(by=request.principal, at=request.at, uuid=uuid, language=language, values=values)

    if request.method == "POST":
        made = acted(form, act)
        if made:
            said = gettext("Saved.") if made.cleared_at else gettext("Saved. The Member’s coordinator is asked to clear it.")
            messages.success(request, said)
            return redirect(reverse("knowledge:practice", args=[uuid]) + f"?language={language}")
    title = gettext("In %(language)s: %(title)s") % {"language": LANGUAGES[language], "title": found.title}
    return form_page(request, form, title, reverse("knowledge:practice", args=[uuid]))


@require_GET
def file(request: Any, uuid: UUID, document: UUID) -> HttpResponse:
    """A file of the practice, for whoever may see the practice."""
    found = about(practice_for(request, uuid).uuid).filter(uuid=document).first()
    if found is None:
        raise NotFound
    return serve(found)  # type: ignore[return-value]


@require_POST
def attach(request: Any, uuid: UUID) -> HttpResponse:
    """Keep a file with the practice."""
    practice_for(request, uuid, "attach")
    form = FileForm(request.POST, request.FILES)

    def act(title: str, file: Any) -> Any:
        return actions.attach(by=request.principal, at=request.at, uuid=uuid, title=title, name=file.name, content=file)

    if acted(form, act):
        messages.success(request, gettext("Kept."))
        return redirect(reverse("knowledge:practice", args=[uuid]) + "#files")
    return form_page(request, form, gettext("Add a file"), reverse("knowledge:practice", args=[uuid]))


@require_POST
def detach(request: Any, uuid: UUID, document: UUID) -> HttpResponse:
    """Take a file away."""
    practice_for(request, uuid)
    actions.detach(by=request.principal, at=request.at, uuid=uuid, document=document)
    messages.success(request, gettext("Taken away."))
    return redirect(reverse("knowledge:practice", args=[uuid]) + "#files")
