"""A technician's route of a day, with its stops and drives, as answers have it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from pydantic import Field

from callout.accounts.models import Company
from callout.fieldwork.selectors.positions import LastPosition
from callout.orders.models import Priority
from callout.orders.numbers import order_number
from callout.orders.words import outcome_label, status_label
from callout.planning.routes import Route, RouteLeg, Stop
from callout.travel.estimate import Place
from callout.web.api.kinds import Moment, Shape

MINUTE = timedelta(minutes=1)
Point = tuple[float, float]
DIGITS = 6  # of a degree: a tenth of a metre


class PositionOut(Shape):
    """Where a technician was last, who is en route, on site or working now."""

    at: Moment
    lng: float
    lat: float
    status: str


class TotalsOut(Shape):
    """A technician's whole day, whatever the filter leaves out of it."""

    orders: int
    driving_minutes: int
    kilometres: float
    waiting_minutes: int = Field(description="Between visits, in working hours, not driven.")
    lateness_minutes: int
    first: Moment | None = Field(description="When the first visit begins.")
    last: Moment | None = Field(description="When the last one ends.")


class StopOut(Shape):
    """A visit. `start` and `end` are its slot; `expected_*` what becomes of it."""

    order_id: UUID
    visit_id: UUID
    version: int = Field(description="Of the service order: for its moves and actions.")
    number: str
    nth: int = Field(description="Which visit of the technician's day, as it is gone to.")
    title: str
    customer: str
    town: str
    lng: float | None
    lat: float | None
    status: str = Field(
        description="planned en_route on_site working break done, or how it ended otherwise:"
        " customer_absent handed_back."
    )
    status_label: str
    stage: str
    type: str
    type_icon: str
    priority: str
    urgent: bool
    start: Moment
    end: Moment
    expected_start: Moment
    expected_end: Moment
    promise_from: Moment | None
    promise_to: Moment | None
    late_minutes: int
    pinned: bool
    open: bool
    helper: bool = Field(description="This technician goes along.")


class RouteLegOut(Shape):
    """A drive; 0 is the technician's base."""

    from_nth: int
    to_nth: int
    minutes: int
    kilometres: float
    is_estimate: bool
    done: bool
    line: list[Point] = Field(description="Longitude and latitude of each point.")


class RouteOut(Shape):
    id: UUID
    name: str
    initials: str
    colour: int = Field(description="0 to 11; the same for the whole day.")
    base: Point | None
    position: PositionOut | None
    totals: TotalsOut
    stops: list[StopOut] = Field(description="Those that the filter asks for.")
    legs: list[RouteLegOut] = Field(description="Those of the whole day.")


def route_shown(route: Route, firm: Company, position: LastPosition | None) -> dict[str, Any]:
    """A technician's day by the names that JSON has."""
    one, totals = route.technician, route.totals
    return {
        "id": one.pk,
        "name": one.name,
        "initials": one.initials,
        "colour": route.colour,
        "base": point_shown(route.base) if route.base else None,
        "position": position
        and {
            "at": position.at,
            "lng": position.longitude,
            "lat": position.latitude,
            "status": position.status,
        },
        "totals": {
            "orders": totals.orders,
            "driving_minutes": totals.driving_minutes,
            "kilometres": totals.kilometres,
            "waiting_minutes": totals.waiting // MINUTE,
            "lateness_minutes": totals.lateness // MINUTE,
            "first": totals.first,
            "last": totals.last,
        },
        "stops": [_stop(stop, firm) for stop in route.stops],
        "legs": [leg_shown(leg) for leg in route.legs],
    }


def _stop(stop: Stop, firm: Company) -> dict[str, Any]:
    bar, one = stop.bar, stop.bar.visit
    status, label = status_shown(stop)
    priority = Priority.CODES[one.priority_rank]
    return {
        "order_id": one.order_id,
        "visit_id": one.visit_id,
        "version": one.order_version,
        "number": order_number(one.number, firm),
        "nth": stop.nth,
        "title": one.title or one.type,
        "customer": one.customer,
        "town": one.town,
        "lng": one.longitude,
        "lat": one.latitude,
        "status": status,
        "status_label": label,
        "stage": one.stage,
        "type": one.type,
        "type_icon": one.type_icon,
        "priority": priority,
        "urgent": priority == "urgent",
        "start": one.start,
        "end": one.end,
        "expected_start": bar.course.start,
        "expected_end": bar.course.end,
        "promise_from": one.promise_from,
        "promise_to": one.promise_to,
        "late_minutes": bar.course.late // MINUTE,
        "pinned": one.pinned,
        "open": one.is_open,
        "helper": bar.is_helper,
    }


def status_shown(stop: Stop) -> tuple[str, str]:
    """A visit's status, or how it ended where that is not Done: its key and its word."""
    one = stop.bar.visit
    if one.outcome and one.outcome != "done":
        return one.outcome, outcome_label(one.outcome)
    return one.status, status_label(one.status)


def leg_shown(leg: RouteLeg) -> dict[str, Any]:
    """A drive by the names that JSON has."""
    return {
        "from_nth": leg.from_nth,
        "to_nth": leg.to_nth,
        "minutes": leg.leg.minutes,
        "kilometres": leg.leg.kilometres,
        "is_estimate": leg.leg.is_estimate,
        "done": leg.done,
        "line": leg.line,
    }


def point_shown(one: Place) -> Point:
    """Longitude and latitude."""
    return round(one.longitude, DIGITS), round(one.latitude, DIGITS)
