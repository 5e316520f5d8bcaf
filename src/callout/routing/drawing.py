"""A day of an optimisation as it is drawn: each route with its stops and drives, before and after.

The plan itself is the draft's; here its rows are read and its ways are asked for. As many queries
for a full day as for an empty one.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from callout.accounts.zone import today
from callout.kernel.actor import Actor
from callout.orders.models import ServiceOrder
from callout.planning.board import board_read
from callout.planning.routes import RouteLeg, way_legs, way_round
from callout.routing.selectors import optimisation_read
from callout.travel.areas import place_at
from callout.travel.estimate import Place
from callout.travel.line import travel_lines
from callout.workforce.models import Technician

Told = dict[str, Any]

READ = (
    "number", "title", "customer__name", "type__name", "priority_id",
    *(f"site__{name}" for name in ("town", "postcode", "latitude", "longitude")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DrawnStop:
    """A visit as it is, or would be, gone to; `place` is None where its site has no position.
    `ended` ones lie behind the plan and are the same on both sides."""

    nth: int
    order: ServiceOrder
    place: Place | None
    start: datetime
    end: datetime
    ended: bool


@dataclass(frozen=True, slots=True)
class DrawnRoute:
    """One technician's day, from home and back."""

    technician_id: UUID
    base: Place | None
    stops: list[DrawnStop]
    legs: list[RouteLeg]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One day of the `days` that were optimised."""

    day: date
    days: list[date]
    before: list[DrawnRoute]
    after: list[DrawnRoute]


def optimisation_drawn(*, actor: Actor, draft_id: UUID, day: date | None = None) -> Drawn:
    """Its first day where none is asked for; a day that was not optimised has no routes."""
    draft = optimisation_read(actor=actor, draft_id=draft_id).draft
    days = [date.fromisoformat(one) for one in draft.parameters["days"]]
    day = day or days[0]
    kept: Mapping[str, list[dict[str, Any]]] = draft.figures.get("routes", {})
    ended = _ended(actor, day, {one["technician_id"] for side in kept.values() for one in side})
    told = [
        _behind(ended, [one for one in kept.get(side, []) if one["day"] == day.isoformat()])
        for side in ("before", "after")
    ]
    before, after = _drawn(told)
    return Drawn(day, days, before, after)


def _ended(actor: Actor, day: date, chosen: Collection[str]) -> dict[str, list[Told]]:
    """By technician, of those who are planned for, what they have behind them on that day."""
    if not chosen or day > today():
        return {}
    found = {}
    for row in board_read(actor=actor, first=day).rows:
        bars = sorted(row.bars, key=lambda bar: bar.course.start)
        over = [
            {
                "order_id": str(bar.visit.order_id),
                "start": bar.course.start.isoformat(),
                "end": bar.course.end.isoformat(),
                "ended": True,
            }
            for bar in bars
            if not bar.visit.is_open and not bar.is_helper
        ]
        if over and str(row.technician.pk) in chosen:
            found[str(row.technician.pk)] = over
    return found


def _behind(ended: Mapping[str, list[Told]], routes: list[Told]) -> list[Told]:
    """The routes of a side, each after what is over."""
    ahead = {one["technician_id"]: one["stops"] for one in routes}
    return [
        {"technician_id": who, "stops": [*ended.get(who, []), *ahead.get(who, [])]}
        for who in {**ended, **ahead}
    ]


def _drawn(sides: list[list[Told]]) -> list[list[DrawnRoute]]:
    """Each side's routes; whose technician or order is there no more is left out."""
    routes = [one for side in sides for one in side]
    people = Technician.objects.in_bulk({one["technician_id"] for one in routes})
    orders = (
        ServiceOrder.objects.select_related("customer", "site", "type")
        .only(*READ)
        .in_bulk({stop["order_id"] for one in routes for stop in one["stops"]})
    )
    bases = {pk: place_at(one.latitude, one.longitude, one.postcode) for pk, one in people.items()}
    walked = [
        [
            (who, _stops(one["stops"], orders))
            for one in side
            if (who := UUID(one["technician_id"])) in people
        ]
        for side in sides
    ]
    ways = [
        [way_round(bases[who], [(stop.nth, stop.place) for stop in stops]) for who, stops in side]
        for side in walked
    ]
    lines = iter(travel_lines([[there for _nth, there in way] for side in ways for way in side]))
    return [
        [
            DrawnRoute(who, bases[who], stops, way_legs(way, next(lines)))
            for (who, stops), way in zip(side, gone, strict=True)
        ]
        for side, gone in zip(walked, ways, strict=True)
    ]


def _stops(told: list[Told], orders: Mapping[UUID, ServiceOrder]) -> list[DrawnStop]:
    known = [(one, order) for one in told if (order := orders.get(UUID(one["order_id"])))]
    return [
        DrawnStop(
            nth,
            order,
            place_at(order.site.latitude, order.site.longitude, order.site.postcode),
            datetime.fromisoformat(one["start"]),
            datetime.fromisoformat(one["end"]),
            ended=one.get("ended", False),
        )
        for nth, (one, order) in enumerate(known, 1)
    ]
