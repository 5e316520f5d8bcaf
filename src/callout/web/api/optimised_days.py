"""A day of an optimisation as it is drawn: routes before and after, each with its drives."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from callout.accounts.company import company
from callout.accounts.models import Company
from callout.orders.models import Priority
from callout.orders.numbers import order_number
from callout.routing.drawing import DrawnRoute, DrawnStop, optimisation_drawn
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.day_routes import Point, RouteLegOut, leg_shown, point_shown
from callout.web.api.kinds import Day, Moment, Query, Shape
from callout.web.api.optimisations import ONE
from callout.web.api.writing import found

router = Router(tags=["Planning"])


class DrawnAsked(Shape):
    """Which of its days."""

    day: Day | None = Field(None, description="Its first by default.")


class DrawnStopOut(Shape):
    """A visit, as it is or as it would be."""

    order_id: UUID
    number: str
    nth: int
    title: str
    customer: str
    town: str
    lng: float | None
    lat: float | None
    priority: str
    urgent: bool
    start: Moment
    end: Moment
    ended: bool = Field(description="It is over: the same on both sides.")


class DrawnRouteOut(Shape):
    """One technician's day, from home and back."""

    technician_id: UUID
    base: Point | None
    stops: list[DrawnStopOut]
    legs: list[RouteLegOut]


class DrawnOut(Shape):
    day: date
    days: list[date] = Field(description="All that were optimised.")
    before: list[DrawnRouteOut]
    after: list[DrawnRouteOut]


@router.get(
    f"{ONE}/routes", auth=manager_only, response=DrawnOut, summary="Read an optimised day"
)  # fmt: skip
def optimisation_day(
    request: ApiRequest, draft_id: UUID, filters: Query[DrawnAsked]
) -> HttpResponse:
    """Managers only. Both plans of one of its days as the map draws them; nothing before it is
    made."""
    drawn = optimisation_drawn(actor=request.auth, draft_id=draft_id, day=filters.day)
    firm = company()
    sides = {"before": drawn.before, "after": drawn.after}
    return found(
        {"day": drawn.day, "days": drawn.days}
        | {side: [_route(one, firm) for one in routes] for side, routes in sides.items()}
    )


def _route(one: DrawnRoute, firm: Company) -> dict[str, Any]:
    return {
        "technician_id": one.technician_id,
        "base": point_shown(one.base) if one.base else None,
        "stops": [_stop(stop, firm) for stop in one.stops],
        "legs": [leg_shown(leg) for leg in one.legs],
    }


def _stop(stop: DrawnStop, firm: Company) -> dict[str, Any]:
    order = stop.order
    priority = Priority.CODES[order.priority_id or Priority.LOW]
    return {
        "order_id": order.pk,
        "number": order_number(order.number, firm),
        "nth": stop.nth,
        "title": order.title or order.type.name,
        "customer": order.customer.name,
        "town": order.site.town,
        "lng": order.site.longitude,
        "lat": order.site.latitude,
        "priority": priority,
        "urgent": priority == "urgent",
        "start": stop.start,
        "end": stop.end,
        "ended": stop.ended,
    }
