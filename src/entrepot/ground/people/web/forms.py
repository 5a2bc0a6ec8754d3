"""The forms of people. What is right or wrong is said by the actions; forms only read."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from entrepot.ground.region.api import place_rules
from entrepot.kernel.principals import SYSTEM
from entrepot.kernel.roles import ROLES, Role


def _zones() -> list[str]:
    """The zones that are named for a place, as people know them; the database holds many older spellings besides."""
    areas = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return [*sorted(zone for zone in available_timezones() if zone.startswith(areas)), "UTC"]


class PersonForm(forms.Form):
    """What is recorded about a person."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    full_name = forms.CharField(
        label=_("Name"), max_length=400, required=False, help_text=_("As the person writes it, in any script; one word is enough.")
    )
    family_name = forms.CharField(
        label=_("Family name"), max_length=200, required=False, help_text=_("Which part of the name is the family’s, if any.")
    )
    latin_name = forms.CharField(label=_("Name in Latin letters"), max_length=400, required=False, help_text=_("For certificates."))
    email = forms.CharField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        help_text=_("The person’s own. They sign in with it, and nobody else can have it."),
    )
    contact_email = forms.CharField(
        label=_("Contact address"),
        max_length=254,
        required=False,
        help_text=_(
            "Where mail goes if the person has no e-mail of their own. It may be shared, like an office’s; nobody signs in with it."
        ),
    )
    gender = forms.ChoiceField(
        label=_("Gender"), required=False, choices=[("", _("not said")), ("F", _("woman")), ("M", _("man")), ("X", _("another"))]
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, required=False)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        choices=[("", _("that of the administration")), *((zone, zone.replace("_", " ")) for zone in _zones())],
    )

    def leave_addresses(self) -> None:
        """Show the addresses and leave them as they are, for someone who may change the rest only."""
        for name in ("email", "contact_email"):
            self.fields[name].disabled = True
            self.fields[name].help_text = _("Whoever can give each of this person’s roles can change it.")

    def values(self) -> dict[str, Any]:
        """What was sent, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class RegisterForm(PersonForm):
    """A new person, and where they belong."""

    home = forms.ModelChoiceField(label=_("Administration or body"), queryset=None)

    def __init__(self, *args: Any, principal: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        homes = place_rules.visible_to(principal, "edit").exclude(kind__in=["region", "sub_region", "office"]).order_by("name")
        self.fields["home"].queryset = homes  # type: ignore[attr-defined]
        self.order_fields(["home"])


class PostingForm(forms.Form):
    """A role at a place for a time."""

    role = forms.ChoiceField(label=_("Role"), choices=[(role.value, _(ROLES[role].title)) for role in Role])
    place = forms.ModelChoiceField(label=_("Place"), queryset=None)
    from_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    to_on = forms.DateField(
        label=_("Until, not including"), required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text=_("Empty: no end yet.")
    )

    def __init__(self, *args: Any, region: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = ["region", "sub_region"]
        places = place_rules.visible_to(SYSTEM).filter(lineage__under=region).exclude(kind__in=kinds)
        self.fields["place"].queryset = places.order_by("lineage")  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """The day on which a posting ends."""

    to_on = forms.DateField(label=_("First day without it"), widget=forms.DateInput(attrs={"type": "date"}))
