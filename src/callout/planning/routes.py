"""A technician's route of a day: its stops as they are gone to, its drives, and what they add up
to."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from callout.planning.board import Member, Row
from callout.planning.board_day import Bar
from callout.planning.fit.course import BEGUN
from callout.travel.areas import place_at
from callout.travel.estimate import Leg, Place
from callout.travel.line import Line
from callout.travel.osrm import Points
from callout.workforce.hours import Interval

NOTHING = timedelta()
Way = list[tuple[int, Place]]  # by `nth`, as they are gone to


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit of a route, the how manieth it is, and where; None for a site without a position."""

    nth: int
    bar: Bar
    place: Place | None


@dataclass(frozen=True, slots=True)
class RouteLeg:
    """A drive between two stops by their `nth`; 0 is the technician's base, at both ends of the
    day. `line` is the way as GeoJSON has it. `done`: they have arrived."""

    from_nth: int
    to_nth: int
    leg: Leg
    line: Points
    done: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """A route added up. `waiting` is the time between visits, within working hours, that is not
    driven; `first` and `last`: when the first visit begins and the last one ends."""

    orders: int
    driving_minutes: int
    kilometres: float
    waiting: timedelta
    lateness: timedelta
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Route:
    """A technician's day. `legs` and `totals` are of the whole of it, `stops` those that the filter
    asks for, numbered as they are in the whole."""

    technician: Member
    colour: int
    base: Place | None
    stops: list[Stop]
    legs: list[RouteLeg]
    totals: Totals


def way_round(base: Place | None, stops: Iterable[tuple[int, Place | None]]) -> Way:
    """From the base and back, through every stop that has a place; without one, nowhere."""
    way = [(nth, there) for nth, there in stops if there]
    ends = [(0, base)] if base and way else []
    return [*ends, *way, *ends]


def way_legs(way: Way, line: Line, arrived: Collection[int] = ()) -> list[RouteLeg]:
    """The drives of a way; `arrived` are the stops that are reached."""
    return [
        RouteLeg(here, there, leg, part, there in arrived)
        for ((here, _), (there, _)), leg, part in zip(
            pairwise(way), line.legs, line.parts, strict=True
        )
    ]


@dataclass(frozen=True, slots=True)
class Walk:
    """A technician's day before its drives are known; `shown` are the stops asked for."""

    row: Row
    colour: int
    base: Place | None
    stops: list[Stop]
    way: Way
    shown: list[Stop]

    @classmethod
    def of(cls, row: Row, colour: int) -> "Walk":
        """Through all visits of the row."""
        # In the sequence in which they were, or will be, gone to: the slots are only the plan.
        bars = sorted(row.bars, key=lambda bar: bar.course.start)
        stops = [Stop(number, bar, _place(bar)) for number, bar in enumerate(bars, 1)]
        base = place_at(*row.technician.base)
        way = way_round(base, [(stop.nth, stop.place) for stop in stops])
        return cls(row, colour, base, stops, way, stops)

    def route(self, line: Line) -> Route:
        """With its drives."""
        arrived = {stop.nth for stop in self.stops if _arrived(stop)}
        legs = way_legs(self.way, line, arrived)
        totals = _totals(self.stops, legs, self.row.hours)
        return Route(self.row.technician, self.colour, self.base, self.shown, legs, totals)


def _place(bar: Bar) -> Place | None:
    visit = bar.visit
    return place_at(visit.latitude, visit.longitude, visit.postcode)


def _arrived(stop: Stop) -> bool:
    visit = stop.bar.visit
    return not visit.is_open or visit.status in BEGUN


def _totals(stops: Sequence[Stop], legs: Iterable[RouteLeg], hours: list[Interval]) -> Totals:
    driven = {leg.to_nth: leg.leg for leg in legs}
    courses = [stop.bar.course for stop in stops]
    waiting = NOTHING
    free_from: datetime | None = None
    for stop, course in zip(stops, courses, strict=True):
        if free_from is not None:
            leg = driven.get(stop.nth)
            there = free_from + timedelta(minutes=leg.minutes if leg else 0)
            waiting += _worked_between(there, course.start, hours)
        free_from = max(free_from, course.end) if free_from else course.end
    return Totals(
        orders=len(stops),
        driving_minutes=sum(leg.minutes for leg in driven.values()),
        kilometres=round(sum(leg.kilometres for leg in driven.values()), 1),
        waiting=waiting,
        lateness=sum((course.late for course in courses), NOTHING),
        first=courses[0].start if courses else None,
        last=free_from,
    )


def _worked_between(start: datetime, end: datetime, hours: Iterable[Interval]) -> timedelta:
    """How much of the hours lies between two moments; a pause that is in no hours is nobody's."""
    parts = (min(end, until) - max(start, since) for since, until in hours)
    return sum((part for part in parts if part > NOTHING), NOTHING)
