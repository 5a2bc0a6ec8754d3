"""The forms of evaluation, those made from questions included."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from entrepot.kernel.numbers import number_text
from entrepot.shell.fields import NumberField, WholeField

from ..core import Question
from ..enums import DROP_REASONS, ITEM_STATES, QUESTION_KINDS

SCALE = [(str(n), str(n)) for n in range(1, 6)]


class QuestionsForm(forms.Form):
    """A field for each question, one for each row of a matrix; what counts as an answer is said by the reckoning, not here."""

    def __init__(self, *args: Any, questions: Sequence[Question], answers: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, initial=dict(_kept(questions, answers or {})), **kwargs)
        self.questions = questions
        for question in questions:
            for name, field in _fields(question):
                self.fields[name] = field

    def shown(self) -> Iterator[tuple[Question, list[Any], str]]:
        """(question, its fields, the answers to the one it depends on for which it is asked)."""
        kinds = {question.key: question.kind for question in self.questions}
        for question in self.questions:
            names = [f"{question.key}.{index}" for index in range(len(question.rows))] if question.kind == "matrix" else [question.key]
            yes = kinds.get(question.shown_if) == "yes"
            values = [("no", "yes")[value] if yes else str(value) for value in question.shown_for]
            yield question, [self[name] for name in names], ",".join(values)

    def given(self) -> dict[str, Any]:
        """The answers, rows of a matrix put together; what was left empty is not there."""
        found: dict[str, Any] = {}
        for name, value in self.cleaned_data.items():
            if value in ("", None, []):
                continue
            key, dot, row = name.partition(".")
            if dot:
                found.setdefault(key, {})[row] = value
            else:
                found[key] = value
        return found


def _kept(questions: Sequence[Question], answers: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for question in questions:
        value = answers.get(question.key)
        match question.kind:
            case "yes" if value is not None:
                yield question.key, "yes" if value else "no"
            case "matrix":
                yield from ((f"{question.key}.{row}", one) for row, one in (value or {}).items())
            case "number" if value is not None:
                yield question.key, number_text(value)
            case _ if value is not None:
                yield question.key, value


def _fields(question: Question) -> Iterator[tuple[str, forms.Field]]:
    label = gettext(question.text)
    radio: dict[str, Any] = {"label": label, "widget": forms.RadioSelect, "required": False}
    match question.kind:
        case "scale":
            yield question.key, forms.ChoiceField(choices=SCALE, **radio)
        case "yes":
            yield question.key, forms.ChoiceField(choices=[("yes", gettext("yes")), ("no", gettext("no"))], **radio)
        case "choice":
            yield question.key, forms.ChoiceField(choices=_options(question), **radio)
        case "several":
            boxes = {**radio, "widget": forms.CheckboxSelectMultiple}
            yield question.key, forms.MultipleChoiceField(choices=_options(question), **boxes)
        case "matrix":
            for index, row in enumerate(question.rows):
                yield f"{question.key}.{index}", forms.ChoiceField(choices=SCALE, **{**radio, "label": gettext(row)})
        case "number":
            # A phone's keys for decimals have no minus.
            keys = {"inputmode": "decimal"} if question.least is not None and question.least >= 0 else {}
            attributes = {"class": "narrow-input", **keys}
            yield question.key, forms.CharField(label=label, required=False, max_length=60, widget=forms.TextInput(attributes))
        case "date":
            yield question.key, forms.CharField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))
        case _:
            yield question.key, forms.CharField(label=label, required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


def _options(question: Question) -> list[tuple[str, str]]:
    return [(str(index), gettext(option)) for index, option in enumerate(question.options)]


class TestForm(forms.Form):
    """A test as text."""

    text = forms.CharField(
        label=_("Questions"),
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_(
            "A question on one line, then its answers, each with - before it and the right one with *. An empty line between questions."
        ),
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


class QuestionForm(forms.Form):
    """A question of a form, as whoever builds it sees it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(label=_("What do you ask?"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    kind = forms.ChoiceField(label=_("How is it answered?"), choices=[(code, _(words)) for code, words in QUESTION_KINDS.items()])
    needed = forms.BooleanField(label=_("It has to be answered"), required=False, initial=True)
    options = forms.CharField(
        label=_("Answers offered, each on a line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For one or any of several."),
    )
    rows = forms.CharField(
        label=_("Rows, each on a line"), required=False, widget=forms.Textarea(attrs={"rows": 4}), help_text=_("For a scale with rows.")
    )
    least = NumberField(label=_("At least"), required=False)
    most = NumberField(label=_("At most"), required=False)
    unit = forms.CharField(label=_("Unit"), required=False, max_length=12, help_text=_("For a number."))
    section = forms.ChoiceField(label=_("Part of the report"), required=False)
    shown_if = forms.ChoiceField(label=_("Ask it only after this question"), required=False)
    shown_for = forms.CharField(
        label=_("… and only for these answers"),
        required=False,
        max_length=60,
        help_text=_("Numbers with commas: 1 to 5 on a scale, the place of the answer from 1 in a list, yes or no."),
    )
    new_meaning = forms.BooleanField(label=_("Its meaning changes: later answers cannot be put together with earlier ones"), required=False)

    def __init__(self, *args: Any, before: Sequence[Question], sections: Mapping[str, str], answered: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = {question.key: question for question in before if question.kind in ("scale", "choice", "several", "yes")}
        choices = [("", "–"), *((key, question.text[:80]) for key, question in self.before.items())]
        self.fields["shown_if"].choices = choices  # type: ignore[attr-defined]
        self.fields["section"].choices = [("", "–"), *((code, gettext(words)) for code, words in sections.items())]  # type: ignore[attr-defined]
        if not answered:
            del self.fields["new_meaning"]

    @classmethod
    def initial_of(cls, question: Question, before: Sequence[Question]) -> dict[str, Any]:
        """What the form shows of a question that is there."""
        kept = {name: getattr(question, name) for name in ("text", "kind", "needed", "least", "most", "unit", "section", "shown_if")}
        asked = next((other for other in before if other.key == question.shown_if), None)
        return {
            **kept,
            "options": "\n".join(question.options),
            "rows": "\n".join(question.rows),
            "shown_for": ", ".join(_said(asked, value) for value in question.shown_for),
        }

    def values(self) -> dict[str, Any]:
        """The fields of a question."""
        kept = {name: self.cleaned_data[name] for name in ("text", "kind", "needed", "least", "most", "unit", "section", "shown_if")}
        asked = self.before.get(kept["shown_if"])
        return {
            **kept,
            **{name: None if kept[name] is None else float(kept[name]) for name in ("least", "most")},
            "options": _lines(self.cleaned_data["options"]),
            "rows": _lines(self.cleaned_data["rows"]),
            "shown_for": tuple(sorted(_meant(asked, self.cleaned_data["shown_for"]))),
        }


def _said(asked: Question | None, value: int) -> str:
    if asked is not None and asked.kind == "yes":
        return ("no", "yes")[value]
    return str(value if asked is not None and asked.kind == "scale" else value + 1)


def _meant(asked: Question | None, text: str) -> set[int]:
    found: set[int] = set()
    for part in re.split(r"[,; ]+", text.strip().lower()):
        if part in ("yes", gettext("yes")):
            found.add(1)
        elif part in ("no", gettext("no")):
            found.add(0)
        elif part.isdigit() and len(part) < 4:
            found.add(int(part) if asked is not None and asked.kind == "scale" else int(part) - 1)
    return found


class TextsForm(forms.Form):
    """The questions in another language, the source beside each."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, questions: Sequence[Question], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            said = question.texts.get(language) or {}
            self._add(f"{question.key}:text", question.text, said.get("text", ""))
            for name in ("options", "rows"):
                for index, source in enumerate(getattr(question, name)):
                    there = said.get(name) or []
                    self._add(f"{question.key}:{name}:{index}", source, there[index] if index < len(there) else "")

    def _add(self, name: str, source: str, said: str) -> None:
        area = forms.Textarea(attrs={"rows": 2, "dir": "auto"})
        self.fields[name] = forms.CharField(label=gettext(source), required=False, max_length=500, initial=said, widget=area)

    def texts(self) -> dict[str, dict[str, Any]]:
        """Question key → what is said in the language."""
        found: dict[str, dict[str, Any]] = {}
        for question in self.questions:
            part: dict[str, Any] = {"text": self.cleaned_data[f"{question.key}:text"]}
            for name in ("options", "rows"):
                part[name] = [self.cleaned_data[f"{question.key}:{name}:{index}"] for index in range(len(getattr(question, name)))]
            found[question.key] = part
        return found


class PeopleForm(forms.Form):
    """Whom to ask, by address."""

    emails = forms.CharField(label=_("Their addresses, each on a line"), widget=forms.Textarea(attrs={"rows": 4}), max_length=5000)


class SuccessorForm(forms.Form):
    """Who answers now."""

    email = forms.EmailField(label=_("The address of whoever answers now"))


class ReasonForm(forms.Form):
    """Why it cannot wait."""

    reason = forms.CharField(label=_("Why can it not wait for the next quarter?"), max_length=300, required=False)


class WorkbookForm(forms.Form):
    """A workbook that comes back."""

    file = forms.FileField(label=_("The workbook, filled in"))


class ItemForm(forms.Form):
    """Something to do back home."""

    what = forms.CharField(label=_("What will you do?"), max_length=300)
    why = forms.CharField(label=_("Why?"), max_length=300, required=False)
    owner = forms.CharField(label=_("Who does it, if not you?"), max_length=120, required=False)
    support = forms.CharField(label=_("What support do you need?"), max_length=300, required=False)
    indicator = forms.CharField(label=_("How will it show?"), max_length=200, required=False)
    due_on = forms.DateField(label=_("By when?"), widget=forms.DateInput(attrs={"type": "date"}))


class UpdateForm(forms.Form):
    """How an item stands."""

    state = forms.ChoiceField(label=_("How does it stand?"), choices=[(state.value, _(words)) for state, words in ITEM_STATES.items()])
    dropped_because = forms.ChoiceField(
        label=_("If dropped, why?"),
        required=False,
        choices=[("", "–"), *((reason.value, _(words)) for reason, words in DROP_REASONS.items())],
    )
    note = forms.CharField(label=_("What happened?"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class LessonForm(forms.Form):
    """That one taught colleagues."""

    what = forms.CharField(label=_("What did you teach?"), max_length=200)
    on = forms.DateField(label=_("When?"), widget=forms.DateInput(attrs={"type": "date"}))
    claimed = WholeField(label=_("How many colleagues were there?"), least=1, most=500)
    emails = forms.CharField(
        label=_("Their addresses, each on a line"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Those who are known here are asked whether it is so. Their yes is what counts as confirmed; their names are shown to nobody."
        ),
    )


class PeriodForm(forms.Form):
    """The period of a compiled follow-up."""

    from_on = forms.DateField(label=_("Closed from"), widget=forms.DateInput(attrs={"type": "date"}))
    to_on = forms.DateField(label=_("up to, not including"), widget=forms.DateInput(attrs={"type": "date"}))
