"""Where a technician was: on duty, with consent, while the app was open. Lossy by design.

Not in the journal: a position is nothing that was done. It is forgotten after 60 days (tasks.py).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from callout.accounts.models import Device
from callout.fieldwork.models import Position
from callout.fieldwork.policy import CLOSING
from callout.fieldwork.tasks import POSITION_DAYS
from callout.kernel import checks, clock
from callout.kernel.actor import Actor
from callout.kernel.change import service
from callout.kernel.checks import cleaned
from callout.kernel.errors import Invalid
from callout.orders.lifecycle import UNDER_WAY
from callout.orders.models import TimelineEntry

MOST_AT_ONCE = 200
EARLY = timedelta(minutes=2)  # what two clocks may disagree by
POINT = {
    "visit": checks.id_required,
    "at": checks.moment,
    "latitude": checks.degrees(90),
    "longitude": checks.degrees(180),
    "accuracy": checks.degrees(1e9),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of the points sent: kept (or there before), and let go."""

    kept: int
    dropped: int


@service
def positions_add(
    *,
    actor: Actor,
    points: Sequence[Mapping[str, Any]],
    offset: timedelta = timedelta(0),
) -> Counted:
    """Keep the points of the actor's phone: `visit`, `at`, `latitude`, `longitude`, `accuracy`.

    Only with the device's consent, given before; only on a visit that the technician answers for,
    at a time when they were en route, on site or working there; never in a break. The rest is let
    go and counted. `offset` is the server's clock less the phone's.
    """
    consent = _consent(actor)
    if consent is None or not actor.is_technician or actor.technician_id is None:
        return Counted(0, len(points))
    read = [one for point in points[:MOST_AT_ONCE] if (one := _read(point, offset)) is not None]
    spans = _under_way(actor.technician_id, {one["visit"] for one in read})
    now = clock.now()
    rows = [
        Position(
            technician_id=actor.technician_id,
            visit_id=one["visit"],
            at=min(one["at"], now),
            latitude=one["latitude"],
            longitude=one["longitude"],
            accuracy=one["accuracy"],
        )
        for one in read
        if max(consent, now - timedelta(days=POSITION_DAYS)) <= one["at"] <= now + EARLY
        and any(start <= one["at"] < (end or now + EARLY) for start, end in spans[one["visit"]])
    ]
    Position.objects.bulk_create(rows, ignore_conflicts=True)
    return Counted(len(rows), len(points) - len(rows))


def _consent(actor: Actor) -> datetime | None:
    if actor.device_id is None or actor.user_id is None:
        return None
    device = Device.objects.filter(pk=actor.device_id, user=actor.user_id).first()
    return device.position_consent_at if device else None


def _read(point: Mapping[str, Any], offset: timedelta) -> dict[str, Any] | None:
    try:
        given = cleaned(POINT, {name: point.get(name) for name in POINT})
        given["at"] += offset
    except (Invalid, OverflowError):
        return None
    there = given["latitude"] is not None and given["longitude"] is not None
    accuracy = given["accuracy"]
    return given if there and (accuracy is None or accuracy >= 0) else None


Span = tuple[datetime, datetime | None]


def _under_way(technician_id: UUID, visits: set[UUID]) -> dict[UUID, list[Span]]:
    """When they were under way on each of these visits, as its timeline says."""
    steps = TimelineEntry.objects.filter(
        visit__in=visits,
        visit__technician=technician_id,
        technician=technician_id,
        undone_at=None,
    ).order_by("at", "id")
    spans: dict[UUID, list[Span]] = defaultdict(list)
    begun: dict[UUID, datetime] = {}
    for step in steps.exclude(action="undo"):
        visit = step.visit_id
        if visit is None:
            continue
        on = step.status in UNDER_WAY and step.action not in CLOSING
        if on and visit not in begun:
            begun[visit] = step.at
        elif not on and visit in begun:
            spans[visit].append((begun.pop(visit), step.at))
    for visit, start in begun.items():
        spans[visit].append((start, None))
    return spans
