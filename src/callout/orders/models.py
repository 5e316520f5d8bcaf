"""Tables of the heart. Guards that Django cannot say stand in migration 0002_guards.

Copies that exist for speed (assignment of its visit, order of its current visit) are held equal
by composite foreign keys: see there.
"""

from typing import TYPE_CHECKING

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.functions import Left

from callout.kernel.models import Archivable, Entity
from callout.orders.lifecycle import OPEN, Outcome, Stage, Status

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


def choices(values: type[Status] | type[Stage] | type[Outcome]) -> list[tuple[str, str]]:
    return [(value.value, value.value) for value in values]


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


class Waiting(models.TextChoices):
    PART = "part"
    CUSTOMER = "customer"
    ACCESS = "access"
    APPROVAL = "approval"
    WEATHER = "weather"


class Channel(models.TextChoices):
    PHONE = "phone"
    EMAIL = "email"
    FORM = "form"
    VISIT = "visit"
    INTERNAL = "internal"


class Charge(models.TextChoices):
    CHARGEABLE = "chargeable"
    WARRANTY = "warranty"
    CONTRACT = "contract"
    GOODWILL = "goodwill"


class ServiceOrder(Entity):
    """One intervention to be carried out for a customer.

    `technician_status`, `visit`, `technician`, `start`, `end` copy the current visit (in New all
    are null). `stage` follows the status in the database itself and cannot disagree.
    """

    number = models.BigIntegerField(unique=True, editable=False)
    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="orders")
    site = models.ForeignKey("customers.Site", models.PROTECT, related_name="orders")
    asset = models.ForeignKey(
        "customers.Asset", models.PROTECT, null=True, blank=True, related_name="orders"
    )
    contact = models.ForeignKey(
        "customers.Contact", models.PROTECT, null=True, blank=True, related_name="+"
    )
    type = models.ForeignKey(InterventionType, models.PROTECT, related_name="+")
    priority = models.ForeignKey(Priority, models.PROTECT, related_name="+", default=1)
    description = models.TextField(blank=True)
    title = models.GeneratedField(
        expression=Left(
            Func(F("description"), Value("\n"), Value(1), function="split_part"), Value(160)
        ),
        output_field=models.CharField(max_length=160),
        db_persist=True,
    )
    duration_minutes = models.PositiveIntegerField(default=60)

    # intake
    received_at = models.DateTimeField()
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.PHONE)
    caller_name = models.CharField(max_length=120, blank=True)
    caller_phone = models.CharField(max_length=20, blank=True)
    customer_reference = models.CharField(max_length=80, blank=True)
    charge = models.CharField(max_length=12, choices=Charge, default=Charge.CHARGEABLE)
    follow_up_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="follow_ups"
    )
    created_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_at = models.DateTimeField(null=True, blank=True)  # received + the priority's hours

    # the customer's wish, in company-local terms; the proposal of a vehicle while in New
    wish_not_before = models.DateTimeField(null=True, blank=True)
    wish_due = models.DateTimeField(null=True, blank=True)
    wish_from = models.TimeField(null=True, blank=True)
    wish_to = models.TimeField(null=True, blank=True)
    wish_start = models.DateTimeField(null=True, blank=True)  # a date given without a technician
    proposed_vehicle = models.ForeignKey(
        "workforce.Vehicle", models.PROTECT, null=True, blank=True, related_name="+"
    )

    waiting_for = models.CharField(max_length=10, choices=Waiting, blank=True)
    waiting_until = models.DateField(null=True, blank=True)
    waiting_note = models.CharField(max_length=200, blank=True)

    # the current visit, copied
    technician_status = models.CharField(
        max_length=10, choices=choices(Status), null=True, editable=False
    )
    stage = models.GeneratedField(
        expression=Case(
            When(technician_status__isnull=True, then=Value(Stage.NEW.value)),
            When(technician_status=Status.DONE.value, then=Value(Stage.COMPLETED.value)),
            When(technician_status=Status.CANCELLED.value, then=Value(Stage.CANCELLED.value)),
            default=Value(Stage.PLANNED.value),
        ),
        output_field=models.CharField(max_length=10),
        db_persist=True,
    )
    visit = models.ForeignKey("Visit", models.PROTECT, null=True, related_name="+", editable=False)
    technician = models.ForeignKey(
        "workforce.Technician", models.PROTECT, null=True, related_name="+", editable=False
    )
    start = models.DateTimeField(null=True, editable=False)
    end = models.DateTimeField(null=True, editable=False)

    absent_count = models.PositiveSmallIntegerField(default=0, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    checked_at = models.DateTimeField(null=True, editable=False)
    checked_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", editable=False
    )
    search = models.TextField(default="", editable=False)

    if TYPE_CHECKING:
        visits: "RelatedManager[Visit]"
        notes: "RelatedManager[Note]"
        attachments: "RelatedManager[Attachment]"

    class Meta:
        indexes = [
            models.Index(
                "stage",
                F("priority").desc(),
                "number",
                name="order_open",
                condition=Q(stage__in=[Stage.NEW.value, Stage.PLANNED.value]),
            ),
            models.Index("due_at", "number", name="order_due", condition=Q(stage=Stage.NEW.value)),
            models.Index(
                "start", "number", name="order_planned", condition=Q(stage=Stage.PLANNED.value)
            ),
            models.Index(
                "stage",
                F("closed_at").desc(),
                F("number").desc(),
                name="order_closed",
                condition=Q(stage__in=[Stage.COMPLETED.value, Stage.CANCELLED.value]),
            ),
            models.Index(
                "technician", F("start").desc(), F("number").desc(), name="order_technician"
            ),
            models.Index("technician", "stage", "closed_at", name="order_technician_stage"),
            models.Index(F("start").desc(nulls_last=True), F("number").desc(), name="order_start"),
            models.Index("customer", F("number").desc(), name="order_customer"),
            models.Index("site", F("number").desc(), name="order_site"),
            models.Index(
                "asset", F("number").desc(), name="order_asset", condition=Q(asset__isnull=False)
            ),
            GinIndex(OpClass("search", name="gin_trgm_ops"), name="order_search"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(technician_status__isnull=True)
                | Q(technician_status__in=[s.value for s in Status]),
                name="order_status_known",
            ),
            # MATCH SIMPLE stops checking at one null: so the copies are all there or none is.
            models.CheckConstraint(
                condition=Q(
                    visit__isnull=True,
                    technician__isnull=True,
                    start__isnull=True,
                    end__isnull=True,
                )
                | Q(
                    visit__isnull=False,
                    technician__isnull=False,
                    start__isnull=False,
                    end__isnull=False,
                    technician_status__isnull=False,
                ),
                name="order_copies_whole",
            ),
            # Only an order cancelled out of New ends without a visit.
            models.CheckConstraint(
                condition=Q(visit__isnull=False)
                | Q(technician_status__isnull=True)
                | Q(technician_status=Status.CANCELLED.value),
                name="order_status_has_visit",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True)
                & (
                    Q(technician_status__isnull=True)
                    | Q(technician_status__in=sorted(s.value for s in OPEN))
                )
                | Q(closed_at__isnull=False, technician_status__in=["done", "cancelled"]),
                name="order_closed_when_ended",
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True) | Q(technician_status="done"),
                name="order_checked_when_done",
            ),
        ]


class OrderAsset(models.Model):
    """An asset that the order covers besides its primary one."""

    order = models.ForeignKey(ServiceOrder, models.CASCADE, related_name="more_assets")
    asset = models.ForeignKey("customers.Asset", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "asset"], name="order_asset_once"),
        ]


class Visit(Entity):
    """One attempt to carry out an order. Open while it has no outcome."""

    order = models.ForeignKey(ServiceOrder, models.PROTECT, related_name="visits")
    sequence = models.PositiveSmallIntegerField()
    technician = models.ForeignKey("workforce.Technician", models.PROTECT, related_name="visits")
    vehicle = models.ForeignKey(
        "workforce.Vehicle", models.PROTECT, null=True, blank=True, related_name="+"
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
    promised_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    departed_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    work_started_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    reason = models.ForeignKey(Reason, models.PROTECT, null=True, related_name="+")
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
    """Who goes on a visit. Slot, openness and overlap copy the visit: no-overlap reads them."""

    RESPONSIBLE, HELPER = "responsible", "helper"

    id = models.BigAutoField(primary_key=True)
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="assignments")
    technician = models.ForeignKey("workforce.Technician", models.PROTECT, related_name="+")
    role = models.CharField(
        max_length=11, choices=[(RESPONSIBLE, RESPONSIBLE), (HELPER, HELPER)], default=RESPONSIBLE
    )
    start = models.DateTimeField()
    end = models.DateTimeField()
    is_open = models.BooleanField(default=True)
    allow_overlap = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index("technician", "start", name="assignment_technician")]
        constraints = [
            models.UniqueConstraint(fields=["visit", "technician"], name="assignment_once"),
            models.UniqueConstraint(
                fields=["visit"], condition=Q(role="responsible"), name="assignment_responsible"
            ),
        ]


class TimelineEntry(models.Model):
    """One action on an order: what durations, Undo and the phone's fold read.

    `before` keeps what the action replaced: see services/undo.py for its shape.
    """

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(ServiceOrder, models.PROTECT, related_name="timeline")
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="timeline")
    technician = models.ForeignKey(
        "workforce.Technician", models.PROTECT, null=True, related_name="+"
    )
    action = models.CharField(max_length=20)
    status = models.CharField(max_length=10, choices=choices(Status), null=True)  # of the visit
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    first_at = models.DateTimeField(null=True)  # the value before a correction
    actor = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    door = models.CharField(max_length=16)
    before = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("order", "id", name="timeline_order"),
            models.Index("visit", "at", name="timeline_visit"),
        ]


class TimeEntry(Entity):
    """Hours of one technician. Derived ones follow the timeline; the rest was entered by hand."""

    TRAVEL, WORK, BREAK, OTHER = "travel", "work", "break", "other"

    technician = models.ForeignKey("workforce.Technician", models.PROTECT, related_name="+")
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
    """Something said: internal, for the technician, or a call with the customer."""

    INTERNAL, TECHNICIAN, CALL = "internal", "technician", "call"
    KINDS = [(INTERNAL, INTERNAL), (TECHNICIAN, TECHNICIAN), (CALL, CALL)]

    order = models.ForeignKey(ServiceOrder, models.PROTECT, related_name="notes")
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=KINDS, default=INTERNAL)
    text = models.TextField()
    author = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index("order", "created_at", name="note_order")]


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
