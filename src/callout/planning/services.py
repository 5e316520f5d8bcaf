"""What the doors call: "create and plan" in one, and actions with the slot filled in."""

from dataclasses import replace
from typing import Unpack
from uuid import UUID

from callout.kernel.actor import Actor
from callout.kernel.change import service
from callout.kernel.errors import NotFound
from callout.orders import services as orders
from callout.orders.fields import OrderValues
from callout.orders.models import ServiceOrder
from callout.orders.policy import orders_visible
from callout.orders.services import Command
from callout.planning.selectors import ask_for_order, slot_next
from callout.workforce.models import Technician


@service
def order_create_and_plan(
    *, actor: Actor, command: Command | None = None, **values: Unpack[OrderValues]
) -> ServiceOrder:
    """Record an order, and plan it at once when `command` names a technician.

    Without `command.start` it takes the technician's first free slot. Without a technician it
    waits in New: a start is kept as the wish, a vehicle as the proposal. All or nothing.
    """
    command = command or Command()
    if command.duration_minutes is not None:
        values.setdefault("duration_minutes", command.duration_minutes)
    if command.technician_id is None:
        if command.start is not None:
            values["wish_start"] = command.start
        if command.vehicle_id is not None:
            values["proposed_vehicle_id"] = command.vehicle_id
        return orders.order_create(actor=actor, **values)
    draft = orders.order_draft(actor=actor, **values)
    # Under the technician's lock the slot found is still free when the visit is written.
    technicians = orders.technicians_lock([command.technician_id, *(command.helper_ids or ())])
    found = command.start is None
    if found:
        command = _with_first_slot(actor, draft.order, command, technicians)
    return orders.order_create_planned(draft, command, technicians, found_free=found)


@service
def order_act(
    *,
    actor: Actor,
    order_id: UUID,
    action: str,
    command: Command | None = None,
    version: int | None = None,
) -> ServiceOrder:
    """Do an action of the lifecycle table: `orders.services.order_act`, with the slot filled in.

    Plan and Plan another without a start take the named technician's first free slot.
    """
    command = command or Command()
    if action in ("plan", "plan_another") and command.technician_id and command.start is None:
        command = _for_order(actor, order_id, command)
    return orders.order_act(
        actor=actor, order_id=order_id, action=action, command=command, version=version
    )


def _for_order(actor: Actor, order_id: UUID, command: Command) -> Command:
    order = orders_visible(actor).select_related("site", "visit").filter(pk=order_id).first()
    if order is None:
        raise NotFound
    technicians = orders.technicians_lock([command.technician_id, *(command.helper_ids or ())])
    return _with_first_slot(actor, order, command, technicians)


def _with_first_slot(
    actor: Actor, order: ServiceOrder, command: Command, technicians: dict[UUID, Technician]
) -> Command:
    technician = technicians.get(command.technician_id or UUID(int=0))
    ask = ask_for_order(order, command.duration_minutes)
    # Who is archived is refused by the plan itself, in its own words.
    helpers = [
        row
        for row in map(technicians.get, command.helper_ids or ())
        if row is not None and row is not technician and row.archived_at is None
    ]
    start, end = slot_next(
        actor=actor, technician=technician, ask=ask, site=order.site, helpers=helpers
    )
    minutes = int((end - start).total_seconds() // 60)
    return replace(command, start=start, duration_minutes=minutes)
