"""The forms of evaluation, those made from questions included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..core import Question
from ..enums import DROP_REASONS, ITEM_STATES


class QuestionsForm(forms.Form):
    """One field for each question; what counts as an answer is said by the reckoning, not here."""

    def __init__(self, *args: Any, questions: Sequence[Question], answers: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        kept = {key: {True: "yes", False: "no"}[value] if isinstance(value, bool) else value for key, value in (answers or {}).items()}
        super().__init__(*args, initial=kept, **kwargs)
        for question in questions:
            self.fields[question.key] = _field(question)


def _field(question: Question) -> forms.Field:
    label = gettext(question.text)
    match question.kind:
        case "scale":
            ends = {1: gettext("1, not at all"), 5: gettext("5, fully")}
            choices = [(str(n), ends.get(n, str(n))) for n in range(1, 6)]
        case "yes":
            choices = [("yes", gettext("yes")), ("no", gettext("no"))]
        case "choice":
            choices = [(str(index), option) for index, option in enumerate(question.options)]
        case _:
            return forms.CharField(label=label, required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, required=False)


class TestForm(forms.Form):
    """A test as text."""

    text = forms.CharField(
        label=_("Questions"),
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_(
            "A question on one line, then its answers, each with - before it and the right one with *. An empty line between questions."
        ),
    )


class ItemForm(forms.Form):
    """Something to do back home."""

    what = forms.CharField(label=_("What will you do?"), max_length=300)
    why = forms.CharField(label=_("Why?"), max_length=300, required=False)
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
