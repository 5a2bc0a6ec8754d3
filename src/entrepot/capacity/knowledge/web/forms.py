"""The forms of knowledge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepot.capacity.competencies.api import topic_rules
from entrepot.ground.people.api import person_rules
from entrepot.ground.region.api import place_rules
from entrepot.kernel.languages import LANGUAGES
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.roles import Role

from ..enums import COST_CLASSES, OPINIONS, RETIRED_BECAUSE, SIGHTS, SUPPLIERS, WORKED, PracticeKind
from ..fields import CASE, LABELS, TOLD, read_claims, write_claims
from ..models import Practice


def _text(label: Any, help_text: Any = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=6000, widget=forms.Textarea(attrs={"rows": rows}))


def _choice(label: Any, named: Any, *, required: bool = True, help_text: Any = "") -> forms.ChoiceField:
    empty = [] if required else [("", "–")]
    choices = [*empty, *[(code.value if hasattr(code, "value") else code, _(words)) for code, words in named.items()]]
    return forms.ChoiceField(label=label, choices=choices, required=required, help_text=help_text)


def own_members(principal: Principal, *roles: Role) -> Any:
    """The Members over which one of `roles` is held."""
    members = place_rules.visible_to(principal).filter(kind="member")
    found = members.none()
    for lineage in principal.reaches(*roles):
        found |= members.filter(lineage__under=lineage)
    return found.order_by("name")


class PracticeForm(forms.Form):
    """What a Member did that others can use; for a technology case also the case's own fields."""

    title = forms.CharField(label=_(LABELS["title"]), max_length=200)
    topic = forms.ModelChoiceField(label=_(LABELS["topic"]), queryset=None)
    language = forms.ChoiceField(label=_(LABELS["language"]), choices=list(LANGUAGES.items()))
    problem = _text(_(LABELS["problem"]))
    context = _text(_(LABELS["context"]), _("Size, traffic, law: what another Member has to know to compare."))
    system = _text(_(LABELS["system"]), _("What it is and what it does, in words that a neighbour understands."))
    supplier = _choice(_(LABELS["supplier"]), SUPPLIERS, required=False)
    data = _text(_(LABELS["data"]))
    workflow = _text(_(LABELS["workflow"]))
    done = _text(_(LABELS["done"]))
    steps = _text(_(LABELS["steps"]), _("One a line, in order."))
    resources = _text(_(LABELS["resources"]))
    cost_class = _choice(_(LABELS["cost_class"]), COST_CLASSES, required=False)
    results = _text(_(LABELS["results"]))
    evidence = _text(_(LABELS["evidence"]))
    failed = _text(_(LABELS["failed"]), _("Whoever reads this wants to know it most."))
    risks = _text(_(LABELS["risks"]))
    claims = forms.CharField(
        label=_(LABELS["claims"]),
        required=False,
        max_length=12000,
        help_text=_("One a line: claim | source | date. Without a source it is marked as your Member’s own statement."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    demonstration = forms.CharField(
        label=_(LABELS["demonstration"]), required=False, max_length=200, help_text=_("A path of this product, as /programme/.")
    )
    lessons = _text(_(LABELS["lessons"]))
    transfer = _text(_(LABELS["transfer"]))
    contact = forms.CharField(
        label=_(LABELS["contact"]),
        max_length=200,
        required=False,
        help_text=_("A function, as “head of the origin desk”. Questions come through this product; no address is shown."),
    )

    def __init__(self, *args: Any, case: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].queryset = topic_rules.visible_to(SYSTEM).order_by("title")  # type: ignore[attr-defined]
        self.case = case
        if not case:
            for name in CASE:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Claims as rows, and the kind."""
        values = super().clean() or {}
        if self.case:
            values["claims"] = read_claims(values.get("claims") or "")
        return values | {"kind": PracticeKind.TECHNOLOGY if self.case else PracticeKind.PRACTICE}


def initial_of(practice: Practice) -> dict[str, Any]:
    """What the form starts from."""
    return {name: getattr(practice, name) for name in PracticeForm.base_fields} | {"claims": write_claims(practice.claims)}


class DraftForm(PracticeForm):
    """A new practice, and whose it is."""

    place = forms.ModelChoiceField(label=_("Member"), queryset=None, empty_label=None)

    def __init__(self, *args: Any, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = own_members(principal, Role.NATIONAL_COORDINATOR, Role.HEAD, Role.PROGRAMME_MANAGER)
        self.fields["place"].queryset = mine  # type: ignore[attr-defined]
        self.order_fields(["place"])


class EditForm(PracticeForm):
    """A practice to change, in the version that was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class TranslationForm(forms.Form):
    """A practice in another language: the same parts, each below the text it tells anew."""

    def __init__(self, *args: Any, practice: Practice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in TOLD:
            source = getattr(practice, name)
            if not source:
                continue
            made = PracticeForm.base_fields[name]
            widget = forms.TextInput() if name == "title" else forms.Textarea(attrs={"rows": 4})
            self.fields[name] = forms.CharField(
                label=made.label, help_text=source, required=name == "title", max_length=200 if name == "title" else 6000, widget=widget
            )


class ClearForm(forms.Form):
    """How far a practice may be seen."""

    sight = _choice(_("Who may see it once it is published"), SIGHTS)


class ReviewForm(forms.Form):
    """What a reviewer says."""

    opinion = _choice(_("Is it fit to publish?"), OPINIONS)
    words = forms.CharField(
        label=_("Your words to the Member"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What convinces you, or what has to change and why."),
    )


class ReviewersForm(forms.Form):
    """Whom to ask."""

    people = forms.ModelMultipleChoiceField(label=_("Reviewers"), queryset=None, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = person_rules.visible_to(SYSTEM).filter(pk__in=people)  # type: ignore[attr-defined]
        self.fields["people"].label_from_instance = lambda person: f"{person.full_name}, {person.home.name}"  # type: ignore[attr-defined]


class RetireForm(forms.Form):
    """Why a practice is retired."""

    because = _choice(_("Why"), RETIRED_BECAUSE)
    words = forms.CharField(label=_("In your words"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class WithdrawForm(forms.Form):
    """Why the clearance is taken back."""

    words = forms.CharField(
        label=_("Why"),
        max_length=4000,
        help_text=_("Read by your Member and the regional office only."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AdoptForm(forms.Form):
    """That one's Member used it."""

    place = forms.ModelChoiceField(label=_("Member"), queryset=None, empty_label=None)
    worked = _choice(_("How did it go?"), WORKED)
    result = forms.CharField(label=_("What you did, and what came of it"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = own_members(principal, Role.NATIONAL_COORDINATOR)  # type: ignore[attr-defined]


class QuestionForm(forms.Form):
    """A question or comment."""

    text = forms.CharField(
        label=_("Your question or comment"),
        max_length=2000,
        help_text=_("Shown with your administration, not with your name."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerForm(forms.Form):
    """An answer."""

    answer = forms.CharField(label=_("Your answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class FileForm(forms.Form):
    """A file that goes with a practice."""

    title = forms.CharField(label=_("What it is"), max_length=200)
    file = forms.FileField(label=_("File"), allow_empty_file=True, max_length=None)


class RoundForm(forms.Form):
    """A round of initiatives before a meeting."""

    region = forms.ModelChoiceField(label=_("Region"), queryset=None, empty_label=None)
    title = forms.CharField(label=_("The meeting"), max_length=200)
    meeting_on = forms.DateField(label=_("When it meets"), widget=forms.DateInput(attrs={"type": "date"}))
    due_on = forms.DateField(label=_("Told by"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, principal: Principal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = place_rules.visible_to(principal).filter(kind="region")
        reach = principal.reaches(Role.HEAD, Role.PROGRAMME_MANAGER)
        self.fields["region"].queryset = regions.filter(lineage__in=reach)  # type: ignore[attr-defined]


class InitiativeForm(forms.Form):
    """What a centre tells."""

    place = forms.ModelChoiceField(label=_("Centre"), queryset=None, empty_label=None)
    title = forms.CharField(label=_("The initiative"), max_length=200)
    purpose = _text(_("What it is for"))
    method = _text(_("How it is done"))
    results = _text(_("What came of it"))
    lessons = _text(_("What you learned"))
    materials = _text(_("Materials that others may use"), rows=3)

    def __init__(self, *args: Any, centres: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = centres  # type: ignore[attr-defined]


class PromoteForm(forms.Form):
    """The topic of the practice that an initiative becomes."""

    topic = forms.ModelChoiceField(label=_("Topic"), queryset=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].queryset = topic_rules.visible_to(SYSTEM).order_by("title")  # type: ignore[attr-defined]
