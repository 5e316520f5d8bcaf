"""Reopened and planned again in one breath: a closed card dragged to Planned."""

from dataclasses import replace
from uuid import UUID

from callout.kernel.actor import Actor
from callout.kernel.change import service
from callout.kernel.errors import NotFound
from callout.orders import policy
from callout.orders.models import ServiceOrder
from callout.orders.services import Command
from callout.orders.services.booking import technicians_lock
from callout.planning.services import order_act


@service
def order_reopen_and_plan(
    *, actor: Actor, order_id: UUID, command: Command, version: int | None = None
) -> ServiceOrder:
    """Reopen an order that has ended and plan it as `command` says: both or nothing.

    One gesture: Undo takes both back.
    """
    order = policy.orders_visible(actor).filter(pk=order_id).first()
    if order is None:
        raise NotFound
    # All technicians before the order's own row, as every planning service does.
    wanted = {order.technician_id, command.technician_id, *(command.helper_ids or ())}
    technicians_lock(one for one in wanted if one is not None)
    order_act(actor=actor, order_id=order_id, action="reopen", version=version)
    command = replace(command, with_last=True)
    return order_act(actor=actor, order_id=order_id, action="plan", command=command)
