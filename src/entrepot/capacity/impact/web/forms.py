"""The forms of what changed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepot.capacity.evaluation.api import action_item_rules
from entrepot.capacity.training.api import activity_rules
from entrepot.ground.indicators.api import indicator_rules
from entrepot.ground.indicators.core import read_span
from entrepot.ground.indicators.enums import Every
from entrepot.ground.region.api import place_rules
from entrepot.kernel.errors import Invalid
from entrepot.kernel.principals import Principal
from entrepot.shell.fields import NumberField, WholeField
from entrepot.shell.words import say

from ..enums import METHODS, STEPS
from ..queries import Member, proposed
from ..rules import OFFICE


class StoryForm(forms.Form):
    """A story."""

    activity = forms.ModelChoiceField(label=_("Activity"), queryset=None, to_field_name="uuid")
    indicator = forms.ModelChoiceField(label=_("Figure"), queryset=None, to_field_name="uuid", help_text=_("An indicator of the region."))
    title = forms.CharField(label=_("Title"), max_length=160, help_text=_("What is looked at: “Origin doubts after the workshop”."))
    question = forms.CharField(
        label=_("Question"), max_length=300, help_text=_("One that figures can answer: “Do doubts take fewer days where the list is used?”")
    )

    def __init__(self, *args: Any, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        activities = activity_rules.visible_to(principal).none()
        every, indicators = activity_rules.visible_to(principal), indicator_rules.visible_to(principal)
        measured = indicators.none()
        for lineage in principal.reaches(*OFFICE):
            activities |= every.filter(region__lineage__under=lineage)
            measured |= indicators.filter(place__lineage__under=lineage, place__kind="region")
        self.fields["activity"].queryset = activities.order_by("-starts_on", "title")  # type: ignore[attr-defined]
        self.fields["indicator"].queryset = measured.order_by("title")  # type: ignore[attr-defined]

    def clean_activity(self) -> Any:
        """Its uuid."""
        return self.cleaned_data["activity"].uuid

    def clean_indicator(self) -> Any:
        """Its uuid."""
        return self.cleaned_data["indicator"].uuid


class LinkForm(forms.Form):
    """A link."""

    step = forms.ChoiceField(label=_("Which link?"), choices=[(code.value, _(words)) for code, words in STEPS.items()])
    place = forms.ModelChoiceField(label=_("Member"), queryset=None, empty_label=None)
    said = forms.CharField(label=_("What do they say?"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    item = forms.ModelChoiceField(label=_("Action item"), queryset=None, required=False, to_field_name="uuid")

    def __init__(self, *args: Any, story: Any, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region = story.activity.region.lineage
        members = place_rules.visible_to(principal).filter(kind="member", lineage__under=region)
        self.fields["place"].queryset = members.order_by("name")  # type: ignore[attr-defined]
        items = action_item_rules.visible_to(principal).filter(nomination__activity=story.activity)
        self.fields["item"].queryset = items.order_by("what", "id")  # type: ignore[attr-defined]

    def clean_item(self) -> Any:
        """Its uuid."""
        item = self.cleaned_data["item"]
        return item.uuid if item else None


class BackForm(forms.Form):
    """A second person says so."""

    said = forms.CharField(label=_("What do you know of it yourself?"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))


class MeasureForm(forms.Form):
    """Two periods whose figures are set side by side."""

    before = forms.CharField(label=_("Period before"), max_length=12)
    after = forms.CharField(label=_("Period after"), max_length=12)


class PlanForm(forms.Form):
    """A plan; one part and one period for each Member."""

    PARTS = (("part", _("took part")), ("others", _("compared with")), ("out", _("left out")))
    method = forms.ChoiceField(label=_("With whom are they compared?"), choices=[(code.value, _(words)) for code, words in METHODS.items()])
    before = WholeField(label=_("Periods before, to start from"), least=1, most=60, initial=8)
    after = WholeField(label=_("Periods after, to look at"), least=1, most=60, initial=8)
    smallest = NumberField(label=_("Smallest difference worth knowing"), least=0, digits=18, places=6)
    drift = NumberField(
        label=_("Drift granted, a period"),
        least=0,
        digits=18,
        places=6,
        required=False,
        help_text=_("By how much Members may drift apart by themselves; the interval is widened by it."),
    )
    worth = NumberField(
        label=_("Worth of a unit, in money"),
        least=0,
        digits=14,
        places=4,
        required=False,
        help_text=_("Of a difference of one, at one Member in one period. The story then says what the activity cost, and divides."),
    )
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False, initial="USD")
    ground = forms.CharField(label=_("How do you know what it is worth?"), max_length=300, required=False)
    not_yet = forms.BooleanField(label=_("Members that begin later serve as comparison until they do"), required=False)

    def __init__(self, *args: Any, story: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.story = story
        self.every = Every(story.indicator.every)
        self.members = proposed(story)
        self.fields["smallest"].help_text = story.indicator.unit
        for place, since, shared in self.members:
            part = "out" if not shared else "part" if since else "others"
            self.fields[f"part-{place.code}"] = forms.ChoiceField(label=place.name, choices=self.PARTS, initial=part)
            self.fields[f"since-{place.code}"] = forms.CharField(label=place.name, max_length=12, required=False, initial=since)

    def rows(self) -> list[dict[str, Any]]:
        """The Members with their two fields."""
        return [
            {"place": place, "shared": shared, "part": self[f"part-{place.code}"], "since": self[f"since-{place.code}"]}
            for place, _since, shared in self.members
        ]

    def answers(self) -> list[Any]:
        """The fields that stand above the Members."""
        return [self[name] for name in ("method", "before", "after", "smallest", "drift", "not_yet", "worth", "currency", "ground")]

    def clean(self) -> dict[str, Any]:
        """The answers, and `members` as the action takes them."""
        kept = super().clean() or {}
        members = []
        for place, _since, _shared in self.members:
            part, since = kept.pop(f"part-{place.code}", "out"), kept.pop(f"since-{place.code}", "")
            if part == "out":
                continue
            day = None
            if part == "part":
                try:
                    day = read_span(since, self.every)
                except Invalid as error:
                    self.add_error(f"since-{place.code}", say(error.faults["period"]))
            members.append(Member(place, day))
        return {**kept, "members": members, "drift": kept.get("drift") or 0}
