"""The days before and after, in figures: what a plan is worth to who looks at it. Pure."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from callout.planning.fit.driving import day_way
from callout.planning.fit.person import Person, Stop
from callout.routing.drives import Drives, Way
from callout.routing.loading import Work
from callout.routing.settling import Slot
from callout.travel.estimate import Place


@dataclass(frozen=True, slots=True)
class Figures:
    """Of all that is on the days of the people chosen."""

    served: int
    urgent_served: int
    targets_missed: int
    lateness_minutes: int
    driving_minutes: int
    kilometres: float


@dataclass(frozen=True, slots=True)
class Ways:
    """How far somebody drives on a day: all of it, or, of a day under way, what is still to come
    from where they are (`origins`)."""

    drives: Drives
    origins: Mapping[tuple[UUID, date], Place]

    def of(self, person: Person, days: Iterable[date]) -> Way:
        """On these days together."""
        return sum((self.drives.way(self._places(person, day)) for day in days), Way())

    def _places(self, person: Person, day: date) -> list[Place]:
        origin = self.origins.get((person.id, day))
        if origin is None:
            return day_way(person, day)
        to_come = (one for one in person.stops if one.day == day and not one.under_way)
        home = [person.base] if person.base else []
        return [origin, *(one.place for one in to_come if one.place), *home]


Gone = Collection[tuple[UUID, date]]  # who is not there any more, and on which day


def served(people: Iterable[Person], days: Iterable[date], gone: Gone) -> dict[str, Stop]:
    """By key what is on these days. What is under way counts; what somebody has who is not there
    any more does not."""
    chosen = set(days)
    return {
        str(stop.visit_id): stop
        for person in people
        for stop in person.stops
        if stop.day in chosen and (stop.under_way or (person.id, stop.day) not in gone)
    }


def figures(
    people: Iterable[Person],
    works: Mapping[str, Work],
    days: Sequence[date],
    ways: Ways,
    stops: Mapping[str, Stop],
    alike: Collection[str],
) -> Figures:
    """`stops` are those served. Lateness (after what was promised) and targets missed are those of
    `alike`, which are served before and after: else a plan that serves more would seem later."""
    way = sum((ways.of(who, days) for who in people), Way())
    known = [(works[key], stops[key].start) for key in alike if key in works]
    return Figures(
        served=len(stops),
        urgent_served=sum(key in works and works[key].urgent for key in stops),
        targets_missed=sum(_after(start, one.target) > 0 for one, start in known),
        lateness_minutes=sum(_after(start, one.job.promise_to) for one, start in known),
        driving_minutes=way.minutes,
        kilometres=round(way.metres / 1000, 1),
    )


def _after(start: datetime, end: datetime | None) -> int:
    """How many minutes too late, begun ones counted."""
    late = (start - end).total_seconds() if end is not None else 0
    return max(0, math.ceil(late / 60))


def compared(
    before: Mapping[UUID, Person],
    after: Mapping[UUID, Person],
    works: Mapping[str, Work],
    moves: Mapping[str, Slot],
    days: tuple[date, ...],
    ways: Ways,
    gone: Gone,
) -> dict[str, Any]:
    """As the draft keeps it: figures, routes, and for whom what changes."""
    changes: Counter[str] = Counter()
    moved = 0
    for key, slot in moves.items():
        visit = works[key].visit
        changes.update({str(slot.technician_id), *([str(visit.technician_id)] if visit else [])})
        moved += visit is not None and visit.start != slot.start
    now, then = (served(people.values(), days, gone) for people in (before, after))
    alike = now.keys() & then.keys()
    return {
        "before": asdict(figures(before.values(), works, days, ways, now, alike)),
        "after": asdict(figures(after.values(), works, days, ways, then, alike)),
        "changes": dict(changes),
        "customers_moved": moved,
        "helped": sum(work.helped for work in works.values()),
        "is_estimate": ways.drives.is_estimate,
        "routes": {"before": _routes(before, days), "after": _routes(after, days)},
    }


def minutes(
    before: Mapping[UUID, Person], after: Mapping[UUID, Person], days: Iterable[date], ways: Ways
) -> dict[str, list[int]]:
    """Of everybody whose days change the minutes of driving, before and after."""
    chosen = tuple(days)
    return {
        str(one.id): [ways.of(who, chosen).minutes for who in (one, after[one.id])]
        for one in before.values()
        if one.stops != after[one.id].stops
    }


def _routes(people: Mapping[UUID, Person], days: Iterable[date]) -> list[dict[str, Any]]:
    return [
        {
            "technician_id": str(one.id),
            "day": day.isoformat(),
            "stops": [
                {
                    "order_id": str(stop.order_id),
                    "start": stop.start.isoformat(),
                    "end": stop.end.isoformat(),
                }
                for stop in stops
            ],
        }
        for one in people.values()
        for day in days
        if (stops := [stop for stop in one.stops if stop.day == day])
    ]
