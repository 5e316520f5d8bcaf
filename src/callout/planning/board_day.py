"""A technician's day on the board: its visits as the database has them, and what becomes of them.

Dispatchers read the same days again after each change of one of them. So what a day says is kept,
by all that it is told from: the values of its rows, where the technician starts, how one drives. A
row that differs in anything is another key; nothing is ever taken out by hand.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from callout.orders.models import Assignment
from callout.orders.models.order import target_left
from callout.orders.selectors.late import promise_left
from callout.planning.board_rows import BoardVisit, Read, site_of, visits_of
from callout.planning.fit.course import LONG_AGO, Course, courses_of, steady_until
from callout.travel.areas import Paces, place_at
from callout.travel.book import Book
from callout.travel.estimate import Place, travel_leg

# Four weeks of 60 technicians: who goes to and fro between three finds each of them kept. With its
# JSON a day takes some 12 kB.
DAYS = 4 * 7 * 60

Base = tuple[float | None, float | None, str]  # latitude, longitude, postcode


@dataclass(frozen=True, slots=True)
class Bar:
    """One visit in one technician's row, and its course. A helper's bar is the same visit in the
    helper's row."""

    visit: BoardVisit
    course: Course

    @property
    def is_helper(self) -> bool:
        """Whether the technician of this row only goes along."""
        return self.visit.role == Assignment.HELPER

    @property
    def overlaps_on_purpose(self) -> bool:
        """Whether somebody has allowed it. What was only recorded afterwards was no plan."""
        return self.visit.allow_overlap and not self.visit.entered_afterwards

    @property
    def promise_broken(self) -> bool:
        """Whether the slot of what is still open begins outside what was promised."""
        one = self.visit
        return one.is_open and promise_left(one.promise_from, one.promise_to, one.start)

    @property
    def target_at(self) -> datetime | None:
        """The order's response target that is still to be met."""
        return target_left(self.visit.due_at, self.visit.answered_at)

    @property
    def target_late(self) -> bool:
        """Whether the slot begins after the response target."""
        return self.target_at is not None and self.visit.start > self.target_at


@dataclass(frozen=True, slots=True, eq=False)
class DayBars:
    """The visits of a day in order of their slots. `is_kept`: as long as nothing about it changes,
    it is this very object again, so that others may keep by it what they say of it."""

    bars: tuple[Bar, ...]
    orders: frozenset[UUID]
    is_kept: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """A day as its rows and the roads tell it; after `until` its courses are by the clock."""

    visits: tuple[BoardVisit, ...]
    places: tuple[Place | None, ...]
    base: Place | None
    day: DayBars
    until: datetime


def day_bars(
    rows: tuple[Read, ...], base: Base, *, now: datetime, paces: Paces, book: Book | None
) -> DayBars:
    """The day of these rows, of one technician. Drives are those of the book, if there
    is one, which is open."""
    if book is not None:
        # What it knows comes and goes: nothing is kept of that.
        visits, home = visits_of(rows), place_at(*base)
        return _by_the_clock(visits, _places(visits, place_at), home, now)
    known = _known(rows, base, paces)
    if now <= known.until:
        return known.day
    return _by_the_clock(known.visits, known.places, known.base, now)


def ways_of(rows: Sequence[Read], base: Base) -> list[Place | None]:
    """From the base to each of the visits: for the book."""
    return [place_at(*base), *(place_at(*site_of(site)[1:]) for _own, _customer, site in rows)]


@lru_cache(maxsize=DAYS)
def _known(rows: tuple[Read, ...], base: Base, paces: Paces) -> _Known:
    visits, home = visits_of(rows), paces.place(*base)
    places = _places(visits, paces.place)
    courses = courses_of(visits, places, base=home, now=LONG_AGO, travel=travel_leg)
    return _Known(
        visits, places, home, _bars(visits, courses, is_kept=True), steady_until(visits, courses)
    )


def _by_the_clock(
    visits: tuple[BoardVisit, ...],
    places: tuple[Place | None, ...],
    base: Place | None,
    now: datetime,
) -> DayBars:
    courses = courses_of(visits, places, base=base, now=now, travel=travel_leg)
    return _bars(visits, courses, is_kept=False)


def _bars(visits: tuple[BoardVisit, ...], courses: Sequence[Course], *, is_kept: bool) -> DayBars:
    orders = frozenset([one.order_id for one in visits])
    return DayBars(tuple(map(Bar, visits, courses)), orders, is_kept)


def _places(
    visits: Sequence[BoardVisit], place: Callable[[float | None, float | None, str], Place | None]
) -> tuple[Place | None, ...]:
    return tuple([place(one.latitude, one.longitude, one.postcode) for one in visits])
