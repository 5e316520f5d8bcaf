"""What is asked: a job to find a slot for, and the days that are looked at. Nothing is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from callout.accounts.zone import company_zone, day_bounds
from callout.planning.fit.person import Interval


@dataclass(frozen=True, slots=True)
class Ask:
    """The job to find a slot for, before or after there is an order.

    `moving` is the visit that a new slot replaces: it is not in its own way. `helper_ids` go
    along. Who goes takes the vehicle `vehicle_id`, or else what `keeps` has for them, or their own.
    `pinned` and `begun` are what the visit is that moves.
    """

    site_id: UUID
    duration_minutes: int
    type_id: UUID | None = None
    not_before: datetime | None = None
    wish_not_before: datetime | None = None
    wish_due: datetime | None = None
    wish_from: time | None = None
    wish_to: time | None = None
    due_at: datetime | None = None
    promise_from: datetime | None = None
    promise_to: datetime | None = None
    moving: UUID | None = None
    helper_ids: tuple[UUID, ...] = ()
    vehicle_id: UUID | None = None
    keeps: Mapping[UUID, UUID | None] = field(default_factory=dict)
    pinned: bool = False
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Days:
    """The company's days that are looked at, and one at either side, for nights."""

    first: date
    last: date
    zone: ZoneInfo

    @classmethod
    def around(cls, start: datetime, end: datetime) -> "Days":
        """Those of a span of time."""
        zone, one = company_zone(), timedelta(days=1)
        return cls(start.astimezone(zone).date() - one, end.astimezone(zone).date() + one, zone)

    @property
    def span(self) -> Interval:
        """From the first midnight to the last."""
        return day_bounds(self.first)[0], day_bounds(self.last)[1]
