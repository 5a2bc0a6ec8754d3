"""Making the forms of an activity: from the library, question by question, version by version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from entrepot.capacity.training.api import activity_rules
from entrepot.capacity.training.enums import Stage
from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.kernel.errors import Conflict, Invalid, NotFound
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import gettext_noop

from .. import letters
from ..core import (
    DEFAULTS,
    Question,
    checked_order,
    checked_question,
    key_for,
    read_questions,
    read_test,
    renewed,
    same_meaning,
    seconds_for,
    template,
)
from ..enums import LATER, TESTS, FormKind
from ..models import Ask, Form
from ..rules import form_rules


class AnswersClosed(Conflict):
    """The time for answers is over, or has not come."""

    code = "answers-closed"
    message = gettext_noop("Answers to this form are not taken now. Nothing was changed.")


class FormIsThere(Conflict):
    """The activity has such a form already."""

    code = "form-there"
    message = gettext_noop("The activity has such a form already. Open it to change it.")


@action
def keep_test(*, by: Principal, at: datetime, activity: UUID, text: str) -> list[Form]:
    """Write the test that is taken before and after. Raises `Invalid`, and `Conflict` once someone has taken it."""
    held = hold(activity_rules.visible_to(by).select_related("region"), activity)
    activity_rules.require(by, "deliver", held)
    questions = read_test(text)
    if Ask.objects.filter(form__activity=held, form__kind__in=TESTS, answered_at__isnull=False).exists():
        raise Conflict(gettext_noop("Someone has taken the test: its questions stay as they are, so that answers can be compared."))
    values = {"questions": [question.plain() for question in questions], "seconds": seconds_for(questions)}
    forms, changed = [], False
    for kind in TESTS:
        form, new = Form.objects.get_or_create(activity=held, kind=kind, defaults=values)
        changed |= new | bool(change(form, values, version=None))
        forms.append(form)
    if not changed:
        nothing_done()
        return forms
    append(by=by, at=at, verb="evaluation.test.written", thing=held, place=held.region.lineage, facts={"questions": len(questions)})
    return forms


def prepare_forms(activity: Any, stage: Stage, by: Principal, at: datetime) -> None:
    """Part of entering a stage: the reaction form is there once seats are confirmed, the follow-up once the activity is closed."""
    kinds: tuple[FormKind, ...] = (FormKind.REACTION,) if stage is Stage.CONFIRMED else LATER if stage is Stage.CLOSED else ()
    for kind in kinds:
        questions = DEFAULTS[kind]
        values = {"questions": [question.plain() for question in questions], "seconds": seconds_for(questions)}
        Form.objects.get_or_create(activity=activity, kind=kind, current=True, defaults=values)
    if stage is Stage.CLOSED:
        letters.queue_follow_up(activity, at)


def is_open(form: Form, at: datetime) -> bool:
    """Whether a participant answers a form now: what they hope for and the first test until the end, the others from the first day on.

    A day is taken as it is anywhere: participants sit at the host's, at home, and on the way between.
    """
    return any(_is_open_on(form, (at + timedelta(hours=hours)).date()) for hours in (-12, 0, 14))


def _is_open_on(form: Form, today: date) -> bool:
    activity = form.activity
    if activity.stage not in (Stage.CONFIRMED, Stage.DELIVERED) or not activity.starts_on:
        return False
    if form.kind == FormKind.EXPECT:
        return bool(today <= activity.starts_on)
    if form.kind == FormKind.PRE:
        return bool(activity.last_on and today <= activity.last_on)
    return bool(activity.starts_on <= today)


@action
def begin_form(
    *, by: Principal, at: datetime, activity: UUID, kind: FormKind, code: str = "", copy_of: UUID | None = None, language: str = "en"
) -> Form:
    """Begin a form from our library (`code`), as a copy of another activity's (`copy_of`), or empty. Raises `FormIsThere`, `NotFound`."""
    held = hold(activity_rules.visible_to(by).select_related("region"), activity)
    activity_rules.require(by, "deliver", held)
    if kind in TESTS:
        raise Invalid({"kind": gettext_noop("A test is written on its own page.")})
    if Form.objects.filter(activity=held, kind=kind).exists():
        raise FormIsThere
    questions = _beginning(by, kind, code, copy_of)
    plain = [question.plain() for question in questions]
    form = Form.objects.create(activity=held, kind=kind, questions=plain, seconds=seconds_for(questions), language=language)
    append(by=by, at=at, verb="evaluation.form.begun", thing=form, place=held.region.lineage, facts={"kind": kind, "from": code or copy_of})
    return form


def _beginning(by: Principal, kind: FormKind, code: str, copy_of: UUID | None) -> Sequence[Question]:
    if copy_of is not None:
        other = form_rules.visible_to(by).filter(uuid=copy_of, kind=kind).first()
        if other is None:
            raise NotFound
        return read_questions(other.questions)
    if not code:
        return ()
    chosen = template(code)
    if chosen is None or chosen.kind != kind:
        raise Invalid({"code": gettext_noop("Choose one of the answers offered.")})
    return chosen.questions


def _held(by: Principal, uuid: UUID, version: int | None) -> tuple[Form, list[Question]]:
    form = hold(form_rules.visible_to(by).select_related("activity__region"), uuid)
    form_rules.require(by, "keep", form)
    if not form.current:
        raise Conflict(gettext_noop("There is a later version of this form. Nothing was changed."))
    if form.kind in TESTS:
        raise Conflict(gettext_noop("A test is written on its own page."))
    if version is not None and version != form.version:
        change(form, {}, version=version)
    return form, list(read_questions(form.questions))


def _kept(form: Form, questions: Sequence[Question], by: Principal, at: datetime, what: str) -> Form:
    """Keep the questions: in the form while nobody has answered it, else as its next version, to which open asks move."""
    checked = checked_order(questions)
    values = {"questions": [question.plain() for question in checked], "seconds": seconds_for(checked)}
    if form.questions == values["questions"]:
        nothing_done()
        return form
    kept = form
    if form.frozen_at is None:
        change(form, values, version=None)
    else:
        change(form, {"current": False}, version=None)
        kept = Form.objects.create(activity=form.activity, kind=form.kind, number=form.number + 1, language=form.language, **values)
        for ask in Ask.objects.filter(form=form, answered_at__isnull=True):
            change(ask, {"form": kept}, version=None)
    facts = {"kind": form.kind, "what": what, "version": kept.number}
    append(by=by, at=at, verb="evaluation.form.changed", thing=kept, place=form.activity.region.lineage, facts=facts)
    return kept


@action
def add_question(*, by: Principal, at: datetime, uuid: UUID, values: Mapping[str, Any], version: int | None = None) -> Form:
    """Add a question at the end. `values` are fields of `Question`; the key is made from its words. Raises `Invalid`."""
    form, questions = _held(by, uuid, version)
    taken = _ever(form)
    question = Question(**{"kind": "", "text": "", **values, "key": key_for(str(values.get("text", "")), taken)})
    return _kept(form, [*questions, checked_question(question, questions, taken)], by, at, "added")


def _ever(form: Form) -> set[str]:
    """The keys of all versions: one is never given to another question."""
    versions = Form.objects.filter(activity=form.activity_id, kind=form.kind).values_list("questions", flat=True)
    return {str(row["key"]) for questions in versions for row in questions}


@action
def edit_question(
    *, by: Principal, at: datetime, uuid: UUID, key: str, values: Mapping[str, Any], new_meaning: bool = False, version: int | None = None
) -> Form:
    """Change a question. It keeps its identity where its meaning stays; what is chosen from, or `new_meaning`, makes it another question.

    Raises `Invalid`, `NotFound`, `StaleEdit`.
    """
    form, questions = _held(by, uuid, version)
    index = _index(questions, key)
    old = questions[index]
    new = checked_question(replace(old, **values), questions[:index], [q.key for q in questions if q.key != key])
    if form.frozen_at is not None and (new_meaning or not same_meaning(old, new)):
        new = replace(new, key=renewed(key, _ever(form)))
    changed = [new if at_index == index else _following(q, key, new.key) for at_index, q in enumerate(questions)]
    return _kept(form, changed, by, at, "changed")


def _following(question: Question, old: str, new: str) -> Question:
    return replace(question, shown_if=new) if question.shown_if == old else question


def _index(questions: Sequence[Question], key: str) -> int:
    found = next((index for index, question in enumerate(questions) if question.key == key), None)
    if found is None:
        raise NotFound
    return found


@action
def move_question(*, by: Principal, at: datetime, uuid: UUID, key: str, steps: int, version: int | None = None) -> Form:
    """Move a question up (negative) or down. Raises `Invalid` where it would come before what it depends on."""
    form, questions = _held(by, uuid, version)
    index = _index(questions, key)
    question = questions.pop(index)
    questions.insert(min(max(index + steps, 0), len(questions)), question)
    return _kept(form, questions, by, at, "moved")


@action
def copy_question(*, by: Principal, at: datetime, uuid: UUID, key: str, version: int | None = None) -> Form:
    """Put a copy of a question after it; the copy is a question of its own."""
    form, questions = _held(by, uuid, version)
    index = _index(questions, key)
    copied = replace(questions[index], key=renewed(key, _ever(form)))
    return _kept(form, [*questions[: index + 1], copied, *questions[index + 1 :]], by, at, "copied")


@action
def drop_question(*, by: Principal, at: datetime, uuid: UUID, key: str, version: int | None = None) -> Form:
    """Take a question out. Raises `Conflict` where another depends on it."""
    form, questions = _held(by, uuid, version)
    index = _index(questions, key)
    if any(question.shown_if == key for question in questions):
        raise Conflict(gettext_noop("Another question depends on this one. Change that one first."))
    return _kept(form, [*questions[:index], *questions[index + 1 :]], by, at, "dropped")


@action
def translate_form(
    *, by: Principal, at: datetime, uuid: UUID, language: str, texts: Mapping[str, Mapping[str, Any]], version: int | None = None
) -> Form:
    """Say the questions in another language: `texts` is key → {"text", "options", "rows"}. What is empty falls back to the source."""
    form, questions = _held(by, uuid, version)
    if language == form.language or not 2 <= len(language) <= 12:
        raise Invalid({"language": gettext_noop("Choose a language other than the form’s own.")})
    said = []
    for question in questions:
        given = texts.get(question.key) or {}
        parts = {name: value for name, value in _cleaned(given).items() if value}
        others = {code: kept for code, kept in question.texts.items() if code != language}
        said.append(replace(question, texts={**others, language: parts} if parts else others))
    return _kept(form, said, by, at, "translated")


def _cleaned(given: Mapping[str, Any]) -> dict[str, Any]:
    text = str(given.get("text") or "").strip()[:500]
    lists = {name: [str(one).strip()[:300] for one in given.get(name) or ()] for name in ("options", "rows")}
    return {"text": text, **{name: values if any(values) else [] for name, values in lists.items()}}
