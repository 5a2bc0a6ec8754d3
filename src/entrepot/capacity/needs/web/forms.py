"""The forms of needs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepot.capacity.competencies.api import competency_rules
from entrepot.capacity.competencies.enums import LEVELS
from entrepot.ground.region.api import place_rules
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.roles import Role
from entrepot.shell.fields import WholeField

from ..enums import MODES, URGENCIES
from ..rules import OFFICE


class NeedForm(forms.Form):
    """A need."""

    competency = forms.ModelChoiceField(label=_("What should they be able to do?"), queryset=None)
    level = forms.ChoiceField(label=_("How well?"), choices=[(level.value, _(words)) for level, words in LEVELS.items()], initial="trained")
    officers = WholeField(label=_("For how many officers?"), least=1, most=100_000)
    urgency = forms.ChoiceField(label=_("How soon?"), choices=[(urgency.value, _(words)) for urgency, words in URGENCIES.items()])
    mode = forms.ChoiceField(
        label=_("Best way to learn it"),
        required=False,
        choices=[("", _("no preference")), *((mode.value, _(words)) for mode, words in MODES.items())],
    )
    language = forms.CharField(label=_("Language"), required=False, max_length=12, help_text=_("As a code: en, fr, th."))
    evidence = forms.CharField(
        label=_("What shows it?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea,
        help_text=_("Cases, findings, figures: what an activity should change."),
    )

    def __init__(self, *args: Any, principal: Principal | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        competencies = competency_rules.visible_to(SYSTEM).order_by("topic__title", "title")
        self.fields["competency"].queryset = competencies  # type: ignore[attr-defined]
        if principal is not None:
            self._ask_for_whom(principal)

    def _ask_for_whom(self, principal: Principal) -> None:
        members = place_rules.visible_to(principal, "view").filter(kind="member")
        reach = principal.reaches(*OFFICE, Role.NATIONAL_COORDINATOR)
        allowed = place_rules.visible_to(principal).none()
        for lineage in reach:
            allowed |= members.filter(lineage__under=lineage)
        self.fields["place"] = forms.ModelChoiceField(label=_("Member"), queryset=allowed.order_by("name"), empty_label=None)
        self.order_fields(["place"])
