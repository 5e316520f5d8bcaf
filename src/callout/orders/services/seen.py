"""What is planned has been seen by whoever goes: the office sees that, and calls less."""

from datetime import datetime
from uuid import UUID

from callout.kernel import clock, journal
from callout.kernel.actor import Actor
from callout.kernel.change import rows_lock, service
from callout.kernel.errors import NotFound
from callout.orders import policy
from callout.orders.models import Assignment


@service
def order_see(
    *, actor: Actor, order_id: UUID, visit_id: UUID | None = None, at: datetime | None = None
) -> None:
    """The technician has opened the order's page: noted once for each plan of an open visit.

    With `visit_id` of that visit alone; `at` is when, by default now.

    Their own assignments alone, a helper's too; whoever has none there gets NotFound. No version is
    raised: a form that the office has open is not out of date by it.
    """
    if not actor.is_technician or actor.technician_id is None:
        raise NotFound
    own = policy.own_assignments(actor.technician_id).filter(visit__order=order_id)
    if visit_id is not None:
        own = own.filter(visit=visit_id)
    if not own.exists():
        raise NotFound
    # Locked, so that of two pages opened at once the second finds nothing left to note.
    seen = rows_lock(own.filter(is_open=True, seen_at=None))
    if not seen:
        return
    now = at or clock.now()
    Assignment.objects.filter(pk__in=[one.pk for one in seen]).update(seen_at=now)
    journal.record(
        actor,
        entity="service_order",
        entity_id=order_id,
        kind="see",
        facts={
            "visits": [str(one.visit_id) for one in seen],
            "technician": str(actor.technician_id),
        },
        at=now,
    )
