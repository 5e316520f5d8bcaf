"""One order as its page and its work sheet read it: plain values of one row.

An instance with all that is linked to it takes ten times as long to make (measured).
"""

from datetime import date, datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from callout.orders.models.order import target_left
from callout.orders.priorities import priority_label


class CustomerSeen(NamedTuple):
    name: str
    phone: str
    alert: str
    bill_to: str | None


class SiteSeen(NamedTuple):
    name: str
    parent: str | None
    street: str
    postcode: str
    town: str
    access_notes: str
    parking_notes: str
    key_notes: str
    latitude: float | None
    longitude: float | None


class AssetSeen(NamedTuple):
    kind: str
    reference: str
    manufacturer: str
    model: str
    serial_number: str
    installed_on: date | None


class ContactSeen(NamedTuple):
    name: str
    mobile: str
    phone: str


class VehicleSeen(NamedTuple):
    name: str
    registration: str

    def __str__(self) -> str:
        return " · ".join(word for word in (self.name, self.registration) if word)


class OrderSeen(NamedTuple):
    """The order itself, named as its model's fields are, and what is linked to it."""

    pk: UUID
    version: int
    number: int
    title: str
    description: str
    stage: str
    technician_status: str | None
    customer_id: UUID
    site_id: UUID
    asset_id: UUID | None
    contact_id: UUID | None
    proposed_vehicle_id: UUID | None
    technician_id: UUID | None
    visit_id: UUID | None
    start: datetime | None
    duration_minutes: int
    received_at: datetime
    channel: str
    caller_name: str
    caller_phone: str
    customer_reference: str
    charge: str
    due_at: datetime | None
    wish_not_before: datetime | None
    wish_due: datetime | None
    wish_from: time | None
    wish_to: time | None
    wish_start: datetime | None
    waiting_for: str
    waiting_until: date | None
    waiting_note: str
    absent_count: int
    answered_at: datetime | None
    checked_at: datetime | None
    type_name: str
    priority: str  # its code
    follow_up_of: int | None  # its number
    created_by: str | None
    checked_by: str | None
    customer: CustomerSeen
    site: SiteSeen
    asset: AssetSeen | None
    contact: ContactSeen | None
    proposed_vehicle: VehicleSeen | None

    @property
    def priority_label(self) -> str:
        """What its priority is called."""
        return priority_label(self.priority)

    @property
    def target_at(self) -> datetime | None:
        """As ServiceOrder.target_at."""
        return target_left(self.due_at, self.answered_at)


OWN = (
    *("id", *OrderSeen._fields[1 : OrderSeen._fields.index("type_name")]),
    *("type__name", "priority__code", "follow_up_of__number"),
    *("created_by__name", "checked_by__name"),
)
LINKED: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("customer", CustomerSeen, ("name", "phone", "alert", "bill_to__name")),
    ("site", SiteSeen, ("name", "parent__name", *SiteSeen._fields[2:])),
    ("asset", AssetSeen, AssetSeen._fields),
    ("contact", ContactSeen, ContactSeen._fields),
    ("proposed_vehicle", VehicleSeen, VehicleSeen._fields),
)
COLUMNS = (*OWN, *(f"{link}__{name}" for link, _kind, names in LINKED for name in names))


def order_made(row: tuple[Any, ...]) -> OrderSeen:
    """The order of a row that begins with COLUMNS."""
    here, linked = len(OWN), []
    ids = dict(zip(OrderSeen._fields, row, strict=False))
    for link, kind, names in LINKED:
        there = ids[f"{link}_id"] is not None
        linked.append(kind._make(row[here : here + len(names)]) if there else None)
        here += len(names)
    return OrderSeen(*row[: len(OWN)], *linked)
