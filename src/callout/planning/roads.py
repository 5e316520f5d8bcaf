"""Which drives the rules may ask for, read at once where a routing server is set (travel/book.py).

So planning judges by the minutes that the map and the optimiser know, wherever they were asked for.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from callout.planning.fit.person import Person
from callout.travel.book import Book, Way, all_ways, there_and_back
from callout.travel.estimate import Place
from callout.travel.table import travel_table

MOST = 1_500  # places between which all drives are asked for
PATIENCE = 30.0  # seconds, in a job


def roads_learn(
    book: Book | None,
    people: Iterable[Person],
    places: Iterable[Place | None],
    *,
    moving: bool = False,
) -> None:
    """The drives of these people's days, and to and from the places; with `moving` visits also
    those between any two stops of a day."""
    if book is not None:
        book.learn(_ways(people, set(places) - {None}, moving))


def roads_ask(book: Book | None, people: Iterable[Person], places: Iterable[Place | None]) -> None:
    """All drives between all of them, in a job: the server is asked for what is not kept. Of very
    many, what is kept of these people's days."""
    if book is None:
        return
    people = list(people)
    every = {place for one in people for place in _spots(one)} | set(places)
    found = [place for place in every if place is not None]
    if len(found) > MOST:
        roads_learn(book, people, ())
        return
    table = travel_table(found, seconds=PATIENCE)
    rows = {place: row for row, place in enumerate(found)}
    book.take(rows, table.seconds, table.metres, is_estimate=table.is_estimate)


def _ways(people: Iterable[Person], places: set[Place | None], moving: bool) -> Iterator[Way]:
    for person in people:
        days: dict[date, list[Place | None]] = defaultdict(list)
        for stop in person.stops:
            days[stop.day].append(stop.place)
        for stops in days.values():
            way = [person.base, *stops, person.base]
            yield way
            if moving:
                yield from all_ways([*way, *places])
        spots = _spots(person)
        if person.idle:
            yield from ((person.idle.place, spot) for spot in spots)
        for place in places:
            yield from there_and_back(place, spots)


def _spots(person: Person) -> set[Place | None]:
    here = person.idle.place if person.idle else None
    return {person.base, here, *(stop.place for stop in person.stops)}
