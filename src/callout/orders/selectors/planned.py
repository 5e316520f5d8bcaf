"""What is planned for a technician in a time: shown to who enters an absence over it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from callout.kernel.actor import Actor
from callout.orders import policy
from callout.orders.models import Assignment
from callout.orders.numbers import order_number


@dataclass(frozen=True, slots=True)
class Planned:
    """An open visit: of which order, at whom, when."""

    order_id: UUID
    number: str
    customer: str
    start: datetime
    end: datetime


def planned_within(
    *, actor: Actor, technician_id: UUID, start: datetime, end: datetime, most: int = 20
) -> list[Planned]:
    """The technician's open visits that touch the time, as responsible or helper, in order."""
    rows = Assignment.objects.filter(
        technician=technician_id, is_open=True, start__lt=end, end__gt=start
    )
    seen = rows.filter(visit__order__in=policy.orders_visible(actor))
    found = seen.select_related("visit__order__customer").order_by("start")[:most]
    return [
        Planned(
            order_id=row.visit.order_id,
            number=order_number(row.visit.order.number),
            customer=row.visit.order.customer.name,
            start=row.start,
            end=row.end,
        )
        for row in found
    ]
