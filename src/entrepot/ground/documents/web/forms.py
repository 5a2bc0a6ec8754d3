"""The form of a new document."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from entrepot.ground.region.api import place_rules

from ..enums import Visibility
from ..queries import limit


def _help() -> str:
    most = f"{limit() / 1_000_000:g}"
    return gettext("PDF, pictures, office files without macros, text and tables in UTF-8, up to %(most)s MB.") % {"most": most}


class DocumentForm(forms.Form):
    """A file of a place, what it is, and who may see it."""

    place = forms.ModelChoiceField(label=_("Place"), queryset=None)
    title = forms.CharField(label=_("What it is"), max_length=200)
    visibility = forms.ChoiceField(
        label=_("Who may see it"),
        choices=[
            (Visibility.PRIVATE, _("those who answer for the place")),
            (Visibility.KNOWN, _("everyone who is signed in")),
            (Visibility.PUBLIC, _("everyone")),
        ],
    )
    file = forms.FileField(label=_("File"), help_text=lazy(_help, str), allow_empty_file=True, max_length=None)

    def __init__(self, *args: Any, principal: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = place_rules.visible_to(principal, "edit").exclude(kind__in=["sub_region"]).order_by("lineage")
        self.fields["place"].queryset = places  # type: ignore[attr-defined]
