"""What an action replaced, kept with its timeline entry, so that it can be taken back.

Each timeline entry keeps what its action replaced: `{"order": {field: value}, "visits": {id:
{field: value, "helpers": [ids]}}, "created": id}`, for the order and its open or current visits;
and `"with": id` of the entry that one gesture made just before (reopened and planned in one, two
visits moved together). A visit whose promise the action replaced has that one too, and
`"promise_made"`, the moment of the new one: a promise made since then stays.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from callout.orders.models import ServiceOrder, Visit
from callout.orders.services.booking import visit_helpers
from callout.orders.services.command import PROMISE_FIELDS, as_json

ORDER_FIELDS = (
    *("technician_status", "visit_id", "technician_id", "start", "end"),
    *("absent_count", "closed_at", "waiting_for", "waiting_until", "waiting_note"),
)
# Pin and promise are not here: they are changed by services of their own. A promise that the action
# itself has made is kept beside them.
VISIT_FIELDS = (
    *("technician_id", "vehicle_id", "start", "end", "expected_end", "allow_overlap"),
    *("status", "before_break", "outcome", "is_open"),
    *("departed_at", "arrived_at", "work_started_at", "closed_at"),
    *("reason_id", "closing_note", "closing_latitude", "closing_longitude"),
)
KEPT_FIELDS = (*ORDER_FIELDS, *VISIT_FIELDS, *PROMISE_FIELDS)
TIMES = {
    n for n in KEPT_FIELDS if n.endswith(("_at", "start", "end", "promise_from", "promise_to"))
}


def kept(order: ServiceOrder, visits: list[Visit]) -> dict[str, Any]:
    """What an action is about to replace, as JSON: the order and its open or current visits."""
    rows = [visit for visit in visits if visit.is_open or visit.pk == order.visit_id]
    return {
        "order": {name: as_json(getattr(order, name)) for name in ORDER_FIELDS},
        "visits": {
            str(visit.pk): {name: as_json(getattr(visit, name)) for name in VISIT_FIELDS}
            | {"helpers": [str(one) for one in visit_helpers(visit)]}
            for visit in rows
        },
    }


def going_before(kept_ones: Iterable[Mapping[str, Any]]) -> set[UUID]:
    """All who go on visits as entries have kept them."""
    rows = [row for before in kept_ones for row in before.get("visits", {}).values()]
    return {UUID(one) for row in rows for one in (row["technician_id"], *row["helpers"])}


def kept_read(name: str, value: Any) -> Any:
    """The value that a field of this name had."""
    if value is None:
        return None
    if name in TIMES:
        return datetime.fromisoformat(value)
    if name == "waiting_until":
        return date.fromisoformat(value)
    return UUID(value) if name.endswith("_id") else value
