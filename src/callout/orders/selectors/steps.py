"""The steps of an order's visits, as they truly happened: what a correction names."""

from uuid import UUID

from django.db.models import QuerySet

from callout.kernel.actor import Actor
from callout.kernel.paging import Page, page
from callout.orders.models import TimelineEntry
from callout.orders.selectors.whole import order_seen
from callout.orders.services.times import NOT_STEPS


def step_list(
    *, actor: Actor, order_id: UUID, cursor: str | None = None, limit: int = 50
) -> Page[TimelineEntry]:
    """What stands, by true time. A technician gets the steps of the visits they answered for."""
    order_seen(actor=actor, order_id=order_id)
    rows = steps_standing(actor).filter(order=order_id).select_related("actor")
    return page(rows, ("at", "id"), cursor=cursor, limit=limit)


def steps_standing(actor: Actor) -> QuerySet[TimelineEntry]:
    """Of all orders: narrow it."""
    rows = TimelineEntry.objects.filter(visit__isnull=False, undone_at=None)
    rows = rows.exclude(action__in=NOT_STEPS).defer("before")
    return rows if actor.is_manager else rows.filter(technician=actor.technician_id)
