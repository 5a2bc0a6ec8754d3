"""Places, and what is true of them from one day to another."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from entrepot.ground.keeping.api import Record
from entrepot.kernel.periods import ImpreciseDate, Period, Precision

from .enums import CentreStatus, Connectivity, EventKind, PlaceKind, StandingKind

_PRECISIONS = [p.value for p in Precision]


class Source(Record):
    """Where a fact was read."""

    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=240)
    publisher = models.CharField(max_length=160, blank=True)
    address = models.CharField(max_length=300, blank=True)
    dated = models.CharField(max_length=13, blank=True)

    def __str__(self) -> str:
        return self.title


class Place(Record):
    """A node of the region's tree. `lineage` is given once and never changes: permissions are decided by it."""

    code = models.CharField(max_length=16)
    lineage = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=16)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    name = models.CharField(max_length=160)
    names = models.JSONField(default=dict, blank=True)
    """The name in other languages, by language code."""
    city = models.CharField(max_length=120, blank=True)
    institute = models.CharField(max_length=200, blank=True)
    languages = models.JSONField(default=list, blank=True)
    specialities = models.JSONField(default=list, blank=True)
    time_zone = models.CharField(max_length=40, blank=True)
    connectivity = models.CharField(max_length=8, blank=True)
    tile_column = models.PositiveSmallIntegerField(null=True, blank=True)
    tile_row = models.PositiveSmallIntegerField(null=True, blank=True)
    invented = models.BooleanField(default=False)
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in PlaceKind]), name="region_place_kind_known"),
            models.CheckConstraint(condition=Q(connectivity__in=["", *[c.value for c in Connectivity]]), name="region_place_line_known"),
            models.CheckConstraint(condition=Q(invented=True) | Q(source__isnull=False), name="region_place_sourced_or_invented"),
            models.CheckConstraint(condition=Q(kind=PlaceKind.REGION) | Q(parent__isnull=False), name="region_place_has_parent"),
        ]
        indexes = [models.Index(fields=["kind", "name"], name="region_place_kind_name")]

    def __str__(self) -> str:
        return self.name


class Facility(Record):
    """A room or installation of a centre, with the people it seats where that is known."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="facilities")
    name = models.CharField(max_length=160)
    seats = models.PositiveIntegerField(null=True, blank=True)
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "name"], name="region_facility_once")]

    def __str__(self) -> str:
        return self.name


class Standing(Record):
    """Something true of a place from one day up to another: membership, a centre's status, who hosts it, who holds the Vice-Chair.

    `from_on` and `to_on` are the first days that an imprecise date can mean. `other` is the host of a body, or the region of a term.
    """

    kind = models.CharField(max_length=10)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="standings")
    other = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="standings_as_other")
    status = models.CharField(max_length=10, blank=True)
    from_on = models.DateField()
    from_precision = models.CharField(max_length=5, default=Precision.DAY)
    to_on = models.DateField(null=True, blank=True)
    to_precision = models.CharField(max_length=5, default=Precision.DAY)
    seen_only = models.BooleanField(default=False)
    """The source shows it so within this stretch, and does not say when it began or ended."""
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in StandingKind]), name="region_standing_kind_known"),
            models.CheckConstraint(
                condition=Q(from_precision__in=_PRECISIONS) & Q(to_precision__in=_PRECISIONS), name="region_standing_precision_known"
            ),
            models.CheckConstraint(condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on")), name="region_standing_ends_after_start"),
            models.CheckConstraint(
                condition=~Q(kind=StandingKind.STATUS) | Q(status__in=[s.value for s in CentreStatus]), name="region_standing_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[StandingKind.HOST, StandingKind.VICE_CHAIR]) | Q(other__isnull=False),
                name="region_standing_other_given",
            ),
        ]
        indexes = [models.Index(fields=["kind", "from_on"], name="region_standing_kind")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.place_id}"

    @property
    def since(self) -> ImpreciseDate:
        """The beginning, as exactly as it is known."""
        return ImpreciseDate(self.from_on, Precision(self.from_precision))

    @property
    def until(self) -> ImpreciseDate | None:
        """The end, as exactly as it is known."""
        return ImpreciseDate(self.to_on, Precision(self.to_precision)) if self.to_on else None

    @property
    def period(self) -> Period:
        """The days it covers."""
        return Period(self.from_on, self.to_on)


class Event(Record):
    """Something of the region's past that a source tells. Its head counts are as reported there: nobody is counted here.

    `at_least` means that the source says "over" or "more than". Not an activity: those are planned and counted in this product.
    """

    region = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="past_events")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    from_on = models.DateField()
    from_precision = models.CharField(max_length=5, default=Precision.DAY)
    to_on = models.DateField(null=True, blank=True)
    city = models.CharField(max_length=120, blank=True)
    people = models.PositiveIntegerField(null=True, blank=True)
    administrations = models.PositiveIntegerField(null=True, blank=True)
    at_least = models.BooleanField(default=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in EventKind]), name="region_event_kind_known"),
            models.CheckConstraint(condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on")), name="region_event_ends_after_start"),
            models.UniqueConstraint(fields=["region", "title", "from_on"], name="region_event_once"),
        ]
        indexes = [models.Index(fields=["from_on"], name="region_event_when")]

    def __str__(self) -> str:
        return self.title

    @property
    def since(self) -> ImpreciseDate:
        """When it began, as exactly as it is known."""
        return ImpreciseDate(self.from_on, Precision(self.from_precision))
