"""A visit, who goes on it, and what was done. Guards that Django cannot say: 0002_guards."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from callout.kernel.models import Entity
from callout.orders.lifecycle import Outcome, Status
from callout.orders.models.catalogue import Reason
from callout.orders.models.codes import choices
from callout.orders.models.order import ServiceOrder

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class Visit(Entity):
    """One attempt to carry out an order. Open while it has no outcome."""

    order = models.ForeignKey(ServiceOrder, models.PROTECT, related_name="visits", db_index=False)
    sequence = models.PositiveSmallIntegerField()
    technician = models.ForeignKey(
        "workforce.Technician", models.PROTECT, related_name="visits", db_index=False
    )
    vehicle = models.ForeignKey(
        "workforce.Vehicle",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    start = models.DateTimeField()
    end = models.DateTimeField()
    expected_end = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, choices=choices(Status), default=Status.PLANNED)
    before_break = models.CharField(max_length=10, choices=choices(Status), blank=True)
    outcome = models.CharField(max_length=16, choices=choices(Outcome), null=True)
    is_open = models.BooleanField(default=True)
    allow_overlap = models.BooleanField(default=False)
    pinned = models.BooleanField(default=False)
    entered_afterwards = models.BooleanField(default=False)

    promise_from = models.DateTimeField(null=True)
    promise_to = models.DateTimeField(null=True)
    promised_at = models.DateTimeField(null=True)
    promised_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", db_index=False
    )

    departed_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    work_started_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    reason = models.ForeignKey(Reason, models.PROTECT, null=True, related_name="+", db_index=False)
    closing_note = models.TextField(blank=True)
    closing_latitude = models.FloatField(null=True)
    closing_longitude = models.FloatField(null=True)

    if TYPE_CHECKING:
        assignments: "RelatedManager[Assignment]"
        timeline: "RelatedManager[TimelineEntry]"

    class Meta:
        indexes = [
            models.Index("technician", "start", name="visit_technician"),
            models.Index("order", "start", name="visit_order"),
            models.Index("vehicle", "start", name="visit_vehicle", condition=Q(is_open=True)),
            models.Index("start", name="visit_open", condition=Q(is_open=True)),
            models.Index(
                "promise_to",
                name="visit_promise",
                condition=Q(is_open=True, promise_to__isnull=False),
            ),
            *(
                models.Index(of, name=f"visit_of_{of}", condition=Q(**{f"{of}__isnull": False}))
                for of in ("vehicle", "reason", "promised_by")
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["order", "sequence"], name="visit_sequence"),
            # An empty range never conflicts and a backward one is an error: neither may be stored.
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="visit_end_after_start"),
            models.CheckConstraint(
                condition=Q(is_open=True, outcome__isnull=True)
                | Q(is_open=False, outcome__isnull=False),
                name="visit_open_without_outcome",
            ),
            models.CheckConstraint(
                condition=Q(promise_from__isnull=True, promise_to__isnull=True)
                | Q(promise_to__gte=F("promise_from")),
                name="visit_promise_ordered",
            ),
            models.UniqueConstraint(
                fields=["technician"],
                condition=Q(is_open=True, status__in=["en_route", "on_site", "working"]),
                name="technician_under_way_once",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(is_open=True, status__in=["en_route", "on_site", "working", "break"]),
                name="order_under_way_once",
            ),
        ]


class Assignment(models.Model):
    """Who goes on a visit. Slot, openness and overlap copy the visit: no-overlap reads them.

    `seen_at` is when the technician first opened it as it is planned: a new plan is a new row.
    """

    RESPONSIBLE, HELPER = "responsible", "helper"

    id = models.BigAutoField(primary_key=True)
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="assignments", db_index=False)
    technician = models.ForeignKey(
        "workforce.Technician", models.PROTECT, related_name="+", db_index=False
    )
    role = models.CharField(
        max_length=11, choices=[(RESPONSIBLE, RESPONSIBLE), (HELPER, HELPER)], default=RESPONSIBLE
    )
    start = models.DateTimeField()
    end = models.DateTimeField()
    is_open = models.BooleanField(default=True)
    allow_overlap = models.BooleanField(default=False)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("technician", "start", name="assignment_technician"),
            # What is open is asked of at each sync and tap, and lies before years of what is not.
            models.Index(
                fields=["technician", "start"], name="assignment_open", condition=Q(is_open=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["visit", "technician"], name="assignment_once"),
            models.UniqueConstraint(
                fields=["visit"], condition=Q(role="responsible"), name="assignment_responsible"
            ),
        ]


class TimelineEntry(models.Model):
    """One action on an order: what durations, Undo and the phone's fold read.

    `before` keeps what the action replaced: see services/keeping.py for its shape.
    """

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(ServiceOrder, models.PROTECT, related_name="timeline", db_index=False)
    visit = models.ForeignKey(
        Visit, models.PROTECT, null=True, related_name="timeline", db_index=False
    )
    technician = models.ForeignKey(
        "workforce.Technician", models.PROTECT, null=True, related_name="+"
    )
    action = models.CharField(max_length=20)
    status = models.CharField(max_length=10, choices=choices(Status), null=True)  # of the visit
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    first_at = models.DateTimeField(null=True)  # the value before a correction
    actor = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", db_index=False
    )
    door = models.CharField(max_length=16)
    before = models.JSONField(default=dict)
    minutes = models.PositiveSmallIntegerField(null=True)  # of Extend: how much longer
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("order", "id", name="timeline_order"),
            models.Index("visit", "at", name="timeline_visit"),
        ]
