"""The pages on which people answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from entrepot.capacity.training.api import PASS, nomination_rules
from entrepot.ground.access.api import Arrival, arrive, use_link
from entrepot.ground.documents.api import keep
from entrepot.kernel.errors import DomainError, Invalid, NotFound, TooManyRequests
from entrepot.shell.forms import acted, page_with_form, show_faults
from entrepot.shell.words import say

from .. import actions, workbook
from ..core import SECTIONS, read_questions, write_test
from ..enums import FORM_KINDS, OF_PARTICIPANT, TESTS, FormKind, ItemState
from ..letters import minutes
from ..models import ActionItem, Ask, Form
from ..purposes import ANSWER
from ..rules import ask_rules
from .forms import QuestionsForm, SuccessorForm, TestForm, UpdateForm, WorkbookForm
from .pages import EXCEL, activity_of, begun, file, taken, tongue, with_names

ABOUT_NOMINATION = ("activity__region", "activity__host", "person__home", "invitation__place", "supervisor")
_RELATED = ("form__activity__region", "nomination__person", "nomination__invitation__place", "place", "person")


@require_http_methods(["GET", "POST"])
def test(request: Any, uuid: Any) -> HttpResponse:
    """Write the test that is taken before and after."""
    activity = activity_of(request, uuid, "deliver")
    kept = Form.objects.filter(activity=activity, kind=FormKind.PRE).first()
    initial = {"text": write_test(read_questions(kept.questions))} if kept else {}
    sheet = TestForm(request.POST or None, initial=initial)
    if request.method == "POST" and acted(sheet, partial(actions.keep_test, by=request.principal, at=request.at, activity=uuid)):
        messages.success(request, gettext("Saved: the same questions are asked before and after."))
        return redirect("training:activity", uuid)
    return page_with_form(request, sheet, gettext("Test"), reverse("training:activity", args=[uuid]), activity.title)


@require_http_methods(["GET", "POST"])
def form(request: Any, kind: str, key: str) -> HttpResponse:
    """A participant answers a form of the workshop, signed in or by pass."""
    here = arrive(request.principal, key, purpose=PASS, rules=nomination_rules, at=request.at, related=ABOUT_NOMINATION)
    nomination_rules.require(here.by, "attend", here.record)
    activity = here.record.activity
    ask = Ask.objects.filter(form__activity=activity, form__kind=kind, nomination=here.record).select_related("form__activity").first()
    shown = ask.form if ask else Form.objects.filter(activity=activity, kind=kind, current=True, kind__in=OF_PARTICIPANT).first()
    if shown is None:
        raise NotFound
    back = reverse("training:participant", args=[key])
    if ask and ask.answered_at and kind in TESTS:
        return render(request, "evaluation/score.html", {"ask": ask, "back": back, "activity": activity})
    sheet, told = _sheet(request, shown, ask)
    act = partial(actions.answer_form, by=here.by, at=request.at, nomination=here.record.uuid, kind=FormKind(kind))
    if request.method == "POST" and _answered(request, sheet, told, act):
        messages.success(request, gettext("Thank you, recorded."))
        return redirect(back)
    hopes = Ask.objects.filter(form__activity=activity, form__kind=FormKind.EXPECT, nomination=here.record).values_list(
        "answers", flat=True
    )
    context = {
        "form": sheet,
        "title": gettext(FORM_KINDS[FormKind(kind)]),
        "back": back,
        "activity": activity,
        "hopes": hopes.first() or {},
    }
    return render(request, "evaluation/form.html", context | told, status=422 if sheet.errors else 200)


def _sheet(request: Any, shown: Form, ask: Ask | None) -> tuple[QuestionsForm, dict[str, Any]]:
    """The form as the answerer sees it, in the language they read it in."""
    questions = read_questions(shown.questions)
    language, offered = tongue(request, questions)
    said = [question.said_in(language) for question in questions] if language else list(questions)
    sheet = QuestionsForm(request.POST if request.method == "POST" else None, questions=said, answers=ask.answers if ask else None)
    return sheet, {"language": language, "languages": [shown.language, *offered] if offered else [], "begun": begun()}


def _answered(request: Any, sheet: QuestionsForm, told: Mapping[str, Any], act: Any) -> bool:
    """Whether the answer was taken; else the form shows why not."""
    if not sheet.is_valid():
        return False
    try:
        act(given=sheet.given(), seconds=taken(request), language=told["language"])
    except Invalid as error:
        show_faults(sheet, with_names(error, sheet.fields) if error.faults else error)
        return False
    except DomainError as error:
        show_faults(sheet, error)
        return False
    return True


def _ask(request: Any, key: str) -> Arrival[Ask]:
    here = arrive(request.principal, key, purpose=ANSWER, rules=ask_rules, at=request.at, related=_RELATED)
    ask_rules.require(here.by, "answer", here.record)
    return here


@require_http_methods(["GET", "POST"])
def answer(request: Any, key: str) -> HttpResponse:
    """Someone answers what was asked of them, signed in or by link; an officer's items are there to say how they stand."""
    here = _ask(request, key)
    ask = here.record
    sheet, told = _sheet(request, ask.form, ask)
    items = list(_items(ask))
    officer = ask.form.kind == FormKind.OFFICER

    def act(**given: Any) -> None:
        with transaction.atomic():
            actions.answer_ask(by=here.by, at=request.at, uuid=ask.uuid, items=_said(request, items) if officer else None, **given)
            if here.link:
                use_link(by=here.by, at=request.at, link=here.link)
        for one in items if officer else ():
            _keep_evidence(request, here, one)

    if request.method == "POST" and _answered(request, sheet, told, act):
        return render(request, "training/thanks.html", {"activity": ask.form.activity})
    context = {
        "ask": ask,
        "form": sheet,
        "items": items,
        "activity": ask.form.activity,
        "officer": officer,
        "kind": ask.form.kind,
        "key": key,
        "update": UpdateForm(),
        "upload": WorkbookForm(),
        "minutes": minutes(ask.form.seconds),
        "amendments": ask.amendments.count(),
        "may_clear": ask_rules.may(here.by, "clear", ask) and ask.answered_at,
    }
    return render(request, "evaluation/answer.html", context | told, status=422 if sheet.errors else 200)


def _items(ask: Ask) -> Any:
    if ask.nomination_id is None:
        return ActionItem.objects.none()
    return ActionItem.objects.filter(nomination=ask.nomination).select_related("nomination__invitation__place").order_by("due_on", "pk")


def _said(request: Any, items: list[ActionItem]) -> dict[Any, dict[str, str]]:
    """How each item stands, as the page says; one that is not on the page is left as it is."""
    found = {}
    for one in items:
        names = {name: request.POST.get(f"item-{one.uuid}-{name}", "") for name in ("state", "dropped_because", "note")}
        if names["state"] in list(ItemState):
            found[one.uuid] = names
    return found


def _keep_evidence(request: Any, here: Arrival[Ask], item: ActionItem) -> None:
    """Keep a file as evidence of an item, with the Member. What is wrong with it is told; the answer stands."""
    upload = request.FILES.get(f"item-{item.uuid}-file")
    if upload is None:
        return
    place, title = item.nomination.invitation.place, gettext("Evidence: %(what)s") % {"what": item.what}
    try:
        keep(by=here.by, at=request.at, place=place, about=item.uuid, title=title, name=upload.name, content=upload)
    except (Invalid, TooManyRequests) as error:
        fault = next(iter(error.faults.values()) if isinstance(error, Invalid) else iter(()), error.text)
        messages.error(request, gettext(fault.message) % fault.values)


@require_GET
def answer_workbook(request: Any, key: str) -> HttpResponse:
    """The form as a workbook, to be answered without a line."""
    ask = _ask(request, key).record
    questions = read_questions(ask.form.questions)
    language, _ = tongue(request, questions)
    said = [_translated(question.said_in(language)) for question in questions]
    title = f"{ask.form.activity.title} · {gettext(FORM_KINDS[FormKind(ask.form.kind)])}"
    items = list(_items(ask)) if ask.form.kind == FormKind.OFFICER else []
    content = workbook.write(title, workbook.about_ask(ask), said, ask.answers, items)
    return file(content, EXCEL, f"{ask.form.activity.code}-{ask.form.kind}.xlsx")


def _translated(question: Any) -> Any:
    return replace(
        question,
        text=gettext(question.text),
        options=tuple(gettext(option) for option in question.options),
        rows=tuple(gettext(row) for row in question.rows),
    )


@require_POST
def take_workbook(request: Any, key: str) -> HttpResponse:
    """The workbook comes back: taken whole, or told what is wrong."""
    here = _ask(request, key)
    ask = here.record
    upload = WorkbookForm(request.POST, request.FILES)
    faults: list[tuple[str, str]] = []
    if upload.is_valid() and _taken(request, here, upload, faults):
        return render(request, "training/thanks.html", {"activity": ask.form.activity})
    context = {"form": upload, "faults": faults, "ask": ask, "activity": ask.form.activity, "key": key, "plan": False}
    return render(request, "evaluation/workbook.html", context, status=422)


def _taken(request: Any, here: Arrival[Ask], upload: WorkbookForm, faults: list[tuple[str, str]]) -> bool:
    ask = here.record
    questions = read_questions(ask.form.questions)
    language, _ = tongue(request, questions)
    said = [_translated(question.said_in(language)) for question in questions]
    sent = workbook.Sent()
    try:
        sent = workbook.read(upload.cleaned_data["file"], workbook.about_ask(ask), said)
        if sent.faults:
            faults += [*sent.faults, *sent.also_wrong(said)]
            return False
        with transaction.atomic():
            actions.answer_ask(by=here.by, at=request.at, uuid=ask.uuid, given=sent.given, items=sent.items or None, language=language)
            if here.link:
                use_link(by=here.by, at=request.at, link=here.link)
    except Invalid as error:
        placed = sent.placed(error, said)
        faults += placed
        if not placed:
            show_faults(upload, error)
        return False
    except DomainError as error:
        show_faults(upload, error)
        return False
    for remark in sent.remarks:
        messages.warning(request, say(remark))
    return True


@require_http_methods(["GET", "POST"])
def clearance(request: Any, uuid: Any) -> HttpResponse:
    """The Member says which of its answers the region may publish."""
    ask = ask_rules.visible_to(request.principal).select_related(*_RELATED).filter(uuid=uuid).first()
    if ask is None:
        raise NotFound
    ask_rules.require(request.principal, "clear", ask)
    if request.method == "POST":
        keys = request.POST.getlist("keys")
        actions.clear_answers(by=request.principal, at=request.at, uuid=uuid, keys=keys)
        words = gettext("Cleared: what you ticked may be published.") if keys else gettext("Taken back: nothing of it is published.")
        messages.success(request, words)
        return redirect(request.path)
    questions = [question for question in read_questions(ask.form.questions) if question.key in ask.answers]
    rows = [
        (question, question.in_words(ask.answers[question.key]), question.key in ask.cleared, SECTIONS.get(question.section, ""))
        for question in questions
    ]
    return render(request, "evaluation/clearance.html", {"ask": ask, "activity": ask.form.activity, "rows": rows})


@require_http_methods(["GET", "POST"])
def hand_over(request: Any, uuid: Any) -> HttpResponse:
    """Whoever answers has changed."""
    ask = ask_rules.visible_to(request.principal).select_related(*_RELATED).filter(uuid=uuid).first()
    if ask is None:
        raise NotFound
    ask_rules.require(request.principal, "hand_over", ask)
    sheet = SuccessorForm(request.POST or None)
    if request.method == "POST" and acted(sheet, partial(actions.hand_over, by=request.principal, at=request.at, uuid=uuid)):
        messages.success(request, gettext("Handed over: the new one is asked, and the old link is dead."))
        return redirect("evaluation:overdue")
    title = gettext("Someone else answers now")
    intro = gettext("%(person)s was asked about “%(title)s”. The question moves, with a link of its own.") % {
        "person": ask.person.full_name,
        "title": ask.form.activity.title,
    }
    return page_with_form(
        request, sheet, title, reverse("evaluation:overdue"), gettext("Overdue"), submit=gettext("Hand over"), intro=intro
    )
