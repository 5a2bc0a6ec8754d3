"""Activities and what belongs to them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q

from entrepot.capacity.competencies.enums import Level
from entrepot.capacity.needs.enums import Mode
from entrepot.ground.keeping.api import Record

from .core import Criteria, Deadline, zone_named
from .enums import Attended, InvitationState, LanguageLevel, OfferAnswer, Outcome, Override, Release, Stage


def _known(column: str, choices: Any, *more: str) -> Q:
    return Q(**{f"{column}__in": [*more, *[choice.value for choice in choices]]})


class Activity(Record):
    """A workshop or course of the region: what it is for, for whom, when, where, and at which stage."""

    code = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=200)
    region = models.ForeignKey("region.Place", on_delete=models.PROTECT, related_name="activities")
    host = models.ForeignKey("region.Place", null=True, blank=True, on_delete=models.PROTECT, related_name="hosted_activities")
    competency = models.ForeignKey("competencies.Competency", on_delete=models.PROTECT, related_name="activities")
    level = models.CharField(max_length=8)
    mode = models.CharField(max_length=10)
    language = models.CharField(max_length=12, default="en")
    objectives = models.TextField(blank=True)
    outcomes = models.JSONField(default=list)
    target_group = models.CharField(max_length=300, blank=True)
    seats = models.PositiveIntegerField(default=0)
    seats_per_member = models.PositiveIntegerField(default=0)
    criteria = models.JSONField(default=dict)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    """The first day after it, as every period ends."""
    nominate_by = models.DateField(null=True, blank=True)
    first_refusal_days = models.PositiveSmallIntegerField(default=3)
    """For how many days a freed seat is offered to the Member that gave it up before it goes to the line; 0: it goes there at once."""
    appointment_number = models.PositiveIntegerField(default=0)
    """The highest number (SEQUENCE) under which an appointment of this activity went out."""
    follow_up_months = models.PositiveSmallIntegerField(default=8)
    stage = models.CharField(max_length=12, default=Stage.DESIGN)
    version_label = models.CharField(max_length=20, default="1.0")
    """The version of the course that certificates name."""
    rerun = models.BooleanField(default=False)
    """Whether it was made from a kit: then its host, too, may adapt the design."""
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    needs = models.ManyToManyField("needs.Need", related_name="activities")
    trainers = models.ManyToManyField("people.Person", related_name="taught_activities")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_known("stage", Stage), name="training_activity_stage_known"),
            models.CheckConstraint(condition=_known("mode", Mode), name="training_activity_mode_known"),
            models.CheckConstraint(condition=_known("level", Level), name="training_activity_level_known"),
            models.CheckConstraint(condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="training_activity_ends_after"),
            models.CheckConstraint(
                condition=Q(nominate_by__isnull=True) | Q(starts_on__isnull=True) | Q(nominate_by__lte=F("starts_on")),
                name="training_activity_nominate_before",
            ),
        ]
        indexes = [
            models.Index(fields=["created_at", "id"], name="training_activity_created"),
            models.Index(fields=["starts_on"], name="training_activity_starts"),
            models.Index(fields=["stage"], name="training_activity_stage"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def last_on(self) -> date | None:
        """Its last day, as people say it."""
        return self.ends_on - timedelta(days=1) if self.ends_on else None

    @property
    def asks(self) -> Criteria:
        """Its criteria."""
        return Criteria.read(self.criteria)


class Rerun(Record):
    """Where an activity made from a kit comes from, and what came of it there."""

    activity = models.OneToOneField(Activity, on_delete=models.CASCADE, related_name="lineage")
    original = models.ForeignKey(Activity, null=True, blank=True, on_delete=models.SET_NULL, related_name="reruns")
    """The earlier run, where it is kept in this installation."""
    digest = models.CharField(max_length=64)
    source = models.JSONField()
    results = models.JSONField(default=list)
    brought_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest


class StageChange(Record):
    """A step from one stage to the next; `skipped` is the reason where something still blocked it."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="stage_changes")
    stage = models.CharField(max_length=12)
    at = models.DateTimeField()
    by_uuid = models.UUIDField()
    skipped = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.stage


class BudgetLine(Record):
    """Money planned for one purpose from one source, and what it came to in the end."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="budget")
    title = models.CharField(max_length=120)
    source = models.CharField(max_length=120, blank=True)
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    spent = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    """What was paid for it; empty while that is not known."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="training_budgetline_positive"),
            models.CheckConstraint(condition=Q(spent__isnull=True) | Q(spent__gte=0), name="training_budgetline_spent_positive"),
        ]

    def __str__(self) -> str:
        return self.title


class Invitation(Record):
    """An activity's invitation to one Member."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="invitations")
    place = models.ForeignKey("region.Place", on_delete=models.PROTECT, related_name="invitations")
    state = models.CharField(max_length=10, default=InvitationState.SENT)
    sent_at = models.DateTimeField(null=True, blank=True)
    """Empty while the activity is still in design: the Member is chosen but not asked."""
    nominate_by = models.DateField(null=True, blank=True)
    """The Member's own deadline, where the office has given it more time than the others."""
    answered_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_known("state", InvitationState), name="training_invitation_state_known"),
            models.UniqueConstraint(fields=["activity", "place"], name="training_invitation_once"),
        ]
        indexes = [models.Index(fields=["place", "state"], name="training_invitation_open")]

    def __str__(self) -> str:
        return f"{self.activity_id} to {self.place_id}"

    @property
    def deadline(self) -> Deadline | None:
        """Until when nominations are on time, by the Member's clock; needs `activity` and `place`."""
        day = self.nominate_by or self.activity.nominate_by
        return Deadline(day, zone_named(self.place.time_zone)) if day else None


class Nomination(Record):
    """One officer whom a Member puts forward for an activity, and what became of it."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="nominations")
    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, related_name="nominations")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="nominations")
    rank = models.PositiveSmallIntegerField()
    post = models.CharField(max_length=120, blank=True)
    unit = models.CharField(max_length=120, blank=True)
    duties = models.CharField(max_length=500, blank=True)
    years = models.PositiveSmallIntegerField(default=0)
    language_level = models.CharField(max_length=2, blank=True)
    special_needs = models.CharField(max_length=500, blank=True)
    consent = models.BooleanField(default=False)
    supervisor = models.ForeignKey("people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="nominees")
    release = models.CharField(max_length=8, default=Release.ASKED)
    released_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField()
    """When they were nominated; taken off and nominated again, the later time, by which `late` is judged."""
    first_submitted_at = models.DateTimeField(null=True, blank=True)
    """When they were nominated for the first time, where that was earlier."""
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replaced_by")
    """The nomination whose seat was passed on to this one."""
    late = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=8, blank=True)
    line = models.PositiveIntegerField(default=0)
    reasons = models.JSONField(default=list)
    override = models.CharField(max_length=3, blank=True)
    note = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "person"], name="training_nomination_once"),
            models.CheckConstraint(condition=_known("release", Release), name="training_nomination_release_known"),
            models.CheckConstraint(condition=_known("outcome", Outcome), name="training_nomination_outcome_known"),
            models.CheckConstraint(condition=_known("override", Override), name="training_nomination_override_known"),
            models.CheckConstraint(condition=_known("language_level", LanguageLevel, ""), name="training_nomination_language_known"),
            models.CheckConstraint(condition=Q(override="") | ~Q(note=""), name="training_nomination_override_said"),
            models.CheckConstraint(condition=~Q(outcome="seat") | Q(withdrawn_at__isnull=True), name="training_nomination_seat_kept"),
        ]
        indexes = [
            models.Index(fields=["activity", "outcome", "line"], name="training_nomination_line"),
            models.Index(fields=["person", "outcome"], name="training_nomination_person"),
            models.Index(fields=["supervisor", "release"], name="training_nomination_release"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} for {self.activity_id}"


class Offer(Record):
    """A released seat offered to someone who waits, for a time."""

    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="offers")
    freed_by = models.ForeignKey(Nomination, null=True, blank=True, on_delete=models.SET_NULL, related_name="freed_offers")
    """Whose seat it was; for some days it is offered to that Member's nominees only."""
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    answer = models.CharField(max_length=8, default=OfferAnswer.OPEN)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_known("answer", OfferAnswer), name="training_offer_answer_known"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("made_at")), name="training_offer_ends_after"),
            models.UniqueConstraint(fields=["nomination"], condition=Q(answer="open"), name="training_offer_one_open"),
        ]
        indexes = [models.Index(fields=["answer", "ends_at"], name="training_offer_ending")]

    def __str__(self) -> str:
        return f"{self.nomination_id} until {self.ends_at}"


class Session(Record):
    """A part of the agenda: when, where or by which link, with whom. `door` is the code that the screen at the door shows."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="sessions")
    title = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    room = models.CharField(max_length=120, blank=True)
    join_link = models.URLField(max_length=300, blank=True)
    trainer = models.ForeignKey("people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="sessions")
    door = models.CharField(max_length=8)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="training_session_ends_after")]
        indexes = [models.Index(fields=["activity", "starts_at"], name="training_session_agenda")]

    def __str__(self) -> str:
        return self.title


class Attendance(Record):
    """Someone was at a session, and how. `by_door` means that they checked themselves in."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="attendances")
    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="attendances")
    mode = models.CharField(max_length=10)
    by_door = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "nomination"], name="training_attendance_once"),
            models.CheckConstraint(condition=_known("mode", Attended), name="training_attendance_mode_known"),
        ]

    def __str__(self) -> str:
        return f"{self.nomination_id} at {self.session_id}"
