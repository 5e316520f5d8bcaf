"""Hours of travel, work and break, derived from what was tapped."""

from datetime import datetime
from itertools import pairwise
from uuid import UUID

from callout.orders.lifecycle import Outcome, Status
from callout.orders.models import TimeEntry, TimelineEntry, Visit

# On site is working time: the technician is there for this customer, tools in hand or not.
KINDS = {
    Status.EN_ROUTE: TimeEntry.TRAVEL,
    Status.ON_SITE: TimeEntry.WORK,
    Status.WORKING: TimeEntry.WORK,
    Status.BREAK: TimeEntry.BREAK,
}
Span = tuple[UUID | None, str, datetime, datetime | None]  # technician, kind, start, end


def times_derive(visit: Visit) -> None:
    """Write the visit's derived time entries anew from its timeline."""
    rows = visit.timeline.filter(undone_at__isnull=True).exclude(action__in=["undo", "extend"])
    steps = list(rows.order_by("at", "id"))
    TimeEntry.objects.filter(visit=visit, derived=True).delete()
    TimeEntry.objects.bulk_create(
        TimeEntry(
            visit=visit, technician_id=technician, kind=kind, start=start, end=end, derived=True
        )
        for technician, kind, start, end in spans(steps, visit)
        if technician is not None
    )


def spans(steps: list[TimelineEntry], visit: Visit) -> list[Span]:
    """Time spans that `steps` (by true time) make; neighbours of one kind are one span."""
    if visit.entered_afterwards:
        done = visit.outcome == Outcome.DONE
        return [(visit.technician_id, TimeEntry.WORK, visit.start, visit.closed_at)] * done
    found: list[Span] = []
    for step, after in pairwise([*steps, None]):
        kind = KINDS.get(Status(step.status)) if step and step.status else None
        if step is None or kind is None or (after is None and not visit.is_open):
            continue
        end = after.at if after else None
        last = found[-1] if found else None
        if last and last[:2] == (step.technician_id, kind) and last[3] == step.at:
            found[-1] = (*last[:3], end)
        else:
            found.append((step.technician_id, kind, step.at, end))
    return [span for span in found if span[2] != span[3]]
