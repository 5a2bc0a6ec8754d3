"""The forms of publications."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepot.ground.region.api import place_rules
from entrepot.kernel.languages import LANGUAGES
from entrepot.kernel.principals import Principal
from entrepot.shell.fields import WholeField

from ..enums import REACHES, SERIES_KINDS
from ..rules import OFFICE, series_rules


class SeriesForm(forms.Form):
    """A series to begin."""

    region = forms.ModelChoiceField(label=_("Region"), queryset=None, empty_label=None)
    title = forms.CharField(label=_("Title of the series"), max_length=120)
    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("Stands in every address of the series and never changes."))
    kind = forms.ChoiceField(label=_("Compiled from"), choices=[(kind.value, _(words)) for kind, words in SERIES_KINDS.items()])
    about = forms.CharField(label=_("What it is"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = place_rules.visible_to(principal).filter(kind="region", lineage__in=principal.reaches(*OFFICE))
        self.fields["region"].queryset = regions  # type: ignore[attr-defined]


class MakeForm(forms.Form):
    """The next number of a series."""

    series = forms.ModelChoiceField(label=_("Series"), queryset=None, empty_label=None)
    number = WholeField(label=_("Year"), required=False, help_text=_("For an annual; other series are numbered by themselves."))
    title = forms.CharField(label=_("Title"), max_length=200)
    language = forms.ChoiceField(label=_("Language of the first foreword"), choices=list(LANGUAGES.items()), initial="en")
    foreword = forms.CharField(label=_("Foreword"), max_length=12000, widget=forms.Textarea(attrs={"rows": 8}))
    reach = forms.ChoiceField(
        label=_("Who may see it"), choices=[(reach.value, _(words)) for reach, words in REACHES.items()], initial="public"
    )

    def __init__(self, *args: Any, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["series"].queryset = series_rules.visible_to(principal, "keep").order_by("title")  # type: ignore[attr-defined]


class ComposeForm(forms.Form):
    """Title, forewords, and what is compiled."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=200)
    reach = forms.ChoiceField(label=_("Who may see it"), choices=[(reach.value, _(words)) for reach, words in REACHES.items()])
    practices = forms.ModelMultipleChoiceField(
        label=_("Practices"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple, to_field_name="uuid"
    )
    activities = forms.ModelMultipleChoiceField(
        label=_("Follow-ups to count"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple, to_field_name="uuid"
    )
    more = forms.ChoiceField(label=_("One more language"), required=False, choices=[("", "–"), *LANGUAGES.items()])

    def __init__(self, *args: Any, practices: Any, activities: Any, forewords: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages = list(forewords)
        for code in self.languages:
            label = _("Foreword, %(language)s") % {"language": LANGUAGES[code]}
            area = forms.Textarea(attrs={"rows": 8, "lang": code, "dir": "auto"})
            self.fields[f"foreword_{code}"] = forms.CharField(
                label=label, max_length=12000, required=False, widget=area, initial=forewords[code]
            )
        if practices is None:
            del self.fields["practices"], self.fields["activities"]
        else:
            self.fields["practices"].queryset = practices  # type: ignore[attr-defined]
            self.fields["practices"].label_from_instance = lambda one: f"{one.title} ({one.place.name})"  # type: ignore[attr-defined]
            self.fields["activities"].queryset = activities  # type: ignore[attr-defined]
        self.order_fields(["version", "title", "reach", *(f"foreword_{code}" for code in self.languages), "more"])

    def forewords(self) -> dict[str, str]:
        """By language; one that was asked for begins with a line to write over."""
        found = {code: self.cleaned_data.get(f"foreword_{code}", "") for code in self.languages}
        if (more := self.cleaned_data.get("more")) and more not in found:
            found[more] = "…"
        return found


class PublishForm(forms.Form):
    """What changed from the edition before."""

    change = forms.CharField(
        label=_("What changed from the edition before"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
