from django.conf import settings
from django.db import models
from django.db.models import Q

from callout.kernel.models import Archivable, Entity


class AbsenceKind(models.TextChoices):
    HOLIDAY = "holiday"
    SICKNESS = "sickness"
    TRAINING = "training"
    MEETING = "meeting"
    OTHER = "other"


class Skill(Entity, Archivable):
    """What a type of intervention may need and a technician may have (gas, lifts, high voltage)."""

    name = models.CharField(max_length=80)
    name_sort = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name_sort"], condition=Q(archived_at__isnull=True), name="skill_once"
            )
        ]
        indexes = [models.Index(fields=["name_sort", "id"], name="skill_by_name")]

    def __str__(self) -> str:
        return self.name


class Team(Entity, Archivable):
    """Technicians who are planned together: a region, a trade. A technician is in one at most."""

    name = models.CharField(max_length=80)
    name_sort = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name_sort"], condition=Q(archived_at__isnull=True), name="team_once"
            )
        ]
        indexes = [models.Index(fields=["name_sort", "id"], name="team_by_name")]

    def __str__(self) -> str:
        return self.name


class Vehicle(Entity, Archivable):
    """A service vehicle, known by its plate."""

    registration = models.CharField(max_length=20)
    name = models.CharField(max_length=80, blank=True)
    name_sort = models.CharField(max_length=160)
    search = models.TextField(editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registration"],
                condition=Q(archived_at__isnull=True),
                name="vehicle_once",
            )
        ]
        indexes = [models.Index(fields=["name_sort", "id"], name="vehicle_by_name")]

    def __str__(self) -> str:
        return " · ".join(word for word in (self.name, self.registration) if word)


class WorkingCalendar(Entity, Archivable):
    """When the company, or a part of it in another region, is open; its holidays are `holidays`.

    `days` is a week as in `WorkingWeek`: what a response target counted in working hours counts.
    Exactly one is the default: an index keeps that it is one, a trigger that there is one.
    """

    name = models.CharField(max_length=80)
    name_sort = models.CharField(max_length=120)
    days = models.JSONField()
    is_default = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name_sort"], condition=Q(archived_at__isnull=True), name="calendar_once"
            ),
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="calendar_default_once"
            ),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(archived_at__isnull=True),
                name="calendar_default_in_use",
            ),
        ]
        indexes = [models.Index(fields=["name_sort", "id"], name="calendar_by_name")]

    def __str__(self) -> str:
        return self.name


class Holiday(Entity):
    """A day of a calendar on which nobody works."""

    calendar = models.ForeignKey(WorkingCalendar, models.PROTECT, related_name="holidays")
    date = models.DateField()
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["calendar", "date"], name="holiday_once"),
            models.CheckConstraint(condition=~Q(name=""), name="holiday_named"),
        ]
        indexes = [models.Index(fields=["date"], name="holiday_by_date")]

    def __str__(self) -> str:
        return self.name


class Technician(Entity, Archivable):
    """Who works in the field; a user, or not (a subcontractor planned by the office).

    The position is the home base: where the day's first journey starts. `vehicle` is their own.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="technician"
    )
    name = models.CharField(max_length=120)
    name_sort = models.CharField(max_length=160)
    initials = models.CharField(max_length=4)
    phone = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=254, blank=True)
    is_subcontractor = models.BooleanField(default=False)
    street = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=16, blank=True)
    town = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    vehicle = models.ForeignKey(
        Vehicle, models.PROTECT, null=True, blank=True, related_name="technicians"
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="technicians"
    )
    # Null: the company's default.
    calendar = models.ForeignKey(
        WorkingCalendar, models.PROTECT, null=True, blank=True, related_name="technicians"
    )
    skills = models.ManyToManyField(Skill, blank=True, related_name="technicians")
    search = models.TextField(editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                # A null makes a range unknown, and unknown passes a CHECK: say that both are there.
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="technician_position_whole",
            ),
        ]
        indexes = [models.Index(fields=["name_sort", "id"], name="technician_by_name")]

    def __str__(self) -> str:
        return self.name


class WorkingWeek(Entity):
    """The week a technician works from a day on, until the next one begins.

    `days`: seven lists (Monday first) of ["08:00", "16:30"] pairs in the company's time zone.
    """

    technician = models.ForeignKey(Technician, models.PROTECT, related_name="weeks")
    valid_from = models.DateField()
    days = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["technician", "valid_from"], name="working_week_once")
        ]


class Absence(Entity, Archivable):
    """When a technician is not there. `kind` and `note` are for managers only."""

    technician = models.ForeignKey(Technician, models.PROTECT, related_name="absences")
    kind = models.CharField(max_length=8, choices=AbsenceKind)
    start = models.DateTimeField()
    end = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=AbsenceKind.values), name="absence_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(end__gt=models.F("start")), name="absence_ends_after_start"
            ),
        ]
        indexes = [
            models.Index(
                fields=["technician", "start"],
                name="absence_by_start",
                condition=Q(archived_at__isnull=True),
            )
        ]
