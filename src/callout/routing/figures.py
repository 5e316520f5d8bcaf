"""The days before and after, in figures: what a plan is worth to who looks at it. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

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
    lateness_minutes: int
    driving_minutes: int
    kilometres: float


def figures(
    people: Iterable[Person],
    works: Mapping[str, Work],
    days: Iterable[date],
    found: Drives,
    *,
    out: frozenset[UUID],
) -> Figures:
    """What is under way counts; what somebody has who is not there any more does not."""
    chosen = set(days)
    served: dict[UUID | None, Stop] = {}
    way = Way()
    for person in people:
        stops = [stop for stop in person.stops if stop.day in chosen]
        if person.id in out:
            stops = [stop for stop in stops if stop.under_way]
        served |= {stop.visit_id: stop for stop in stops}
        way += sum((driven(person, day, found) for day in chosen), Way())
    by_id = {str(visit_id): stop for visit_id, stop in served.items()}
    late = [
        max(0, int((stop.start - target).total_seconds() // 60))
        for key, stop in by_id.items()
        if key in works and (target := works[key].target) is not None
    ]
    return Figures(
        served=len(by_id),
        urgent_served=sum(key in works and works[key].urgent for key in by_id),
        lateness_minutes=sum(late),
        driving_minutes=way.minutes,
        kilometres=round(way.metres / 1000, 1),
    )


def driven(person: Person, day: date, found: Drives) -> Way:
    """From home to each stop in turn, and home again; what has no position is left out."""
    places: list[Place] = [one.place for one in person.stops if one.day == day and one.place]
    if not places:
        return Way()
    return found.way([person.base, *places, person.base] if person.base else places)


def compared(
    before: Mapping[UUID, Person],
    after: Mapping[UUID, Person],
    works: Mapping[str, Work],
    moves: Mapping[str, Slot],
    days: tuple[date, ...],
    found: Drives,
    *,
    out: frozenset[UUID],
) -> dict[str, Any]:
    """As the draft keeps it: figures, routes, and for whom what changes."""
    changes: Counter[str] = Counter()
    moved = 0
    for key, slot in moves.items():
        visit = works[key].visit
        changes.update({str(slot.technician_id), *([str(visit.technician_id)] if visit else [])})
        moved += visit is not None and visit.start != slot.start
    return {
        "before": asdict(figures(before.values(), works, days, found, out=out)),
        "after": asdict(figures(after.values(), works, days, found, out=out)),
        "changes": dict(changes),
        "customers_moved": moved,
        "is_estimate": found.is_estimate,
        "routes": {"before": _routes(before, days), "after": _routes(after, days)},
    }


def minutes(
    before: Mapping[UUID, Person], after: Mapping[UUID, Person], days: Iterable[date], found: Drives
) -> dict[str, list[int]]:
    """Of everybody whose days change the minutes of driving, before and after."""
    chosen = tuple(days)
    return {
        str(one.id): [
            sum(driven(who, day, found).minutes for day in chosen) for who in (one, after[one.id])
        ]
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
