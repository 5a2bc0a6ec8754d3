"""The forms of the community."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepot.capacity.competencies.api import topic_rules
from entrepot.kernel.languages import LANGUAGES
from entrepot.kernel.principals import SYSTEM

from ..enums import SIGHTS, Sight


class TopicsField(forms.ModelMultipleChoiceField):
    """Topics, by their titles in the reader's language."""

    def label_from_instance(self, obj: Any) -> Any:
        """The topic's title."""
        return _(obj.title)


class ProfileForm(forms.Form):
    """What someone says of themself, and to whom."""

    sight = forms.ChoiceField(
        label=_("Who may see it"),
        choices=[(code.value, _(words)) for code, words in SIGHTS.items()],
        initial=Sight.PRIVATE.value,
        widget=forms.RadioSelect,
        help_text=_("Your name and administration show beside it; your address never. You can close it again at any time."),
    )
    headline = forms.CharField(
        label=_("What you do, in a few words"), max_length=160, required=False, help_text=_("As “reads scanner images at a seaport”.")
    )
    ask_me = forms.CharField(label=_("Ask me about"), max_length=300, required=False)
    about = forms.CharField(label=_("More, if you like"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 5}))
    topics = TopicsField(label=_("Topics"), queryset=None, required=False, to_field_name="code", widget=forms.CheckboxSelectMultiple)
    languages = forms.MultipleChoiceField(
        label=_("Languages in which you can be written to"),
        choices=list(LANGUAGES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topics"].queryset = topic_rules.visible_to(SYSTEM).order_by("title")  # type: ignore[attr-defined]


class WordsForm(forms.Form):
    """A letter, or something to say."""

    text = forms.CharField(label=_("Your words"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class PostForm(WordsForm):
    """Something to say in a group, or in answer to what was."""

    parent = forms.UUIDField(required=False, widget=forms.HiddenInput)


class OutForm(forms.Form):
    """Why a post is taken out."""

    because = forms.CharField(label=_("Why? Whoever wrote it reads this."), max_length=300)
