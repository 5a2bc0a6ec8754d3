"""The forms of knowledge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepot.capacity.competencies.api import topic_rules
from entrepot.ground.region.api import place_rules
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.roles import Role

from ..enums import WORKED


def _text(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=6000, widget=forms.Textarea(attrs={"rows": 4}))


def own_members(principal: Principal, *roles: Role) -> Any:
    """The Members over which one of `roles` is held."""
    members = place_rules.visible_to(principal).filter(kind="member")
    found = members.none()
    for lineage in principal.reaches(*roles):
        found |= members.filter(lineage__under=lineage)
    return found.order_by("name")


class PracticeForm(forms.Form):
    """What a Member did that others can use."""

    title = forms.CharField(label=_("Title"), max_length=200)
    topic = forms.ModelChoiceField(label=_("Topic"), queryset=None)
    problem = _text(_("The problem"))
    context = _text(_("The setting"), _("Size, traffic, law: what another Member has to know to compare."))
    done = _text(_("What was done"))
    resources = _text(_("What it took"))
    results = _text(_("What came of it"))
    evidence = _text(_("What shows that"))
    lessons = _text(_("What one would do differently"))
    transfer = _text(_("What it needs elsewhere"))
    contact = forms.CharField(label=_("Whom to ask"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].queryset = topic_rules.visible_to(SYSTEM).order_by("title")  # type: ignore[attr-defined]


class DraftForm(PracticeForm):
    """A new practice, and whose it is."""

    place = forms.ModelChoiceField(label=_("Member"), queryset=None, empty_label=None)

    def __init__(self, *args: Any, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = own_members(principal, Role.NATIONAL_COORDINATOR, Role.HEAD, Role.PROGRAMME_MANAGER)
        self.fields["place"].queryset = mine  # type: ignore[attr-defined]
        self.order_fields(["place"])


class AdoptForm(forms.Form):
    """That one's Member used it."""

    place = forms.ModelChoiceField(label=_("Member"), queryset=None, empty_label=None)
    worked = forms.ChoiceField(label=_("How did it go?"), choices=[(worked.value, _(words)) for worked, words in WORKED.items()])
    result = forms.CharField(label=_("What you did, and what came of it"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = own_members(principal, Role.NATIONAL_COORDINATOR)  # type: ignore[attr-defined]
