"""What a change meant for who goes where, as the journal says it: read by `notify`."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from callout.orders.models import Visit

Plans = dict[UUID, dict[str, Any]]


def plans_of(visits: Iterable[Visit]) -> Plans:
    """Who goes on each of these (loaded) visits that is open, and when; as JSON."""
    return {
        visit.pk: {
            "technicians": sorted(str(row.technician_id) for row in visit.assignments.all()),
            "start": visit.start.isoformat(),
            "end": visit.end.isoformat(),
        }
        for visit in visits
        if visit.is_open
    }


def plans_changed(before: Plans, visits: Iterable[Visit]) -> list[dict[str, Any]]:
    """The visits whose plan is another than `before`: what it was and is (None: none was, or is
    left), and how the visit ended, if it did."""
    there = {visit.pk: visit for visit in visits}
    after = plans_of(there.values())
    return [
        {
            "visit": str(pk),
            "was": before.get(pk),
            "is": after.get(pk),
            "outcome": there[pk].outcome,
        }
        for pk in {**before, **after}
        if before.get(pk) != after.get(pk)
    ]
