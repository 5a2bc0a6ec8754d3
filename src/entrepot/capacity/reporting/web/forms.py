"""What a report is narrowed to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from entrepot.capacity.needs.enums import MODES

from ..queries import NOT_A_HALF, before, choices

DAY = forms.DateInput(attrs={"type": "date"})


class HalfForm(forms.Form):
    """The one choice of those who may not see the people: a half-year that is over."""

    start = forms.TypedChoiceField(label=_("Half-year"), error_messages={"invalid_choice": _(NOT_A_HALF)})

    def __init__(self, *args: Any, over: Sequence[tuple[date, date]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = {start.isoformat(): (start, end) for start, end in over}
        words = [(code, f"{date_format(start, 'F Y')} – {date_format(before(end), 'F Y')}") for code, (start, end) in shown.items()]
        self.fields["start"].choices = words  # type: ignore[attr-defined]
        self.fields["start"].coerce = shown.__getitem__  # type: ignore[attr-defined]


class ReportForm(forms.Form):
    """The filters of the activity report; every one but the period may be left open."""

    start = forms.DateField(label=_("From"), widget=DAY)
    end = forms.DateField(label=_("To the end of"), widget=DAY)
    member = forms.ModelChoiceField(label=_("Member"), queryset=None, required=False, empty_label=_("all"), to_field_name="code")
    centre = forms.ModelChoiceField(label=_("Host centre"), queryset=None, required=False, empty_label=_("all"), to_field_name="code")
    mode = forms.ChoiceField(label=_("Mode"), required=False)
    topic = forms.ModelChoiceField(label=_("Topic"), queryset=None, required=False, empty_label=_("all"), to_field_name="code")
    source = forms.ChoiceField(label=_("Paid from"), required=False)
    passed_on = forms.BooleanField(label=_("To be passed on: small numbers left out"), required=False)

    def __init__(self, *args: Any, principal: Any, sees_all: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = choices(principal)
        for name, kept in (("member", "members"), ("centre", "centres"), ("topic", "topics")):
            self.fields[name].queryset = offered[kept]  # type: ignore[attr-defined]
        self.fields["mode"].choices = [("", _("all")), *((v.value, _(words)) for v, words in MODES.items())]  # type: ignore[attr-defined]
        self.fields["source"].choices = [("", _("all")), *((one, one) for one in offered["sources"])]  # type: ignore[attr-defined]
        if not offered["sources"]:
            del self.fields["source"]
        if not sees_all:
            del self.fields["passed_on"]

    def clean(self) -> dict[str, Any]:
        """The end comes after the start, and a report spans ten years at most."""
        clean = super().clean() or {}
        start, end = clean.get("start"), clean.get("end")
        if start and end and end < start:
            self.add_error("end", _("The end comes before the beginning."))
        elif start and end and (end - start).days > 3660:
            self.add_error("end", _("A report spans ten years at most."))
        return clean
