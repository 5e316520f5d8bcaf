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
