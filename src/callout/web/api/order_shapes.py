"""How a service order reads."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from callout.accounts.zone import today
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.orders.models import Assignment, ServiceOrder, Visit
from callout.orders.numbers import order_number
from callout.orders.selectors.late import is_late
from callout.orders.selectors.whole import OrderWhole
from callout.web.api.kinds import Created, Linked, Shape
from callout.web.api.links import link_values

StageCode = Literal["new", "planned", "completed", "cancelled"]
StatusCode = Literal["planned", "en_route", "on_site", "working", "break", "done", "cancelled"]
OutcomeCode = Literal["done", "customer_absent", "handed_back", "unplanned", "cancelled"]
PriorityCode = Literal["low", "normal", "high", "urgent"]
ChannelCode = Literal["phone", "email", "form", "visit", "internal"]
ChargeCode = Literal["chargeable", "warranty", "contract", "goodwill"]
WaitingCode = Literal["", "part", "customer", "access", "approval", "weather"]


class PriorityLinked(Shape):
    """A priority: its id is its code."""

    id: PriorityCode
    name: str


class OrderLinked(Shape):
    """Another service order."""

    id: UUID
    name: str = Field(description="Its number as people read it.")


class VisitOut(Created):
    """One attempt to carry out an order."""

    sequence: int
    current: bool = Field(description="Whether it is the order's current visit.")
    technician: Linked = Field(description="Who answers for it.")
    helpers: list[Linked]
    vehicle: Linked | None
    start: datetime
    end: datetime
    expected_end: datetime | None
    status: StatusCode
    outcome: OutcomeCode | None = Field(description="Null while the visit is open.")
    allow_overlap: bool
    pinned: bool
    entered_afterwards: bool
    promise_from: datetime | None
    promise_to: datetime | None
    departed_at: datetime | None
    arrived_at: datetime | None
    work_started_at: datetime | None
    closed_at: datetime | None
    reason: Linked | None
    note: str = Field(description="What was said when it ended.")


class VisitAlone(VisitOut):
    """A visit apart from its order."""

    order: OrderLinked


class OrderOut(Created):
    """A service order as it stands. Fields marked (managers) are left out for technicians."""

    number: str = Field(description="As people read it.", examples=["SO-000123"])
    number_value: int = Field(description="The bare running number.", examples=[123])
    stage: StageCode
    technician_status: StatusCode | None = Field(description="Null in New.")
    title: str = Field(description="The first line of the description.")
    customer: Linked
    site: Linked
    asset: Linked | None
    more_assets: list[Linked]
    type: Linked
    priority: PriorityLinked
    technician: Linked | None = Field(description="Who answers for the current visit.")
    vehicle: Linked | None = Field(description="Of the current visit; in New the proposal.")
    contact: Linked | None
    description: str
    start: datetime | None = Field(description="Planned start of the current visit.")
    end: datetime | None
    duration_minutes: int
    absent_count: int = Field(description="How often the customer was absent.")
    caller_name: str
    caller_phone: str
    customer_reference: str
    received_at: datetime
    due_at: datetime | None = Field(description="The response target.")
    answered_at: datetime | None = Field(
        description="When somebody was first at the customer's, on any visit: that answers it."
    )
    late: bool = Field(description="As the filter `late` finds it.")
    wish_not_before: datetime | None
    wish_due: datetime | None
    wish_from: str | None
    wish_to: str | None
    closed_at: datetime | None
    visits: list[VisitOut]
    actions: list[str] = Field(description="Open to the reader now.", examples=[["depart", "undo"]])
    # managers
    wish_start: datetime | None = Field(None, description="(managers) A date given while in New.")
    channel: ChannelCode = Field("phone", description="(managers)")
    charge: ChargeCode = Field("chargeable", description="(managers)")
    follow_up_of: OrderLinked | None = Field(None, description="(managers)")
    waiting_for: WaitingCode = Field("", description="(managers)")
    waiting_until: date | None = Field(None, description="(managers)")
    waiting_note: str = Field("", description="(managers)")
    created_at: datetime | None = Field(None, description="(managers)")
    created_by: Linked | None = Field(None, description="(managers)")
    checked_at: datetime | None = Field(None, description="(managers)")
    checked_by: Linked | None = Field(None, description="(managers)")


class OrderList(Shape):
    items: list[OrderOut]
    next: str | None


def order_shown(actor: Actor, whole: OrderWhole) -> dict[str, Any]:
    """The order for this reader, by an explicit list of fields: the values of an `OrderOut`."""
    order, visit = whole.order, whole.visit
    proposed = order.proposed_vehicle if actor.is_manager and order.visit_id is None else None
    fields: dict[str, Any] = {
        "id": order.pk,
        "version": order.version,
        "number": order_number(order.number),
        "number_value": order.number,
        "customer": link_values(order.customer),
        "site": link_values(order.site),
        "asset": link_values(order.asset),
        "more_assets": [link_values(asset) for asset in whole.more_assets],
        "type": link_values(order.type),
        "priority": {"id": order.priority.code, "name": order.priority.label},
        "technician": link_values(visit.technician) if visit else None,
        "vehicle": link_values(visit.vehicle if visit else proposed),
        "contact": link_values(order.contact),
        "start": visit.start if visit else None,
        "end": visit.end if visit else None,
        "wish_from": _hour(order.wish_from),
        "wish_to": _hour(order.wish_to),
        "late": is_late(order, visit, clock.now(), today()),
        "visits": [visit_shown(visit, order) for visit in whole.visits],
        "actions": [code.replace("_", "-") for code in whole.actions],
        **{name: getattr(order, name) for name in PLAIN},
    }
    if actor.is_manager:
        fields |= _managers_fields(whole)
    return fields


# Read as they are by everybody who sees the order.
PLAIN = (
    *("stage", "technician_status", "title", "description", "duration_minutes", "absent_count"),
    *("caller_name", "caller_phone", "customer_reference", "received_at", "due_at"),
    *("answered_at", "closed_at"),
    *("wish_not_before", "wish_due"),
)
MANAGERS = (
    *("wish_start", "channel", "charge", "waiting_for", "waiting_until", "waiting_note"),
    *("created_at", "checked_at"),
)


def _managers_fields(whole: OrderWhole) -> dict[str, Any]:
    order = whole.order
    followed = order.follow_up_of
    return {
        "follow_up_of": followed and _order_named(followed),
        "created_by": _person(whole, order.created_by_id),
        "checked_by": _person(whole, order.checked_by_id),
        **{name: getattr(order, name) for name in MANAGERS},
    }


def _person(whole: OrderWhole, user_id: UUID | None) -> dict[str, Any] | None:
    return {"id": user_id, "name": whole.people.get(user_id, "")} if user_id else None


def _order_named(order: ServiceOrder) -> dict[str, Any]:
    return {"id": order.pk, "name": order_number(order.number)}


def _hour(value: Any) -> str | None:
    return None if value is None else f"{value:%H:%M}"


def visit_shown_alone(visit: Visit) -> dict[str, Any]:
    """A visit that the reader sees, with its order named: the values of a `VisitAlone`."""
    return {**visit_shown(visit, visit.order), "order": _order_named(visit.order)}


def visit_shown(visit: Visit, order: ServiceOrder) -> dict[str, Any]:
    """The same within its order: the values of a `VisitOut`."""
    helpers = [row.technician for row in visit.assignments.all() if row.role == Assignment.HELPER]
    return {
        "id": visit.pk,
        "current": visit.pk == order.visit_id,
        "technician": link_values(visit.technician),
        "helpers": [link_values(technician) for technician in helpers],
        "vehicle": link_values(visit.vehicle),
        "reason": link_values(visit.reason),
        "note": visit.closing_note,
        **{name: getattr(visit, name) for name in VISIT_PLAIN},
    }


VISIT_PLAIN = (
    *("version", "sequence", "start", "end", "expected_end", "status", "outcome", "allow_overlap"),
    *("pinned", "entered_afterwards", "promise_from", "promise_to", "departed_at", "arrived_at"),
    *("work_started_at", "closed_at"),
)
