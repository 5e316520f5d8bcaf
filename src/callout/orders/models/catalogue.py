"""What an order is chosen from: types, priorities, reasons."""

from django.db import models

from callout.kernel.models import Archivable, Entity


class InterventionType(Entity, Archivable):
    """Breakdown, maintenance...: default duration, icon, and the skills that a technician needs."""

    name = models.CharField(max_length=60)
    icon = models.CharField(max_length=40, default="tool")
    duration_minutes = models.PositiveIntegerField(default=60)
    skills = models.ManyToManyField("workforce.Skill", blank=True, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]


class Priority(models.Model):
    """Four fixed codes; what they are called and how soon to answer is a setting."""

    LOW, NORMAL, HIGH, URGENT = 0, 1, 2, 3
    CODES = {0: "low", 1: "normal", 2: "high", 3: "urgent"}

    rank = models.PositiveSmallIntegerField(primary_key=True)
    code = models.CharField(max_length=10, unique=True)
    label = models.CharField(max_length=40)
    colour = models.CharField(max_length=7, blank=True)
    response_hours = models.PositiveIntegerField(null=True, blank=True)
    # The hours count within the default calendar's week only; around the clock otherwise.
    working_hours_only = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["rank"]


class Reason(Entity, Archivable):
    """Why: for cancelling, handing back, and an absent customer."""

    CANCEL, HAND_BACK, ABSENT = "cancel", "hand_back", "absent"
    KINDS = [(CANCEL, CANCEL), (HAND_BACK, HAND_BACK), (ABSENT, ABSENT)]

    kind = models.CharField(max_length=10, choices=KINDS)
    label = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["kind", "position", "label"]
