"""A day on the map: everybody's route in visiting order, and what waits to be planned.

What stands where and what is to be expected of it is the board's to tell (board.py); here it is
driven through (routes.py). As many queries for a full day as for an empty one; what a routing
server has not said of its drives before is asked of it (travel/line.py).
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import UUIDField

from callout.accounts.zone import today
from callout.kernel.actor import Actor
from callout.kernel.prepared import Given, Prepared
from callout.orders.filters import OrderFilter
from callout.orders.models import ServiceOrder
from callout.orders.numbers import order_number
from callout.orders.policy import manager_required
from callout.orders.selectors.lists import orders_among
from callout.orders.selectors.pile import Pile, PileOrder, pile_found
from callout.planning.board import Board, board_read
from callout.planning.routes import Route, Walk
from callout.travel.estimate import place
from callout.travel.line import Line, travel_lines
from callout.travel.words import estimate_words

COLOURS = 12  # of routes, in the design system
MOST_UNPLANNED = 1_000
# What an order must be found by on any day, whoever goes: the day's visits say both themselves.
WHENEVER: dict[str, Any] = {
    "day": "all",
    "date_from": None,
    "date_to": None,
    "technicians": (),
    "teams": (),
    "nobody": False,
}


@dataclass(frozen=True, slots=True)
class Unplaced:
    """An order of the day, or of the pile, whose site has no position."""

    order_id: UUID
    number: str
    bare_number: int
    site_id: UUID
    customer: str
    address: str


@dataclass(frozen=True, slots=True)
class DayMap:
    """The company's day as it is `now`. `is_estimate`: some drives are, `estimate` says how, or
    why. `unplanned_count` is how many there are to plan, in words: 1,000 are shown at most."""

    day: date
    now: datetime
    routes: list[Route]
    is_estimate: bool
    estimate: str
    unplanned: list[PileOrder] = field(default_factory=list)
    unplanned_count: str = "0"
    without_position: list[Unplaced] = field(default_factory=list)


def day_of(wanted: OrderFilter) -> date:
    """The one day that the map shows of a filter: its first, and today where it names none."""
    given = wanted.date_from or wanted.date_to
    if given is not None:
        return given
    return today() + timedelta(days=wanted.day == "tomorrow")


def map_read(*, actor: Actor, day: date, wanted: OrderFilter | None = None) -> DayMap:
    """The map of a day, of the orders that `wanted` asks for, whatever days it names. For managers.

    Its technicians and teams narrow the routes; with some of them, or of the stages alone, what is
    to plan is left out as the list leaves it out. A route without an order that is asked for is
    left out too. Invalid for a text that has no word long enough to look up.
    """
    manager_required(actor)
    wanted = wanted or OrderFilter()
    board, walks, lines = _driven(actor, day, wanted)
    if any(line.is_new for line in lines):
        # What is to be expected of the day was told without what is known of its roads now.
        board, walks, lines = _driven(actor, day, wanted)
    pile = _pile(actor, wanted)
    ids = [stop.bar.visit.order_id for walk in walks for stop in walk.shown if not stop.place]
    ids += [one.id for one in pile.orders if place(one.latitude, one.longitude) is None]
    return DayMap(
        day=day,
        now=board.now,
        routes=[walk.route(line) for walk, line in zip(walks, lines, strict=True)],
        is_estimate=any(leg.is_estimate for line in lines for leg in line.legs),
        estimate=next((line.estimate for line in lines if line.is_estimate), estimate_words()),
        unplanned=pile.orders,
        unplanned_count=pile.counts[pile.tab],
        without_position=_unplaced(ids),
    )


def _driven(actor: Actor, day: date, wanted: OrderFilter) -> tuple[Board, list[Walk], list[Line]]:
    board = board_read(actor=actor, first=day)
    working = [row for row in board.rows if row.hours or row.bars]
    walks = [Walk.of(row, number % COLOURS) for number, row in enumerate(working)]
    walks = _asked(actor, walks, wanted)
    return board, walks, travel_lines([[there for _nth, there in walk.way] for walk in walks])


def _asked(actor: Actor, walks: list[Walk], wanted: OrderFilter) -> list[Walk]:
    if wanted.technicians or (wanted.nobody and not wanted.teams):
        walks = [walk for walk in walks if walk.row.technician.pk in wanted.technicians]
    if wanted.teams:
        walks = [walk for walk in walks if walk.row.technician.team_id in wanted.teams]
    rest = wanted.but(**WHENEVER)
    if rest.but(sort=OrderFilter().sort) == OrderFilter():
        return walks
    ids = [stop.bar.visit.order_id for walk in walks for stop in walk.stops]
    asked = orders_among(actor=actor, wanted=rest, ids=ids)
    walks = [
        replace(walk, shown=[stop for stop in walk.stops if stop.bar.visit.order_id in asked])
        for walk in walks
    ]
    return [walk for walk in walks if walk.shown]


def _pile(actor: Actor, wanted: OrderFilter) -> Pile:
    days = {name: WHENEVER[name] for name in ("day", "date_from", "date_to")}
    return pile_found(
        actor=actor,
        wanted=wanted.but(**days),
        tab="waiting" if wanted.waiting == "yes" else "to_plan",
        limit=MOST_UNPLANNED,
    )


def _unplaced(ids: list[UUID]) -> list[Unplaced]:
    if not ids:
        return []
    return [
        Unplaced(
            order_id=one.pk,
            number=order_number(one.number),
            bare_number=one.number,
            site_id=one.site_id,
            customer=one.customer__name,
            address=", ".join(filter(None, (
                one.site__street, f"{one.site__postcode} {one.site__town}".strip(),
            ))),
        )
        for one in _UNPLACED.all(ids=ids)
    ]  # fmt: skip


_UNPLACED: Prepared = Prepared(  # type: ignore[type-arg]
    lambda: (
        ServiceOrder.objects.filter(pk__any=Given("ids", UUIDField()))
        .order_by("number")
        .values_list(
            "pk", "number", "site_id", "customer__name",
            "site__street", "site__postcode", "site__town", named=True,
        )
    )
)  # fmt: skip
