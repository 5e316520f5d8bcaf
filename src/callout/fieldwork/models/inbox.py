"""What phones have sent, as it came, and what became of it."""

from django.db import models
from django.db.models import Q

from callout.kernel.models import Entity


class Outcome(models.TextChoices):
    """What became of a command. `held` is our fault: it is kept, and tried again by ourselves."""

    APPLIED = "applied"
    SAME = "same"
    LATE = "late"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    HELD = "held"


class InboxCommand(models.Model):
    """One command of a phone. Its id was made there, once; `n` is the phone's own order.

    Written before it is run (`outcome` is empty until then): from then on it is *received*. Ids
    are kept for ever, what was said (`raw`) 400 days.
    """

    id = models.UUIDField(primary_key=True)
    # Without indexes of their own: those below begin with them.
    device = models.ForeignKey(
        "accounts.Device", models.PROTECT, related_name="commands", db_index=False
    )
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    technician = models.ForeignKey(
        "workforce.Technician", models.PROTECT, null=True, related_name="+"
    )
    n = models.BigIntegerField()
    v = models.PositiveSmallIntegerField()
    action = models.CharField(max_length=40)
    # The visit that it names, where that was once this technician's; else only in `raw`.
    visit = models.ForeignKey(
        "orders.Visit", models.PROTECT, null=True, related_name="+", db_index=False
    )
    raw = models.TextField(null=True)
    raw_sha256 = models.CharField(max_length=64)
    handed_over = models.BooleanField(default=False)  # after the user was deactivated

    at = models.DateTimeField()  # by the phone's clock
    skew_ms = models.BigIntegerField(null=True)  # measured there: server's clock less the phone's
    skew_age_s = models.BigIntegerField(null=True)
    seen = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField()
    true_at = models.DateTimeField(null=True)
    time_uncertain = models.BooleanField(default=False)

    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    code = models.CharField(max_length=60, blank=True)
    words = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    entry = models.ForeignKey(
        "orders.TimelineEntry", models.PROTECT, null=True, related_name="+"
    )  # what it made of the visit's time
    report = models.ForeignKey("LateReport", models.PROTECT, null=True, related_name="commands")

    class Meta:
        indexes = [
            models.Index("device", "n", name="inbox_device"),
            models.Index("visit", "n", name="inbox_visit"),
            models.Index(
                fields=["technician", "device"],
                name="inbox_waiting",
                condition=Q(outcome__in=["", "held"]),
            ),
            models.Index("received_at", name="inbox_bodies", condition=Q(raw__isnull=False)),
            models.Index(fields=["user", "-received_at"], name="inbox_told",
                condition=Q(outcome__in=["late", "refused", "unknown", "held"]),
            ),
        ]  # fmt: skip


class InboxConflict(models.Model):
    """A command that came under an id which was other bytes before: refused, and kept too."""

    id = models.BigAutoField(primary_key=True)
    command = models.ForeignKey(InboxCommand, models.PROTECT, related_name="conflicts")
    device = models.ForeignKey("accounts.Device", models.PROTECT, related_name="+")
    raw = models.TextField(null=True)
    raw_sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["command", "raw_sha256"], name="inbox_conflict_once"),
        ]


class LateReport(Entity):
    """What came for a visit when it could not be done any more: the office decides.

    One open for each visit and phone. `decision`: "happened" (it became a past visit, `made`) or
    "note". `correction` asks for another time of a step; `handover` came from a deactivated user.
    """

    LATE, CORRECTION, HANDOVER = "late", "correction", "handover"
    HAPPENED, NOTE = "happened", "note"

    kind = models.CharField(
        max_length=10, choices=[(k, k) for k in (LATE, CORRECTION, HANDOVER)], default=LATE
    )
    visit = models.ForeignKey("orders.Visit", models.PROTECT, related_name="+")
    order = models.ForeignKey("orders.ServiceOrder", models.PROTECT, related_name="+")
    technician = models.ForeignKey("workforce.Technician", models.PROTECT, related_name="+")
    device = models.ForeignKey("accounts.Device", models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)  # why it could not be applied
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    decision = models.CharField(
        max_length=8, choices=[(k, k) for k in (HAPPENED, NOTE)], blank=True
    )
    made = models.ForeignKey("orders.Visit", models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)  # the dispatcher's words to the technician

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "device", "kind"],
                condition=Q(decided_at=None),
                name="late_report_open_once",
            ),
        ]
        indexes = [
            models.Index("created_at", name="late_report_open", condition=Q(decided_at=None)),
            models.Index("decided_at", name="late_report_decided"),
        ]
