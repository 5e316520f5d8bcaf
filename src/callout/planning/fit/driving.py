"""How long somebody drives on a day: from home to each stop in turn, and home again. Pure."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from callout.planning.fit.person import Person
from callout.planning.fit.reach import drive
from callout.travel.estimate import Place


def driving(person: Person, days: Iterable[date]) -> int:
    """Minutes on these days; what has no position is left out."""
    return sum(_of_day(person, day) for day in set(days))


def day_way(person: Person, day: date) -> list[Place]:
    """From home to each stop in turn, and home again; what has no position is left out, and without
    a home base the day begins at the first stop."""
    places: list[Place] = [one.place for one in person.stops if one.day == day and one.place]
    return [person.base, *places, person.base] if places and person.base else places


def _of_day(person: Person, day: date) -> int:
    legs = pairwise(day_way(person, day))
    return sum(int(drive(*leg).total_seconds() // 60) for leg in legs)
