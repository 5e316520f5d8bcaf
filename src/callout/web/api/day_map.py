"""The map of a day: everybody's route, and what waits to be planned, at their places."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from callout.accounts.company import company
from callout.accounts.zone import today
from callout.fieldwork.selectors.positions import LastPosition, positions_last
from callout.orders.selectors.pile import PileOrder
from callout.planning.map import DayMap, Unplaced, map_read
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.day_routes import RouteOut, route_shown
from callout.web.api.kinds import Day, Moment, Query, Shape
from callout.web.api.order_filter import OrderFilters, filter_of, sent_names
from callout.web.api.writing import found

router = Router()


class MapAsked(OrderFilters):
    """Which day, and which of its orders; several values of one filter with commas between."""

    day: Day | None = Field(None, description="Today by default.")


class UnplannedOut(Shape):
    """An order to plan."""

    order_id: UUID
    version: int
    number: str
    title: str
    customer: str
    town: str
    lng: float | None
    lat: float | None
    type: str
    type_icon: str
    priority: str
    urgent: bool
    due: Moment | None = Field(description="The response target.")
    left: str = Field(description="How that stands, in words.")
    duration_minutes: int


class UnplacedOut(Shape):
    """An order whose site has no position."""

    order_id: UUID
    number: str
    site_id: UUID
    customer: str
    address: str


class MapOut(Shape):
    day: date
    now: Moment
    is_estimate: bool = Field(description="Some of its drives are estimates.")
    estimate: str = Field(description="How drives are estimated, or why, in words.")
    technicians: list[RouteOut]
    unplanned: list[UnplannedOut] = Field(description="The most urgent first; 1,000 at most.")
    unplanned_count: str = Field(description="How many there are; exact up to 1,000.")
    without_position: list[UnplacedOut]


@router.get(
    "/planning/map",
    auth=manager_only,
    response=MapOut,
    summary="Read the map of a day",
    tags=["Planning"],
)
def planning_map(request: ApiRequest, filters: Query[MapAsked]) -> HttpResponse:
    """Technicians who work that day or have visits, by name, each with their route; managers only.

    Filters narrow the stops and leave out routes without one; numbers, legs and totals stay those
    of the whole day. A technician's position is told of today alone.
    """
    day = filters.day or today()
    with sent_names():
        wanted = filter_of(filters.model_dump(exclude={"day"}))
        seen = map_read(actor=request.auth, day=day, wanted=wanted)
    positions = positions_last(actor=request.auth) if day == today() else {}
    return found(map_shown(seen, positions))


def map_shown(found: DayMap, positions: Mapping[UUID, LastPosition]) -> dict[str, Any]:
    """The map by the names that JSON has."""
    firm = company()
    return {
        "day": found.day,
        "now": found.now,
        "is_estimate": found.is_estimate,
        "estimate": found.estimate,
        "technicians": [
            route_shown(route, firm, positions.get(route.technician.pk)) for route in found.routes
        ],
        "unplanned": [_unplanned(one) for one in found.unplanned],
        "unplanned_count": found.unplanned_count,
        "without_position": [_unplaced(one) for one in found.without_position],
    }


def _unplanned(one: PileOrder) -> dict[str, Any]:
    return {
        "order_id": one.id,
        "version": one.version,
        "number": one.number,
        "title": one.title,
        "customer": one.customer,
        "town": one.town,
        "lng": one.longitude,
        "lat": one.latitude,
        "type": one.type,
        "type_icon": one.type_icon,
        "priority": one.priority,
        "urgent": one.priority == "urgent",
        "due": one.due_at,
        "left": one.left,
        "duration_minutes": one.duration_minutes,
    }


def _unplaced(one: Unplaced) -> dict[str, Any]:
    return {
        "order_id": one.order_id,
        "number": one.number,
        "site_id": one.site_id,
        "customer": one.customer,
        "address": one.address,
    }
