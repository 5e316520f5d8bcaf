"""Brings the order's row in line with its visits, and says what changed to the journal."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import UUIDField

from callout.kernel.change import fields_set
from callout.kernel.prepared import Given, Prepared
from callout.kernel.text import normalise
from callout.orders.lifecycle import UNDER_WAY, Outcome, Status, stage_of
from callout.orders.models import Assignment, ServiceOrder, Visit
from callout.orders.numbers import order_number

SEARCHED_DESCRIPTION = 2000  # characters of the description that search reads


def current_visit(visits: Iterable[Visit]) -> Visit | None:
    """The open visit under way (a break is part of it), else the next planned one, else none."""
    busy = {*UNDER_WAY, Status.BREAK}
    open_ones = [visit for visit in visits if visit.is_open]
    for visit in open_ones:
        if visit.status in busy:
            return visit
    return min(open_ones, key=lambda visit: (visit.start, visit.id), default=None)


def point_at(order: ServiceOrder, visit: Visit | None, status: str | None) -> list[str]:
    """Copy `visit` (None: in New, or cancelled out of it) to the order; the fields to save."""
    order.technician_status = status
    # The database computes the same; this is for whoever holds the row.
    order.stage = stage_of(Status(status) if status else None).value
    order.visit = visit
    order.technician_id = visit.technician_id if visit else None
    order.start = visit.start if visit else None
    order.end = visit.end if visit else None
    return ["technician_status", "visit", "technician", "start", "end"]


def answer_follow(order: ServiceOrder, visits: Iterable[Visit]) -> list[str]:
    """Copy to the order when one of its `visits` first answered it; the field to save, if it is
    another moment now."""
    times = [at for visit in visits if (at := there_at(visit)) is not None]
    return fields_set(order, {"answered_at": min(times, default=None)})


def there_at(visit: Visit) -> datetime | None:
    """When somebody was first at the customer's on this visit. Who says that nobody was there, or
    that the work is done, was there; an attempt that was taken back never was."""
    if visit.entered_afterwards and visit.outcome == Outcome.UNPLANNED:
        return None
    was_there = visit.outcome in (Outcome.DONE, Outcome.CUSTOMER_ABSENT)
    times = [visit.arrived_at, visit.work_started_at, visit.closed_at if was_there else None]
    return min((at for at in times if at is not None), default=None)


ORDER = Given("order", UUIDField())
ASSIGNMENTS = Prepared(
    lambda: (
        Assignment.objects.filter(visit__order=ORDER)
        .select_related("visit")
        .order_by("visit__sequence", "id")
    )
)


def visits_of(rows: Iterable[Assignment]) -> list[Visit]:
    """The visits of an order, of its ASSIGNMENTS, which they have at hand."""
    visits: dict[UUID, Visit] = {}
    for row in rows:
        visit = visits.setdefault(row.visit_id, row.visit)
        held: dict[str, list[Assignment]] = visit.__dict__.setdefault(CACHE, {})
        held.setdefault("assignments", []).append(row)
    return list(visits.values())


# Where Django keeps what prefetch_related has fetched: `visit.assignments.all()` reads it.
CACHE = "_prefetched_objects_cache"


def audience(visits: Iterable[Visit]) -> set[UUID]:
    """The technicians who see an order with these (loaded) visits."""
    seen = [visit for visit in visits if visit.outcome != Outcome.UNPLANNED]
    return {row.technician_id for visit in seen for row in visit.assignments.all()}


def audience_of(order: ServiceOrder) -> set[UUID]:
    """The technicians who see this order now. Ask before and after a change."""
    rows = Assignment.objects.filter(visit__order=order).exclude(visit__outcome="unplanned")
    return set(rows.values_list("technician_id", flat=True))


def search_text(order: ServiceOrder) -> str:
    """What a search for this order finds: words of all that it points at, normalised."""
    asset = order.asset
    words = [
        order_number(order.number),
        order.customer.name,
        order.site.name,
        order.site.street,
        order.site.postcode,
        order.site.town,
        order.customer_reference,
        order.caller_name,
        order.caller_phone,
        order.customer.phone,
        *([asset.kind, asset.reference, asset.serial_number] if asset else []),
        order.description[:SEARCHED_DESCRIPTION],
    ]
    return normalise(" ".join(word for word in words if word))
