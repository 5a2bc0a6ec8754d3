"""The forms of indicators."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepot.ground.region.api import place_rules
from entrepot.kernel.errors import Invalid
from entrepot.kernel.principals import Principal
from entrepot.shell.fields import NumberField, WholeField
from entrepot.shell.words import say

from ..core import read_figure, read_span
from ..enums import DIRECTIONS, EVERY, Every
from ..rules import COORDINATOR, ENTER, OFFICE


class FigureField(NumberField):
    """A figure as people write it, rounded as figures are kept."""

    def read(self, text: str) -> Any:
        """What the text says. Raises `NotANumber`."""
        return read_figure(text, unit=self.unit)


class EditForm(forms.Form):
    """What may be changed of a definition."""

    title = forms.CharField(label=_("Title"), max_length=160, help_text=_("As it stands over a chart: “Hours from arrival to release”."))
    definition = forms.CharField(
        label=_("Definition"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What is counted, what is not, and how: two Members have to arrive at the same figure."),
    )
    unit = forms.CharField(label=_("Unit"), max_length=40, help_text=_("Hours, %, certificates…"))
    direction = forms.ChoiceField(label=_("Which way is better?"), choices=[(code.value, _(words)) for code, words in DIRECTIONS.items()])
    source = forms.CharField(label=_("Where do the figures come from?"), max_length=300)
    baseline = FigureField(label=_("Baseline"), required=False)
    baseline_note = forms.CharField(
        label=_("What the baseline is"), max_length=160, required=False, help_text=_("Time Release Study 2023…")
    )


class IndicatorForm(EditForm):
    """A definition."""

    place = forms.ModelChoiceField(label=_("For whom?"), queryset=None, empty_label=None)
    code = forms.CharField(label=_("Code"), max_length=24, help_text=_("Short, for files: RELEASE-H."))
    every = forms.ChoiceField(label=_("How often?"), choices=[(code.value, _(words)) for code, words in EVERY.items()])
    about_people = forms.BooleanField(
        label=_("It is about people"),
        required=False,
        help_text=_("Each value then says about how many; under five it is shown to nobody outside its place."),
    )

    def __init__(self, *args: Any, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = keepers(principal)  # type: ignore[attr-defined]
        self.order_fields(["place", "code", "title", "definition", "unit", "direction", "every", "about_people"])


def keepers(principal: Principal) -> Any:
    """The places for which this principal may define."""
    every = place_rules.visible_to(principal)
    found = every.none()
    for kind, roles in (("region", OFFICE), ("member", COORDINATOR)):
        for lineage in principal.reaches(*roles):
            found |= every.filter(kind=kind, lineage__under=lineage)
    return found.order_by("name")


def enters(principal: Principal, indicator: Any) -> Any:
    """The places for which this principal may enter values of an indicator."""
    every = place_rules.visible_to(principal).filter(kind__in=("member", "office"), lineage__under=indicator.place.lineage)
    found = every.none()
    for lineage in principal.reaches(*ENTER):
        found |= every.filter(lineage__under=lineage)
    return found.order_by("lineage")


class ValueForm(forms.Form):
    """The value of one period."""

    place = forms.ModelChoiceField(label=_("Place"), queryset=None, empty_label=None)
    starts_on = forms.CharField(label=_("Period"), max_length=12)
    value = FigureField(label=_("Figure"))
    n = WholeField(label=_("n"), least=0, most=2_000_000_000, required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    FORMS = {Every.MONTH: _("As 2025-03."), Every.QUARTER: _("As 2025-Q1."), Every.YEAR: _("As 2025.")}

    def __init__(self, *args: Any, indicator: Any, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicator = indicator
        self.fields["place"].queryset = enters(principal, indicator)  # type: ignore[attr-defined]
        self.fields["starts_on"].help_text = self.FORMS[Every(indicator.every)]
        self.fields["value"].help_text = self.fields["value"].unit = indicator.unit  # type: ignore[attr-defined]
        about = _("About how many people the figure is.") if indicator.about_people else _("How many cases it rests on.")
        self.fields["n"].help_text = about
        self.fields["n"].required = indicator.about_people

    def clean_starts_on(self) -> Any:
        """The first day of the period."""
        try:
            return read_span(self.cleaned_data["starts_on"], Every(self.indicator.every))
        except Invalid as error:
            raise forms.ValidationError(say(error.faults["period"])) from None


class CorrectionForm(forms.Form):
    """What a value should have been."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    value = FigureField(label=_("Figure"))
    n = WholeField(label=_("n"), least=0, most=2_000_000_000, required=False)
    reason = forms.CharField(label=_("Why is it corrected?"), max_length=200)


class FileForm(forms.Form):
    """A file of values."""

    file = forms.FileField(label=_("File"), help_text=_("CSV or Excel (.xlsx), at most 5 MB. First row: place, period, value, n, note."))
    correcting = forms.BooleanField(
        label=_("Correct values that differ"),
        required=False,
        help_text=_("Their former figures are kept. Without this, a row that differs from what is here is refused."),
    )
    reason = forms.CharField(label=_("Why?"), max_length=200, required=False, help_text=_("Kept with each former figure."))
