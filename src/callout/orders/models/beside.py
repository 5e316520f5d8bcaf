"""What stands beside an order: hours, notes, attachments."""

from django.db import models
from django.db.models import F, Q

from callout.kernel.models import Archivable, Entity
from callout.orders.models.order import ServiceOrder
from callout.orders.models.visit import Visit


class TimeEntry(Entity):
    """Hours of one technician. Derived ones follow the timeline; the rest was entered by hand."""

    TRAVEL, WORK, BREAK, OTHER = "travel", "work", "break", "other"

    technician = models.ForeignKey(
        "workforce.Technician", models.PROTECT, related_name="+", db_index=False
    )
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="time_entries")
    kind = models.CharField(max_length=6, choices=[(k, k) for k in (TRAVEL, WORK, BREAK, OTHER)])
    start = models.DateTimeField()
    end = models.DateTimeField(null=True)  # null: still running
    derived = models.BooleanField(default=False)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index("technician", "start", name="time_technician")]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="time_end_after_start"
            ),
        ]


class Note(Entity):
    """Something said: internal, for the technician, or a call with the customer.

    One that was written to the office (`to_office`) lies on its desk until it is put away.
    """

    INTERNAL, TECHNICIAN, CALL = "internal", "technician", "call"
    KINDS = [(INTERNAL, INTERNAL), (TECHNICIAN, TECHNICIAN), (CALL, CALL)]

    order = models.ForeignKey(ServiceOrder, models.PROTECT, related_name="notes")
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=KINDS, default=INTERNAL)
    text = models.TextField()
    author = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    to_office = models.BooleanField(default=False)
    put_away_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("order", "created_at", name="note_order"),
            models.Index(
                "created_at",
                name="note_on_desk",
                condition=Q(to_office=True, put_away_at__isnull=True),
            ),
        ]


class Attachment(Entity, Archivable):
    """A file kept by the hash of its bytes; never served as it was sent.

    Images are decoded and written anew, so `sha256` (kept) and `sha256_sent` differ.
    """

    order = models.ForeignKey(ServiceOrder, models.PROTECT, related_name="attachments")
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10, default="file")  # photo, file
    name = models.CharField(max_length=160)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    sha256 = models.CharField(max_length=64)
    sha256_sent = models.CharField(max_length=64)
    for_technician = models.BooleanField(default=True)
    author = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index("order", "created_at", name="attachment_order"),
            models.Index("sha256", name="attachment_hash"),
        ]
