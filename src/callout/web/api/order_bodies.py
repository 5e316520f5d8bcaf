"""What a service order is written with: its fields, and what an action is told."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from callout.orders.fields import OrderValues
from callout.orders.services import Command
from callout.web.api.kinds import (
    Body,
    Day,
    Flag,
    Hour,
    Ids,
    Latitude,
    Longitude,
    Minutes,
    Moment,
    Text,
)
from callout.web.api.order_shapes import ChannelCode, ChargeCode, PriorityCode, WaitingCode


class OrderFields(Body):
    """The fields of an order that create and edit share."""

    site_id: UUID | None = None
    asset_id: UUID | None = Field(None, description="Gives the site, where that is left out.")
    more_asset_ids: Ids = Field([], description="Assets besides the primary one.")
    priority_id: PriorityCode = "normal"
    technician_id: UUID | None = None
    helper_ids: Ids = Field([], description="Who goes along; needs technician_id.")
    vehicle_id: UUID | None = None
    contact_id: UUID | None = None
    description: Text = ""
    start: Moment | None = None
    allow_overlap: Flag = Field(False, description="Plan beside another visit on purpose.")
    duration_minutes: Minutes = Field(60, description="5 to 1440; the type's by default.")
    received_at: Moment | None = None
    channel: ChannelCode = "phone"
    caller_name: Text = ""
    caller_phone: Text = ""
    customer_reference: Text = ""
    charge: ChargeCode = "chargeable"
    follow_up_of_id: UUID | None = None
    wish_not_before: Moment | None = None
    wish_due: Moment | None = None
    wish_from: Hour | None = None
    wish_to: Hour | None = None


class OrderNew(OrderFields):
    """A new order: with `technician_id` it is planned at once (at `start`, or in the first free
    slot); without it waits in New, and `start` and `vehicle_id` are kept as wish and proposal."""

    customer_id: UUID
    type_id: UUID


class OrderPatch(OrderFields):
    """The fields to change. Those left out stay. The plan of an order is changed by its actions;
    in New, `start` and `vehicle_id` are the wish and the proposal."""

    customer_id: UUID | None = None
    type_id: UUID | None = None
    waiting_for: WaitingCode = ""
    waiting_until: Day | None = None
    waiting_note: Text = ""


class ActionBody(Body):
    """What an action may be told; each reads what concerns it."""

    visit_id: UUID | None = Field(None, description="The current visit by default.")
    occurred_at: Moment | None = Field(None, description="When it truly happened; now by default.")
    reason_id: UUID | None = Field(
        None, description="hand-back, cancel (one of reason and note is required), customer-absent"
    )
    note: Text = ""
    technician_id: UUID | None = None
    helper_ids: Ids | None = None
    vehicle_id: UUID | None = None
    start: Moment | None = Field(None, description="The first free slot by default.")
    duration_minutes: Minutes | None = Field(
        None, description="The slot's length; for extend how much longer it takes."
    )
    expected_end: Moment | None = Field(None, description="extend: instead of duration_minutes")
    allow_overlap: Flag = False
    latitude: Latitude | None = Field(None, description="customer-absent: where")
    longitude: Longitude | None = None
    other_action: Literal["", "complete", "break"] = Field(
        "", description="What became of the visit that the technician is still under way on."
    )
    other_at: Moment | None = None

    def command(self) -> Command:
        """The same for the service."""
        values = self.given()
        if values.get("helper_ids") is not None:
            values["helper_ids"] = tuple(values["helper_ids"])
        return Command(**values)


PLAN = ("technician_id", "helper_ids", "allow_overlap", "start", "vehicle_id")
WAITING = ("waiting_for", "waiting_until", "waiting_note")


def order_values(body: OrderFields) -> OrderValues:
    """The fields of the order itself that were sent, by the names of the services."""
    given = {n: v for n, v in body.given().items() if n not in PLAN and n not in WAITING}
    if "priority_id" in given:
        given["priority"] = given.pop("priority_id")
    if given.get("received_at", "") is None:
        del given["received_at"]
    values: OrderValues = given  # type: ignore[assignment]  # the service checks each
    return values
