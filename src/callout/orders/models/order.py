"""The service order. Guards that Django cannot say stand in migration 0002_guards."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.functions import Left

from callout.kernel.models import Entity
from callout.orders.lifecycle import OPEN, Stage, Status
from callout.orders.models.catalogue import InterventionType, Priority
from callout.orders.models.codes import Channel, Charge, Waiting, choices

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from callout.orders.models.beside import Attachment, Note
    from callout.orders.models.visit import Visit


def target_left(due_at: datetime | None, answered_at: datetime | None) -> datetime | None:
    """The response target, until somebody was there: what is answered has none to meet."""
    return due_at if answered_at is None else None


class ServiceOrder(Entity):
    """One intervention to be carried out for a customer.

    `technician_status`, `visit`, `technician`, `start`, `end` copy the current visit (in New all
    are null). `stage` follows the status in the database itself and cannot disagree.

    No index knows the status, in its columns or its condition: so a step from Planned to Break
    writes the row and none of the indexes, of which the one of `search` alone costs more.
    """

    number = models.BigIntegerField(unique=True, editable=False)
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="orders", db_index=False
    )
    # order_site and order_site_start begin with it: an index of its own would be a third.
    site = models.ForeignKey(
        "customers.Site", models.PROTECT, related_name="orders", db_index=False
    )
    asset = models.ForeignKey(
        "customers.Asset",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        db_index=False,
    )
    contact = models.ForeignKey(
        "customers.Contact",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    type = models.ForeignKey(InterventionType, models.PROTECT, related_name="+", db_index=False)
    priority = models.ForeignKey(
        Priority, models.PROTECT, related_name="+", default=1, db_index=False
    )
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
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_ups",
        db_index=False,
    )
    created_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_at = models.DateTimeField(null=True, blank=True)  # see orders/due.py

    # the customer's wish, in company-local terms; the proposal of a vehicle while in New
    wish_not_before = models.DateTimeField(null=True, blank=True)
    wish_due = models.DateTimeField(null=True, blank=True)
    wish_from = models.TimeField(null=True, blank=True)
    wish_to = models.TimeField(null=True, blank=True)
    wish_start = models.DateTimeField(null=True, blank=True)  # a date given without a technician
    proposed_vehicle = models.ForeignKey(
        "workforce.Vehicle",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
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
    visit = models.ForeignKey(
        "Visit", models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )
    technician = models.ForeignKey(
        "workforce.Technician",
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        db_index=False,
    )
    start = models.DateTimeField(null=True, editable=False)
    end = models.DateTimeField(null=True, editable=False)

    absent_count = models.PositiveSmallIntegerField(default=0, editable=False)
    # When somebody was first at the customer's, on any visit: see services/settle.py.
    answered_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    checked_at = models.DateTimeField(null=True, editable=False)
    checked_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        db_index=False,
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
            # Planned for later than its response target: a few of many, see selectors/late.py.
            models.Index(
                "due_at",
                "number",
                name="order_missed",
                condition=Q(stage=Stage.PLANNED.value, start__gt=F("due_at")),
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
            # What was cancelled and never planned stands first where the list is by slot, latest
            # first: some of many, lying anywhere. Of which days it is says the index as well.
            models.Index(
                fields=["number"],
                name="order_never_planned",
                include=["id", "closed_at"],
                condition=Q(stage=Stage.CANCELLED.value, start__isnull=True),
            ),
            # A type has a sixth of all orders: by its days are found those of a month among them.
            models.Index("type", F("start").desc(), F("number").desc(), name="order_type"),
            models.Index("customer", F("number").desc(), name="order_customer"),
            models.Index("site", F("number").desc(), name="order_site"),
            # A town's orders by slot: of thousands only the index is read, not the rows.
            models.Index(
                fields=["site", "-start", "-number"],
                name="order_site_start",
                include=["id"],
                condition=Q(start__isnull=False),
            ),
            # The past of a customer and of a site, by when each of its orders ended.
            *(
                models.Index(
                    of,
                    F("closed_at").desc(),
                    F("number").desc(),
                    name=f"order_{of}_past",
                    condition=Q(closed_at__isnull=False),
                )
                for of in ("customer", "site")
            ),
            models.Index(
                "asset", F("number").desc(), name="order_asset", condition=Q(asset__isnull=False)
            ),
            # What most orders have none of; an index of all would hold each order's nothing.
            *(
                models.Index(of, name=f"order_{of}", condition=Q(**{f"{of}__isnull": False}))
                for of in ("visit", "contact", "follow_up_of", "proposed_vehicle", "checked_by")
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

    @property
    def target_at(self) -> datetime | None:
        """The response target that is still to be met."""
        return target_left(self.due_at, self.answered_at)


class OrderAsset(models.Model):
    """An asset that the order covers besides its primary one."""

    order = models.ForeignKey(ServiceOrder, models.CASCADE, related_name="more_assets")
    asset = models.ForeignKey("customers.Asset", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "asset"], name="order_asset_once"),
        ]
