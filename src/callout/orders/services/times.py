"""Hours of travel, work and break, derived from what was tapped."""

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from callout.kernel.change import statement_add
from callout.kernel.ids import uuid7
from callout.kernel.prepared import Prepared
from callout.orders.lifecycle import Outcome, Status
from callout.orders.models import TimeEntry, TimelineEntry, Visit
from callout.orders.services.settle import ORDER

# On site is working time: the technician is there for this customer, tools in hand or not.
KINDS = {
    Status.EN_ROUTE: TimeEntry.TRAVEL,
    Status.ON_SITE: TimeEntry.WORK,
    Status.WORKING: TimeEntry.WORK,
    Status.BREAK: TimeEntry.BREAK,
}
# Entries that plan rather than happen: a step may truly be older than they are.
NOT_STEPS = (
    *("plan", "plan_another", "replan", "extend", "unplan", "reopen", "undo"),
    "apply_late_report",
)
GONE = "DELETE FROM orders_timeentry WHERE visit_id = %s AND derived"
ONE_GONE = "DELETE FROM orders_timeentry WHERE id = %s AND derived"
ANEW = (
    "INSERT INTO orders_timeentry"
    ' (id, created_at, version, technician_id, visit_id, kind, start, "end", derived, note) VALUES'
)
Span = tuple[UUID | None, str, datetime, datetime | None]  # technician, kind, start, end


STEPS = Prepared(
    lambda: (
        TimelineEntry.objects.filter(order=ORDER, undone_at__isnull=True)
        .exclude(action__in=NOT_STEPS)
        .defer("before")
        .order_by("at", "id")
    )
)


DERIVED = Prepared(
    lambda: TimeEntry.objects.filter(visit__order=ORDER, derived=True).values_list(
        "visit_id", "technician_id", "kind", "start", "end", "pk"
    )
)


def steps_load(visit: Visit) -> list[TimelineEntry]:
    """What happened on the visit and still stands, by true time."""
    return steps_of(visit, STEPS.all(order=visit.order_id))


def steps_of(visit: Visit, entries: list[TimelineEntry]) -> list[TimelineEntry]:
    """Those of the visit among the STEPS of its order."""
    return [entry for entry in entries if entry.visit_id == visit.pk]


def times_derive(
    visit: Visit,
    steps: list[TimelineEntry] | None = None,
    visits: Iterable[Visit] = (),
    *,
    there: Iterable[tuple[Any, ...]] | None = None,
) -> None:
    """Write the visit's derived time entries from its `steps` (read if not given).

    `visits` are those of its order, where some of them may have been told late. `there` are the
    DERIVED ones of the order, if they were read under its lock: then only what differs is written,
    else all of them anew.
    """
    steps = steps_load(visit) if steps is None else steps
    made = {span for span in spans(steps, visit, visits) if span[0] is not None}
    if there is None:
        statement_add(GONE, [visit.pk])
    else:
        stands = {tuple(span): pk for of, *span, pk in there if of == visit.pk}
        for pk in (pk for span, pk in stands.items() if span not in made):
            statement_add(ONE_GONE, [pk])
        made -= stands.keys()
    rows = [(uuid7(), span[0], visit.pk, *span[1:]) for span in sorted(made, key=_begin)]
    if rows:
        values = ", ".join(["(%s, now(), 1, %s, %s, %s, %s, %s, true, '')"] * len(rows))
        statement_add(f"{ANEW} {values}", [value for row in rows for value in row])


def _begin(span: Span) -> datetime:
    return span[2]


def spans(steps: list[TimelineEntry], visit: Visit, visits: Iterable[Visit] = ()) -> list[Span]:
    """Time spans that `steps` (by true time) make; neighbours of one kind are one span."""
    found: list[Span] = []
    for step, after in pairwise([*steps, None]):
        kind = KINDS.get(Status(step.status)) if step and step.status else None
        if step is None or kind is None:
            continue
        # A visit that ends without a step of its own (another one completed the order) ends then.
        end = after.at if after else (None if visit.is_open else visit.closed_at)
        last = found[-1] if found else None
        if last and last[:2] == (step.technician_id, kind) and last[3] == step.at:
            found[-1] = (*last[:3], end)
        else:
            found.append((step.technician_id, kind, step.at, end))
    if visit.entered_afterwards and not found and visit.outcome == Outcome.DONE:
        return [(visit.technician_id, TimeEntry.WORK, visit.start, visit.closed_at)]
    if found and not (visit.is_open or steps[-1].door == "technician"):
        found[-1] = _until_taken_over(found[-1], visit, visits)
    return [span for span in found if span[2] != span[3]]


def _until_taken_over(span: Span, visit: Visit, visits: Iterable[Visit]) -> Span:
    """The last span of a visit that the office ended while the technician had no signal: it ends
    where what they told late begins. No hour counts twice."""
    technician, kind, start, end = span
    begun = [
        other.start
        for other in visits
        if other.entered_afterwards
        and other.pk != visit.pk
        and other.outcome != Outcome.UNPLANNED
        and other.technician_id == technician
        and end is not None
        and start < other.start < end
    ]
    return technician, kind, start, min(begun, default=end)
