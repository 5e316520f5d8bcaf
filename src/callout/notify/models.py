"""Whom to tell, and what they were told."""

from django.db import models
from django.db.models import Q

from callout.kernel.models import Entity


class PushSubscription(Entity):
    """Where a phone's browser takes pushes: given by the browser, forgotten when it says gone."""

    device = models.OneToOneField("accounts.Device", models.CASCADE, related_name="push")
    endpoint = models.URLField(max_length=1000)
    p256dh = models.CharField(max_length=200)
    auth = models.CharField(max_length=60)
    failures = models.PositiveSmallIntegerField(default=0)  # in a row


class Notice(Entity):
    """What a technician is told of their own work: new, moved, taken away, cancelled."""

    NEW, MOVED, TAKEN, CANCELLED, DECIDED = "new", "moved", "taken", "cancelled", "decided"
    KINDS = [(k, k) for k in (NEW, MOVED, TAKEN, CANCELLED, DECIDED)]

    technician = models.ForeignKey("workforce.Technician", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=KINDS)
    order = models.ForeignKey("orders.ServiceOrder", models.PROTECT, related_name="+")
    visit = models.ForeignKey("orders.Visit", models.PROTECT, null=True, related_name="+")
    entry_id = models.BigIntegerField()  # of the journal: told once, however often it is read
    facts = models.JSONField(default=dict)  # the slot before and after
    pushed_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)  # told by mail, or found to be no news by then

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["technician", "entry_id", "visit"], name="notice_once"),
        ]
        indexes = [
            models.Index(
                fields=["technician", "-created_at"],
                name="notice_unseen",
                condition=Q(seen_at=None),
            ),
            models.Index(fields=["visit", "technician", "-entry_id"], name="notice_visit"),
            models.Index(
                fields=["technician", "entry_id"],
                name="notice_unmailed",
                condition=Q(mailed_at=None),
            ),
        ]
