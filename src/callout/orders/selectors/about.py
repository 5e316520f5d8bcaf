"""The order that a dialog speaks of, with the visit that it acts on."""

from uuid import UUID

from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.orders.models import Assignment, ServiceOrder
from callout.orders.selectors.detail import order_plain
from callout.orders.selectors.whole import visit_get


def order_about(*, actor: Actor, order_id: UUID, visit_id: UUID | None = None) -> ServiceOrder:
    """The order for a dialog: with the visit named in the place of its current one.

    Not to be saved. NotFound for a visit that is not the order's, or not theirs.
    """
    order = order_plain(actor=actor, order_id=order_id)
    if visit_id is None or visit_id == order.visit_id:
        return order
    visit = visit_get(actor=actor, visit_id=visit_id)
    if visit.order_id != order.pk:
        raise NotFound
    order.visit = visit
    order.helper_ids = [  # type: ignore[attr-defined]  # as order_plain annotates it
        row.technician_id for row in visit.assignments.all() if row.role == Assignment.HELPER
    ]
    return order
