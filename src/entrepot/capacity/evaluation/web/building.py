"""Building the forms of an activity."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from entrepot.kernel.errors import DomainError, NotFound
from entrepot.kernel.languages import LANGUAGES
from entrepot.shell.forms import acted, page_with_form, show_faults
from entrepot.shell.templatetags.shell import language_name

from .. import actions
from ..core import LIBRARY, SECTIONS, Question, languages, read_questions
from ..enums import FORM_KINDS, LEVEL_OF, LEVELS, OF_OTHERS, TESTS, FormKind
from ..letters import minutes
from ..models import Form
from ..queries import forms_listed, forms_to_copy
from ..rules import form_rules
from .forms import PeopleForm, QuestionForm, QuestionsForm, TextsForm
from .pages import activity_of, uuid_of


def _tongues() -> dict[str, str]:
    """The languages in which a form may be said beside English, each by its own name: the region's, and those of the pages."""
    every = {**{code: str(name) for code, name in settings.LANGUAGES}, **LANGUAGES}
    return {code: every[code] for code in sorted(every) if code != "en"}


@require_http_methods(["GET", "POST"])
def forms(request: Any, uuid: UUID) -> HttpResponse:
    """The forms of an activity, by level: which are there, in which version, how many answered; and the library to begin one."""
    activity = activity_of(request, uuid, "deliver")
    if request.method == "POST":
        kind, start = request.POST.get("kind", ""), request.POST.get("from", "")
        if kind not in list(FormKind):
            raise NotFound
        copy_of = uuid_of(start.removeprefix("copy:")) if start.startswith("copy:") else None
        code = "" if copy_of else start
        try:
            made = actions.begin_form(by=request.principal, at=request.at, activity=uuid, kind=FormKind(kind), code=code, copy_of=copy_of)
        except DomainError as error:
            messages.error(request, gettext(error.text.message) % error.text.values)
            return redirect(request.path)
        return redirect("evaluation:build", made.uuid)
    there = forms_listed(activity)
    copies = forms_to_copy(form_rules.visible_to(request.principal), activity)
    rows = [(kind, FORM_KINDS[kind], there.get(kind.value), *_starts(kind, copies)) for kind in LEVEL_OF]
    levels = [(LEVELS[level], [row for row in rows if LEVEL_OF[row[0]] is level]) for level in LEVELS]
    return render(request, "evaluation/forms.html", {"activity": activity, "levels": levels, "tests": TESTS})


def _starts(kind: FormKind, copies: list[Form]) -> tuple[list[Any], list[Form]]:
    return [one for one in LIBRARY if one.kind == kind], [form for form in copies if form.kind == kind]


def _form(request: Any, uuid: UUID) -> Form:
    found = form_rules.visible_to(request.principal).select_related("activity__region", "activity__host").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    form_rules.require(request.principal, "keep", found)
    return found


@require_http_methods(["GET", "POST"])
def build(request: Any, uuid: UUID) -> HttpResponse:
    """A form, question by question: move, copy, take out; and what it takes of people's time."""
    form = _form(request, uuid)
    if request.method == "POST":
        return _changed(request, form)
    questions = read_questions(form.questions)
    context = {
        "form_made": form,
        "activity": form.activity,
        "title": FORM_KINDS[FormKind(form.kind)],
        "questions": [(question, SECTIONS.get(question.section, "")) for question in questions],
        "is_test": form.kind in TESTS,
        "of_others": form.kind in OF_OTHERS,
        "minutes": minutes(form.seconds),
        "said_in": [(code, language_name(code)) for code in languages(questions)],
        "tongues": list(_tongues().items()),
        "versions": Form.objects.filter(activity=form.activity, kind=form.kind).order_by("number"),
        "people": PeopleForm(),
    }
    return render(request, "evaluation/build.html", context)


def _changed(request: Any, form: Form) -> HttpResponse:
    key, what = request.POST.get("key", ""), request.POST.get("do", "")
    version = request.POST.get("version", "")
    who: dict[str, Any] = {"by": request.principal, "at": request.at, "uuid": form.uuid}
    held: dict[str, Any] = {**who, "key": key, "version": int(version) if version.isdecimal() and len(version) < 10 else None}
    acts = {
        "up": partial(actions.move_question, **held, steps=-1),
        "down": partial(actions.move_question, **held, steps=1),
        "copy": partial(actions.copy_question, **held),
        "drop": partial(actions.drop_question, **held),
    }
    try:
        if what == "ask":
            emails = request.POST.get("emails", "").split()
            n = actions.ask_others(by=request.principal, at=request.at, form=form.uuid, emails=emails)
            messages.success(request, gettext("%(n)s people are asked.") % {"n": n})
            return redirect("evaluation:build", form.uuid)
        if what not in acts:
            raise NotFound
        kept = acts[what]()
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        fault = next(iter(getattr(error, "faults", {}).values()), error.text)
        messages.error(request, gettext(fault.message) % fault.values)
        return redirect("evaluation:build", form.uuid)
    _told(request, form, kept)
    return redirect(reverse("evaluation:build", args=[kept.uuid]) + (f"#{key}" if what in ("up", "down") else ""))


def _told(request: Any, form: Form, kept: Form) -> None:
    if kept.pk != form.pk:
        words = gettext("People have answered version %(old)s: it stays as it is, and this is version %(new)s.")
        messages.success(request, words % {"old": form.number, "new": kept.number})


@require_http_methods(["GET", "POST"])
def question(request: Any, uuid: UUID, key: str = "") -> HttpResponse:
    """One question: add it, or change it."""
    form = _form(request, uuid)
    questions = list(read_questions(form.questions))
    found = next((one for one in questions if one.key == key), None)
    if key and found is None:
        raise NotFound
    before = questions[: questions.index(found)] if found else questions
    initial = QuestionForm.initial_of(found, before) if found else {"kind": "scale", "needed": True}
    sheet = QuestionForm(
        request.POST or None,
        initial={**initial, "version": form.version},
        before=before,
        sections=SECTIONS,
        answered=bool(key and form.frozen_at),
    )
    if request.method == "POST" and sheet.is_valid():
        kept = _kept_question(request, form, key, sheet)
        if kept is not None:
            _told(request, form, kept)
            return redirect("evaluation:build", kept.uuid)
    context = {
        "form": sheet,
        "title": gettext("Change a question") if key else gettext("Add a question"),
        "back": reverse("evaluation:build", args=[uuid]),
        "back_title": gettext(FORM_KINDS[FormKind(form.kind)]),
        "intro": gettext("What is chosen from cannot be mended: after answers are there, it makes another question.")
        if form.frozen_at
        else "",
    }
    return page_with_form(request, **context)


def _kept_question(request: Any, form: Form, key: str, sheet: QuestionForm) -> Form | None:
    who: dict[str, Any] = {"by": request.principal, "at": request.at, "uuid": form.uuid, "version": sheet.cleaned_data["version"]}
    try:
        if key:
            new_meaning = bool(sheet.cleaned_data.get("new_meaning"))
            return actions.edit_question(**who, key=key, values=sheet.values(), new_meaning=new_meaning)
        return actions.add_question(**who, values=sheet.values())
    except DomainError as error:
        show_faults(sheet, error)
        return None


@require_http_methods(["GET", "POST"])
def texts(request: Any, uuid: UUID, language: str) -> HttpResponse:
    """The questions said in another language."""
    form = _form(request, uuid)
    if language not in _tongues():
        raise NotFound
    questions = read_questions(form.questions)
    sheet = TextsForm(request.POST or None, questions=questions, language=language, initial={"version": form.version})

    def act(**_: Any) -> Any:
        version = sheet.cleaned_data["version"]
        who: dict[str, Any] = {"by": request.principal, "at": request.at, "uuid": uuid, "version": version}
        return actions.translate_form(**who, language=language, texts=sheet.texts())

    if request.method == "POST":
        kept = acted(sheet, act)
        if kept is not None:
            _told(request, form, kept)
            messages.success(request, gettext("Saved."))
            return redirect("evaluation:build", kept.uuid)
    title = gettext("In another language: %(language)s") % {"language": language_name(language)}
    context = {
        "form": sheet,
        "title": title,
        "back": reverse("evaluation:build", args=[uuid]),
        "back_title": gettext(FORM_KINDS[FormKind(form.kind)]),
        "intro": gettext(
            "What stays empty is shown in the form’s own language. The language is offered once every question is said in it."
        ),
    }
    return page_with_form(request, **context)


@require_GET
def preview(request: Any, uuid: UUID) -> HttpResponse:
    """The form as the answerer sees it; nothing can be sent from here."""
    form = _form(request, uuid)
    questions = read_questions(form.questions)
    offered = languages(questions)
    language = request.GET.get("in", "")
    said: list[Question] = [one.said_in(language) if language in offered else replace(one) for one in questions]
    context = {
        "form": QuestionsForm(questions=said),
        "form_made": form,
        "activity": form.activity,
        "title": FORM_KINDS[FormKind(form.kind)],
        "languages": [form.language, *offered] if offered else [],
        "language": language if language in offered else "",
        "minutes": minutes(form.seconds),
    }
    return render(request, "evaluation/preview.html", context)
