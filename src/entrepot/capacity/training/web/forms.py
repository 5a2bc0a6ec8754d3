"""The forms of training. What is right or wrong is said by the actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from entrepot.capacity.competencies.api import competency_rules
from entrepot.capacity.competencies.enums import LEVELS
from entrepot.capacity.needs.enums import MODES
from entrepot.ground.people.api import in_force, listed, person_rules
from entrepot.ground.region.api import place_rules
from entrepot.kernel.lineages import region_of
from entrepot.kernel.principals import SYSTEM
from entrepot.kernel.roles import Role
from entrepot.shell.fields import NumberField, WholeField

from ..actions import NEW, described, namesakes
from ..core import Criteria
from ..enums import LanguageLevel, Outcome
from ..models import Activity, Invitation, Nomination

DAY = forms.DateInput(attrs={"type": "date"})
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class StartForm(forms.Form):
    """The beginning of an activity: what it is called and for which competency."""

    title = forms.CharField(label=_("Title"), max_length=200)
    competency = forms.ModelChoiceField(label=_("Competency"), queryset=None)
    level = forms.ChoiceField(label=_("Level that participants reach"), choices=[(v.value, _(words)) for v, words in LEVELS.items()])
    mode = forms.ChoiceField(label=_("Mode"), choices=[(v.value, _(words)) for v, words in MODES.items()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["competency"].queryset = competency_rules.visible_to(SYSTEM).order_by("topic__title", "title")  # type: ignore[attr-defined]


class DesignForm(StartForm):
    """The whole design."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    host = forms.ModelChoiceField(label=_("Host centre"), queryset=None, required=False)
    language = forms.CharField(label=_("Working language"), max_length=12)
    objectives = forms.CharField(label=_("Objectives"), widget=forms.Textarea, required=False)
    outcomes = forms.CharField(
        label=_("Outcomes"), widget=forms.Textarea, required=False, help_text=_("One a line: what participants will be able to do.")
    )
    target_group = forms.CharField(label=_("For whom"), max_length=300, required=False)
    starts_on = forms.DateField(label=_("First day"), widget=DAY, required=False)
    ends_on = forms.DateField(label=_("First day after it"), widget=DAY, required=False)
    nominate_by = forms.DateField(
        label=_("Nominations by"), widget=DAY, required=False, help_text=_("Until the end of that day by each Member’s own clock.")
    )
    seats = WholeField(label=_("Seats in all"), least=0, most=5000)
    seats_per_member = WholeField(label=_("Seats for one Member"), least=0, most=500, help_text=_("0: no limit."))
    first_refusal_days = WholeField(
        label=_("Days for which a freed seat is kept for its Member"),
        least=0,
        most=60,
        help_text=_("The Member’s next nominee is asked first; then it goes to the waiting list. 0: it goes there at once."),
    )
    max_nominees = WholeField(label=_("Nominees of one Member"), least=0, most=120, help_text=_("0: no limit."))
    months_between = WholeField(label=_("Months since the last activity attended"), least=0, most=120)
    language_level = forms.ChoiceField(
        label=_("Language level needed"), required=False, choices=[("", _("none")), *((v.value, v.value) for v in LanguageLevel)]
    )
    not_same_course = forms.BooleanField(label=_("Not for those who attended the same course"), required=False)
    release = forms.BooleanField(label=_("The supervisor has to release"), required=False)
    on_time = forms.BooleanField(label=_("Late nominations do not count"), required=False)
    follow_up_months = WholeField(label=_("Follow-up after how many months"), least=1, most=36)

    CRITERIA = tuple(Criteria.__dataclass_fields__)

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        kept = {name: getattr(activity, name) for name in self.base_fields if hasattr(activity, name)}
        initial = {**kept, **activity.criteria, "outcomes": "\n".join(activity.outcomes)}
        super().__init__(*args, initial=initial, **kwargs)
        centres = place_rules.visible_to(SYSTEM).filter(kind="centre", lineage__under=activity.region.lineage)
        self.fields["host"].queryset = centres.order_by("name")  # type: ignore[attr-defined]

    def values(self) -> tuple[dict[str, Any], int | None]:
        """What the action takes, and the version that was open."""
        values = dict(self.cleaned_data)
        version = values.pop("version")
        values["criteria"] = {name: values.pop(name) for name in self.CRITERIA}
        values["outcomes"] = [text.strip() for text in values["outcomes"].splitlines() if text.strip()]
        return values, version


class MembersForm(forms.Form):
    """Who is invited."""

    places = forms.ModelMultipleChoiceField(label=_("Members"), queryset=None, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, initial={"places": list(activity.invitations.values_list("place_id", flat=True))}, **kwargs)
        members = place_rules.visible_to(SYSTEM).filter(kind="member", lineage__under=activity.region.lineage)
        self.fields["places"].queryset = members.order_by("name")  # type: ignore[attr-defined]


class TrainersForm(forms.Form):
    """Who teaches."""

    people = forms.ModelMultipleChoiceField(label=_("Trainers"), queryset=None, widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, activity: Activity, day: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"people": list(activity.trainers.values_list("pk", flat=True))}, **kwargs)
        held = in_force(day).filter(role=Role.TRAINER, place__lineage__under=activity.region.lineage)
        trainers = person_rules.visible_to(SYSTEM).filter(pk__in=held.values("person_id"))
        self.fields["people"].queryset = trainers.order_by("sort_name")  # type: ignore[attr-defined]


class BudgetForm(forms.Form):
    """Money for a purpose."""

    title = forms.CharField(label=_("For"), max_length=120)
    source = forms.CharField(label=_("From whom"), max_length=120, required=False)
    currency = forms.CharField(label=_("Currency"), max_length=3, initial="USD")
    amount = NumberField(label=_("Amount"), least=0, digits=12, places=2)


class SpentForm(forms.Form):
    """What a budget line came to."""

    spent = NumberField(label=_("Spent"), least=0, digits=12, places=2, required=False, help_text=_("Empty while it is not known."))


class AdvanceForm(forms.Form):
    """The step to the next stage."""

    skip = forms.CharField(
        label=_("Reason for going on all the same"), max_length=500, required=False, help_text=_("It is recorded and stays in view.")
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class NominationForm(forms.Form):
    """One officer: an own one, or a new one by name and address."""

    person = forms.ModelChoiceField(label=_("Officer"), queryset=None, required=False, empty_label=_("someone new: write below"))
    full_name = forms.CharField(label=_("Name, if new"), max_length=200, required=False)
    email = forms.CharField(label=_("Own e-mail, if new"), max_length=254, required=False)
    contact_email = forms.CharField(
        label=_("Contact e-mail, if they have none"),
        max_length=254,
        required=False,
        help_text=_("A mailbox of several. Without it, mail goes to the coordinator."),
    )
    same_as = forms.ChoiceField(label=_("Is this someone you know?"), required=False, widget=forms.HiddenInput)
    rank = WholeField(label=_("Rank"), least=1, most=999)
    post = forms.CharField(label=_("Post"), max_length=120)
    duties = forms.CharField(label=_("Duties"), max_length=500, required=False)
    years = WholeField(label=_("Years in customs"), least=0, most=70, initial=0)
    language_level = forms.ChoiceField(
        label=_("Level of the working language"), choices=[(v.value, v.value) for v in LanguageLevel], initial="B1"
    )
    supervisor = forms.ModelChoiceField(label=_("Supervisor who releases"), queryset=None, required=False)
    special_needs = forms.CharField(label=_("Special needs"), max_length=500, required=False)
    consent = forms.BooleanField(
        label=_("They agree to be nominated"),
        help_text=_("Ask the officer first: only those who agree can be nominated."),
        error_messages={"required": _("Ask the officer first: only those who agree to be nominated can be.")},
    )

    def __init__(self, *args: Any, invitation: Invitation, day: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everyone = listed(person_rules.visible_to(SYSTEM)).filter(home=invitation.place, is_active=True)
        nominated = invitation.nominations.filter(withdrawn_at__isnull=True).values("person_id")
        # Of those without an address only who was nominated before: an administration may have thousands.
        known = everyone.filter(
            Q(email__isnull=False) | Q(pk__in=Nomination.objects.filter(invitation__place=invitation.place).values("person"))
        )
        self.fields["person"].queryset = known.exclude(pk__in=nominated).order_by("sort_name")  # type: ignore[attr-defined]
        self._ask_who(everyone)
        held = in_force(day).filter(role=Role.SUPERVISOR, place__lineage__under=invitation.place.lineage)
        supervisors = everyone.filter(pk__in=held.values("person_id")).order_by("sort_name")
        self.fields["supervisor"].queryset = supervisors  # type: ignore[attr-defined]
        few = list(supervisors[:2])
        self.initial.setdefault("supervisor", few[0].pk if len(few) == 1 else None)

    def _ask_who(self, everyone: Any) -> None:
        """Where no address tells who is meant and there are namesakes, show them to choose from."""
        given = {name: str(self.data.get(name) or "").strip() for name in ("person", "full_name", "email")}
        people = [] if given["person"] else namesakes(everyone, given["full_name"], alone=not given["email"])
        choices = [(str(person.uuid), _("Yes: %(person)s") % {"person": described(person)}) for person in people]
        asked: Any = self.fields["same_as"]
        asked.choices = [("", ""), *choices, (NEW, _("No, another person of that name"))]
        self._asks_who = bool(people)
        if people:
            asked.widget = forms.RadioSelect(choices=asked.choices[1:])

    def clean(self) -> dict[str, Any]:
        """Ask who is meant, before anything is kept."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if self._asks_who and not values.get("same_as"):
            self.add_error("same_as", _("Someone of this name is known already. Say whether it is the same person."))
        return values


class ReplacementForm(NominationForm):
    """The officer who takes over a seat: one who is nominated already, another of one's own, or someone new."""

    rank = None
    post = forms.CharField(label=_("Post"), max_length=120, required=False, help_text=_("Not needed for someone who is nominated already."))
    field_order = ("person", "full_name", "same_as", "email", "contact_email", "post")

    def __init__(self, *args: Any, invitation: Invitation, day: Any, **kwargs: Any) -> None:
        super().__init__(*args, invitation=invitation, day=day, **kwargs)
        everyone = person_rules.visible_to(SYSTEM).filter(home=invitation.place, is_active=True, email__isnull=False)
        seated = invitation.nominations.filter(withdrawn_at__isnull=True, outcome=Outcome.SEAT).values("person_id")
        self.fields["person"].queryset = everyone.exclude(pk__in=seated).order_by("sort_name")  # type: ignore[attr-defined]


class CancelInvitationForm(ReasonForm):
    """Why an invitation is taken back, and that its seats are meant too, where there are any."""

    take_seats = forms.BooleanField(label=_("Take their seats back"))

    def __init__(self, *args: Any, seats: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not seats:
            del self.fields["take_seats"]


class DeadlineForm(forms.Form):
    """The new last day to nominate, for one Member."""

    nominate_by = forms.DateField(
        label=_("Nominations by"), widget=DAY, help_text=_("Until the end of that day by the Member’s own clock.")
    )


class WorkbookForm(forms.Form):
    """A workbook that comes back."""

    file = forms.FileField(label=_("The workbook, filled in"), widget=forms.FileInput(attrs={"accept": ".xlsx"}))


class SessionForm(forms.Form):
    """A part of the agenda, in the host's time."""

    title = forms.CharField(label=_("Title"), max_length=200)
    starts_at = forms.DateTimeField(label=_("Begins"), widget=MOMENT)
    ends_at = forms.DateTimeField(label=_("Ends"), widget=MOMENT)
    room = forms.CharField(label=_("Room"), max_length=120, required=False)
    join_link = forms.CharField(label=_("Join link"), max_length=300, required=False, help_text=_("Only participants see it."))
    trainer = forms.ModelChoiceField(label=_("Trainer"), queryset=None, required=False)

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["trainer"].queryset = activity.trainers.order_by("sort_name")  # type: ignore[attr-defined]


class DoorForm(forms.Form):
    """The code at the door."""

    door = forms.CharField(label=_("Code on the screen"), max_length=20, widget=forms.TextInput(attrs={"autocapitalize": "characters"}))


class PaperForm(forms.Form):
    """A paper for the participants."""

    title = forms.CharField(label=_("What it is"), max_length=200)
    file = forms.FileField(
        label=_("File"),
        help_text=_("Those who have a seat, the host and the regional office see it; nobody else."),
        allow_empty_file=True,
        max_length=None,
    )


class KitForm(forms.Form):
    """A kit, where it is run, and from when."""

    file = forms.FileField(label=_("Kit"), widget=forms.FileInput(attrs={"accept": ".zip"}), allow_empty_file=True, max_length=None)
    host = forms.ModelChoiceField(label=_("Host centre"), queryset=None)
    starts_on = forms.DateField(label=_("First day"), widget=DAY)

    def __init__(self, *args: Any, principal: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reach = Q(pk__in=())
        for grant in principal.grants:
            if grant.role is Role.CENTRE_MANAGER:
                reach |= Q(lineage__under=grant.reach)
            elif grant.role in (Role.HEAD, Role.PROGRAMME_MANAGER):
                reach |= Q(lineage__under=region_of(grant.reach))
        centres = place_rules.visible_to(SYSTEM).filter(reach, kind="centre").order_by("name")
        self.fields["host"].queryset = centres  # type: ignore[attr-defined]
        if len(centres) == 1:
            self.fields["host"].initial = centres[0]
