"""The form of what one wants by mail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..kinds import kinds

_TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class WishesForm(forms.Form):
    """Quiet hours, and the kinds that come by mail."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    quiet_from = forms.TimeField(label=_("No mail from"), widget=_TIME, help_text=_("By your own clock. What is urgent comes at any hour."))
    quiet_to = forms.TimeField(label=_("until"), widget=_TIME, help_text=_("The same time twice: no quiet hours."))
    mailed = forms.MultipleChoiceField(
        label=_("By mail too"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("All notices stand on your page of notices. Mail that you must have is not listed: it always comes."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mailed"].choices = [(k.code, gettext(k.title)) for k in kinds() if not k.essential]  # type: ignore[attr-defined]

    def silenced(self) -> set[str]:
        """The kinds that were not ticked."""
        return {code for code, _title in self.fields["mailed"].choices} - set(self.cleaned_data["mailed"])  # type: ignore[attr-defined]
